package ecs

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

// taskFrom is a task of a definition that is nowhere yet.
func taskFrom(k cluster, d *world.TaskDefinition) *world.Task {
	t := &world.Task{Cluster: k.Name, Definition: definition.Name(d)}
	t.CPU, t.Memory = definition.Reservation(d)
	for _, c := range d.Containers {
		t.Containers = append(t.Containers, world.TaskContainer{Name: c.Name, Image: c.Image, CPU: c.CPU, Memory: c.Memory, Reservation: c.Reservation})
	}
	return t
}

// draft is the next task of a service's newest deployment.
func (k cluster) draft(s *world.Service) *world.Task {
	dep := s.Deployments[0]
	d, _ := k.r.ECS.Definitions.Get(dep.Definition)
	t := taskFrom(k, d)
	t.Group, t.StartedBy, t.Service, t.Deployment, t.Daemon, t.LaunchType = "service:"+s.Name, dep.ID, s.Name, dep.ID, s.Daemon, dep.LaunchType
	t.Provider = k.providerFor(dep.Strategy, filter(k.tasks(s), func(o *world.Task) bool { return o.Deployment == dep.ID && o.Desired == running }))
	switch s.Propagate {
	case string(types.PropagateTagsService):
		t.Tags = s.Tags
	case string(types.PropagateTagsTaskDefinition):
		t.Tags = d.Tags
	}
	if s.ManagedTags {
		t.Tags = t.Tags.Set(world.Tag{Key: "aws:ecs:clusterName", Value: k.Name}, world.Tag{Key: "aws:ecs:serviceName", Value: s.Name})
	}
	return t
}

// providerFor gives the capacity provider of the next task by a strategy: first the base is filled, then each provider
// gets its weight's share (ECS API reference, CapacityProviderStrategyItem). Without a strategy there is none.
func (k cluster) providerFor(strategy []world.StrategyItem, have []*world.Task) string {
	counts := map[string]int{}
	for _, t := range have {
		counts[t.Provider]++
	}
	best := -1
	for n, item := range strategy {
		if counts[item.Provider] < item.Base {
			return item.Provider
		}
		if item.Weight == 0 {
			continue
		}
		if best < 0 || cmp.Less(k.share(item, counts), k.share(strategy[best], counts)) {
			best = n
		}
	}
	if best < 0 {
		return ""
	}
	return strategy[best].Provider
}

// share is how far a provider would be with its part of the tasks above the base, if it got the next one.
func (k cluster) share(item world.StrategyItem, counts map[string]int) float64 {
	return float64(counts[item.Provider]-item.Base+1) / float64(item.Weight)
}

// readCapacity reads where tasks of a call go: a launch type, a strategy, or the cluster's default.
func readCapacity(k cluster, launch types.LaunchType, in []types.CapacityProviderStrategyItem) (string, []world.StrategyItem, error) {
	if launch != "" && len(in) > 0 {
		return "", nil, invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.")
	}
	if launch == types.LaunchTypeEc2 {
		return string(launch), nil, nil
	}
	if launch != "" {
		return "", nil, unsupported("The launch type " + string(launch))
	}
	strategy, err := readStrategy(k.r, k.Providers, in)
	if err != nil {
		return "", nil, err
	}
	if len(in) == 0 {
		strategy = k.Strategy
	}
	if len(strategy) == 0 {
		return string(types.LaunchTypeEc2), nil, nil
	}
	weights := 0
	for _, item := range strategy {
		if weights += item.Weight; fargate(item.Provider) {
			return "", nil, unsupported("The capacity provider " + item.Provider)
		}
	}
	if weights == 0 {
		return "", nil, invalid("The capacity provider strategy must contain at least one capacity provider with a weight greater than 0.")
	}
	return "", strategy, nil
}

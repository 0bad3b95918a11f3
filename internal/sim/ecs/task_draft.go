package ecs

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

// taskFrom is a task of a definition that is nowhere yet.
func taskFrom(k cluster, d *world.TaskDefinition) *world.Task {
	t := &world.Task{Cluster: k.Name, Definition: definition.Name(d)}
	t.CPU, t.Memory = definition.Reservation(d)
	for _, c := range d.Containers {
		t.Containers = append(t.Containers, world.TaskContainer{Name: c.Name, Image: c.Image, CPU: c.CPU, Memory: c.Memory, Reservation: c.Reservation, Status: pending})
	}
	return t
}

// draft is the next task of a service's newest deployment.
func (k cluster) draft(s *world.Service) *world.Task {
	dep := s.Deployments[0]
	d, _ := k.r.ECS.Definitions.Get(dep.Definition)
	t := taskFrom(k, d)
	t.Group, t.StartedBy, t.Service, t.Deployment, t.Daemon, t.LaunchType = groupOf(s), dep.ID, s.Name, dep.ID, s.Daemon, dep.LaunchType
	t.Network, t.Balancers = s.Network, s.Balancers
	if len(dep.Strategy) > 0 {
		t.Provider = capacity.Next(dep.Strategy, filter(k.tasks(s), func(o *world.Task) bool { return o.Deployment == dep.ID && o.Desired == running }))
	}
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

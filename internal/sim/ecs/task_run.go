package ecs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/override"
	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/rule"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostRun is how many tasks one call runs.
const mostRun = 10

// RunTask runs tasks that no service keeps. Those of a launch type that no instance has room for are failures; those of a
// capacity provider wait.
func RunTask(c *world.Call, in *ecs.RunTaskInput) (*ecs.RunTaskOutput, error) {
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	k := cluster{row, c.World, c.Region}
	token, digest := aws.ToString(in.ClientToken), digestOf(in)
	if len(token) > 64 {
		return nil, invalid("clientToken cannot be longer than 64 characters.")
	}
	if old, ok := c.Region.ECS.Tokens.Get(token); ok && token != "" && c.Now().Sub(old.At) < 24*time.Hour {
		if old.Digest != digest {
			return nil, wire.Errorf("ConflictException", "The request with the client token %s was already made with different parameters.", token)
		}
		return k.again(old), nil
	}
	t, strategy, err := k.readRun(c, in)
	if err != nil {
		return nil, err
	}
	count := int(cmp.Or(aws.ToInt32(in.Count), 1))
	if len(strategy) > 0 && len(k.Waiting)+count > mostWaiting {
		return nil, wire.Errorf("LimitExceededException", "The tasks provisioning capacity limit was exceeded.")
	}
	if len(strategy) == 0 && !k.hasActive() {
		return nil, invalid("No Container Instances were found in your cluster.")
	}
	out := k.run(t, strategy, count)
	if token != "" {
		var ids []string
		for _, v := range out.Tasks {
			ids = append(ids, nameOf(*v.TaskArn))
		}
		c.Region.ECS.Tokens.Put(token, &world.Token{Digest: digest, ID: strings.Join(ids, " "), At: c.Now()})
	}
	return out, nil
}

// hasActive tells whether there is an instance that could take tasks at all.
func (k cluster) hasActive() bool {
	for i := range k.Instances.Rows() {
		if i.Status == active {
			return true
		}
	}
	return false
}

// again is the answer to a call that was made before: the tasks that it ran, as they are now.
func (k cluster) again(old *world.Token) *ecs.RunTaskOutput {
	out := &ecs.RunTaskOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	for id := range strings.FieldsSeq(old.ID) {
		if t, ok := k.Tasks.Get(id); ok {
			out.Tasks = append(out.Tasks, viewTask(k, t, true))
		}
	}
	return out
}

// run admits a number of equal tasks.
func (k cluster) run(like *world.Task, strategy []world.StrategyItem, count int) *ecs.RunTaskOutput {
	out := &ecs.RunTaskOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	var made []*world.Task
	var search *placement.Search
	for range count {
		t := *like
		t.Containers = slices.Clone(like.Containers)
		var i *world.ContainerInstance
		if t.Provider = capacity.Next(strategy, made); t.Provider == "" {
			if search == nil {
				search = k.search(&t)
			}
			if i = search.Choose(); i == nil {
				out.Failures = viewMisfits(search.Misfits())
				break
			}
		}
		k.admit(&t, i)
		if i != nil {
			search.Placed(i)
		}
		made = append(made, &t)
		out.Tasks = append(out.Tasks, viewTask(k, &t, true))
	}
	return out
}

// viewMisfits says of each instance why it does not take a task.
func viewMisfits(misfits []placement.Misfit) []types.Failure {
	out := []types.Failure{}
	for _, m := range misfits {
		out = append(out, failure(m.Instance.ARN, m.Why))
	}
	return out
}

// readRun reads what a call wants to run, and where.
func (k cluster) readRun(c *world.Call, in *ecs.RunTaskInput) (*world.Task, []world.StrategyItem, error) {
	d, err := definition.Usable(c, in.TaskDefinition)
	if err != nil {
		return nil, nil, err
	}
	if err := refuseRun(in); err != nil {
		return nil, nil, err
	}
	t := taskFrom(k, d)
	t.Group, t.StartedBy = cmp.Or(aws.ToString(in.Group), "family:"+d.Family), aws.ToString(in.StartedBy)
	var strategy []world.StrategyItem
	if t.LaunchType, strategy, err = capacity.Read(k.r, k.Cluster, in.LaunchType, in.CapacityProviderStrategy); err != nil {
		return nil, nil, err
	}
	if t.Constraints, err = rule.ReadConstraints(in.PlacementConstraints, d); err != nil {
		return nil, nil, err
	}
	if t.Placement, err = rule.ReadStrategy(in.PlacementStrategy); err != nil {
		return nil, nil, err
	}
	if t.Network, err = eni.Read(k.r, d, in.NetworkConfiguration); err != nil {
		return nil, nil, err
	}
	if err := override.Set(t, d, in.Overrides); err != nil {
		return nil, nil, err
	}
	if t.Tags, err = listing.ReadTags(in.Tags); err != nil {
		return nil, nil, err
	}
	switch in.PropagateTags {
	case "", types.PropagateTagsNone:
	case types.PropagateTagsTaskDefinition:
		t.Tags = d.Tags.Set(t.Tags...)
	default:
		return nil, nil, invalid("Invalid propagateTags value %s. Valid values are: TASK_DEFINITION, NONE.", in.PropagateTags)
	}
	if in.EnableECSManagedTags {
		t.Tags = t.Tags.Set(world.Tag{Key: "aws:ecs:clusterName", Value: k.Name})
	}
	return t, strategy, nil
}

// refuseRun refuses what a call to run tasks must not or cannot have.
func refuseRun(in *ecs.RunTaskInput) error {
	switch n := in.Count; {
	case n != nil && (*n < 1 || *n > mostRun):
		return invalid("Count must be between 1 and %d.", mostRun)
	case len(aws.ToString(in.StartedBy)) > 128:
		return invalid("startedBy cannot be longer than 128 characters.")
	case strings.HasPrefix(aws.ToString(in.Group), "service:") || strings.HasPrefix(aws.ToString(in.Group), "family:"):
		return invalid("The group %s has a reserved prefix.", *in.Group)
	case len(in.VolumeConfigurations) > 0:
		return unsupported("A volume configuration")
	case in.EnableExecuteCommand:
		return unsupported("ECS Exec")
	case aws.ToString(in.PlatformVersion) != "":
		return invalid("The platform version must be null when specifying an EC2 launch type.")
	}
	return nil
}

package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

// StartTask runs one task on each of the instances that the call names; those that do not take one are failures.
func StartTask(c *world.Call, in *ecs.StartTaskInput) (*ecs.StartTaskOutput, error) {
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.ContainerInstances); {
	case n == 0:
		return nil, missing("Container instances")
	case n > mostRun:
		return nil, invalid("instanceIds can have at most %d items.", mostRun)
	case len(in.VolumeConfigurations) > 0:
		return nil, unsupported("A volume configuration")
	}
	k := cluster{row, c.World, c.Region}
	like, _, err := k.readRun(c, &ecs.RunTaskInput{
		TaskDefinition: in.TaskDefinition, EnableECSManagedTags: in.EnableECSManagedTags, EnableExecuteCommand: in.EnableExecuteCommand,
		Group: in.Group, LaunchType: types.LaunchTypeEc2, NetworkConfiguration: in.NetworkConfiguration, Overrides: in.Overrides,
		PropagateTags: in.PropagateTags, ReferenceId: in.ReferenceId, StartedBy: in.StartedBy, Tags: in.Tags,
	})
	if err != nil {
		return nil, err
	}
	out := &ecs.StartTaskOutput{Tasks: []types.Task{}, Failures: []types.Failure{}}
	for _, id := range in.ContainerInstances {
		i, ok := instanceOf(row, id)
		switch {
		case !ok:
			out.Failures = append(out.Failures, failure(instanceARN(c.Region, row, nameOf(id)), "MISSING"))
		case i.Status == inactive:
			out.Failures = append(out.Failures, failure(i.ARN, inactive))
		default:
			k.startOn(i, like, out)
		}
	}
	return out, nil
}

// startOn starts a task like another one on an instance, unless something keeps it away.
func (k cluster) startOn(i *world.ContainerInstance, like *world.Task, out *ecs.StartTaskOutput) {
	t := *like
	t.Containers = slices.Clone(like.Containers)
	if why := placement.Lacks(k.site(), k.needOf(&t), i); why != "" {
		out.Failures = append(out.Failures, failure(i.ARN, why))
		return
	}
	k.admit(&t, i)
	out.Tasks = append(out.Tasks, viewTask(k, &t, true))
}

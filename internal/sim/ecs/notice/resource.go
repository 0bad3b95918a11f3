package notice

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

const source = "aws.ecs"

// Task says that a task has changed; view is what DescribeTasks would answer now, its version included.
func Task(w *world.World, r *world.Region, t *world.Task, view func() types.Task) {
	w.Emit(r, world.Notice{Source: source, DetailType: "ECS Task State Change", Resources: []string{t.ARN}}, func() any {
		d := detail(view())
		delete(d, "tags")
		d["updatedAt"] = stamp(w.Now())
		return d
	})
}

// Instance says that a container instance has changed: its resources, its state, its agent; view is what
// DescribeContainerInstances would answer now.
func Instance(w *world.World, r *world.Region, i *world.ContainerInstance, view func() types.ContainerInstance) {
	w.Emit(r, world.Notice{Source: source, DetailType: "ECS Container Instance State Change", Resources: []string{i.ARN}}, func() any {
		v := view()
		d := detail(v)
		delete(d, "tags")
		d["registeredResources"], d["remainingResources"] = resources(v.RegisteredResources), resources(v.RemainingResources)
		d["clusterArn"], d["updatedAt"] = clusterARN(r, i.Cluster), stamp(w.Now())
		return d
	})
}

// resources are the resources of an instance, each with the one value that its type has.
func resources(all []types.Resource) []any {
	out := []any{}
	for _, one := range all {
		row := map[string]any{"name": aws.ToString(one.Name), "type": aws.ToString(one.Type)}
		if aws.ToString(one.Type) == "STRINGSET" {
			row["stringSetValue"] = slices.Concat([]string{}, one.StringSetValue)
		} else {
			row["integerValue"] = one.IntegerValue
		}
		out = append(out, row)
	}
	return out
}

func clusterARN(r *world.Region, name string) string {
	return "arn:aws:ecs:" + r.Name + ":" + world.Account + ":cluster/" + name
}

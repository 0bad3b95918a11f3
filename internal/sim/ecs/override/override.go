// Package override is what a call changes of a task definition for the tasks that it runs.
//
// In go a task, its definition and the call's overrides; out come the task with them, and how descriptions show them. It must
// never change a definition.
package override

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Set sets what a call changes of a definition for the tasks that it runs.
func Set(t *world.Task, d *world.TaskDefinition, in *types.TaskOverride) error {
	if in == nil {
		return nil
	}
	if in.EphemeralStorage != nil || len(in.InferenceAcceleratorOverrides) > 0 { //nolint:staticcheck // deprecated, and not to be ignored
		return unsupported("An override of storage or accelerators")
	}
	like := *d
	like.Containers = slices.Clone(d.Containers)
	for _, o := range in.ContainerOverrides {
		n := slices.IndexFunc(like.Containers, func(c world.ContainerSpec) bool { return c.Name == aws.ToString(o.Name) })
		switch {
		case n < 0:
			return invalid("Override for container named %s is not a container in the TaskDefinition.", aws.ToString(o.Name))
		case len(o.ResourceRequirements) > 0:
			return unsupported("A resource requirement")
		}
		c := &like.Containers[n]
		c.CPU = int(cmp.Or(aws.ToInt32(o.Cpu), int32(c.CPU)))
		c.Memory = int(cmp.Or(aws.ToInt32(o.Memory), int32(c.Memory)))
		c.Reservation = int(cmp.Or(aws.ToInt32(o.MemoryReservation), int32(c.Reservation)))
		t.Containers[n].CPU, t.Containers[n].Memory, t.Containers[n].Reservation = c.CPU, c.Memory, c.Reservation
	}
	for _, a := range []struct {
		name, unit string
		value      *string
		to         *int
	}{{"cpu", "vcpu", in.Cpu, &like.CPU}, {"memory", "gb", in.Memory, &like.Memory}} {
		n, err := definition.ReadAmount(a.name, a.value, 1024, a.unit)
		if err != nil {
			return err
		}
		*a.to = cmp.Or(n, *a.to)
	}
	t.CPU, t.Memory = definition.Reservation(&like)
	if t.CPU < 0 || t.Memory < definition.LeastMemory {
		return client("Invalid override of cpu or memory.")
	}
	text, err := json.Marshal(in)
	t.Overrides = string(text)
	return err
}

// View shows a task's overrides; one is listed for every container, if only by name.
func View(t *world.Task) *types.TaskOverride {
	v := &types.TaskOverride{InferenceAcceleratorOverrides: []types.InferenceAcceleratorOverride{}} //nolint:staticcheck // AWS still answers it
	if t.Overrides != "" {
		if err := json.Unmarshal([]byte(t.Overrides), v); err != nil {
			panic("ecs: overrides that were accepted cannot be read: " + err.Error()) // Set wrote them
		}
	}
	given := v.ContainerOverrides
	v.ContainerOverrides = []types.ContainerOverride{}
	for _, c := range t.Containers {
		one := types.ContainerOverride{Name: aws.String(c.Name)}
		for _, o := range given {
			if aws.ToString(o.Name) == c.Name {
				one = o
			}
		}
		v.ContainerOverrides = append(v.ContainerOverrides, one)
	}
	return v
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

func client(format string, a ...any) error { return wire.Errorf("ClientException", format, a...) }

func unsupported(what string) error {
	return wire.Errorf("UnsupportedFeatureException", "%s is not available in this Region.", what)
}

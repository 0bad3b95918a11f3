package agent

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// kernelReserve is the memory in MiB that the kernel keeps of an instance's, so that the agent never sees it: what is left
// of 4 GiB is about 3,880.
func kernelReserve(mib int) int { return 64 + mib*36/1000 }

// Resources are what an instance offers to tasks (ECS developer guide, "Container instance memory management").
func Resources(i *world.Instance, t ec2.InstanceType, conf Config) []world.ECSResource {
	memory := max(t.MemoryMiB-kernelReserve(t.MemoryMiB)-conf.reservedMemory, 0)
	out := []world.ECSResource{
		{Name: "CPU", Type: "INTEGER", Integer: 1024 * t.VCPUs},
		{Name: "MEMORY", Type: "INTEGER", Integer: memory},
		{Name: "PORTS", Type: "STRINGSET", Set: conf.ports},
		{Name: "PORTS_UDP", Type: "STRINGSET", Set: conf.portsUDP},
	}
	if n := t.GPUs(); n > 0 && conf.gpu {
		var ids []string
		for k := range n {
			ids = append(ids, "GPU-"+i.ID[len(i.ID)-12:]+"-"+strconv.Itoa(k))
		}
		out = append(out, world.ECSResource{Name: "GPU", Type: "STRINGSET", Set: ids})
	}
	return out
}

// ViewResources shows resources as descriptions have them.
func ViewResources(all []world.ECSResource) []types.Resource {
	out := []types.Resource{}
	for _, r := range all {
		v := types.Resource{Name: aws.String(r.Name), Type: aws.String(r.Type), IntegerValue: int32(r.Integer)}
		if r.Type == "STRINGSET" {
			v.StringSetValue = append([]string{}, r.Set...)
		}
		out = append(out, v)
	}
	return out
}

// Copied is a copy that shares nothing with the original.
func Copied(all []world.ECSResource) []world.ECSResource {
	out := slices.Clone(all)
	for i := range out {
		out[i].Set = slices.Clone(out[i].Set)
	}
	return out
}

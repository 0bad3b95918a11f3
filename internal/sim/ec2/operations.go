package ec2

import (
	"maps"
	"reflect"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is EC2's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	all := network.Operations()
	maps.Copy(all, computeOperations())
	all["CreateTags"], all["DeleteTags"], all["DescribeTags"] = wire.Op(CreateTags), wire.Op(DeleteTags), wire.Op(DescribeTags)
	for name, o := range all { // unordered: each entry is replaced by itself with a check in front
		all[name] = withDryRun(o)
	}
	return all
}

// withDryRun answers a call that asks for a dry run as EC2 does: it would have succeeded.
func withDryRun(o wire.Operation[*world.Call]) wire.Operation[*world.Call] {
	f, ok := o.In.FieldByName("DryRun")
	if !ok {
		return o
	}
	run := o.Run
	o.Run = func(c *world.Call, in any) (any, error) {
		if dry, ok := reflect.TypeAssert[*bool](reflect.ValueOf(in).Elem().FieldByIndex(f.Index)); ok && dry != nil && *dry {
			return nil, wire.Errorf("DryRunOperation", "Request would have succeeded, but DryRun flag is set.").WithStatus(412)
		}
		return run(c, in)
	}
	return o
}

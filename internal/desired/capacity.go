package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// capacities start the instances once their way out stands.
func (b *builder) capacities() []model.Resource {
	ways := b.waysOut()
	var out []model.Resource
	for _, g := range b.c.Groups {
		out = append(out, model.Capacity{Group: g.Name, Min: g.Min, Desired: g.Desired, Routes: ways})
	}
	return out
}

// waysOut are how instances reach AWS: by the private routes, and the public ones behind which the NAT gateways are, or
// by endpoints alone. Those of an existing VPC stand already.
func (b *builder) waysOut() []model.Key {
	var ways []model.Key
	if b.c.NAT == config.None {
		for _, e := range b.endpoints() {
			ways = append(ways, e.Key())
		}
		return ways
	}
	for _, z := range b.ownZones() {
		ways = append(ways, model.RouteKey(model.Public, z), model.RouteKey(model.Private, z))
	}
	return ways
}

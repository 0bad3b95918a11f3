package desired

import "berth/internal/model"

// capacities start the instances once their way out stands: the private routes, and the public ones behind which the
// NAT gateways are, and the logins that they fetch at their first boot. The routes of an existing VPC stand already.
func (b *builder) capacities() []model.Resource {
	var ways []model.Key
	for _, z := range b.ownZones() {
		ways = append(ways, model.RouteKey(model.Public, z), model.RouteKey(model.Private, z))
	}
	if len(b.bucketLogins()) > 0 {
		ways = append(ways, model.AgentConfigKey())
	}
	var out []model.Resource
	for _, g := range b.c.Groups {
		out = append(out, model.Capacity{Group: g.Name, Min: g.Min, Desired: g.Desired, Routes: ways})
	}
	return out
}

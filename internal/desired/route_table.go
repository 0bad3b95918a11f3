package desired

import "berth/internal/model"

func (b *builder) routeTables() []model.Resource {
	var out []model.Resource
	for _, z := range b.zones() {
		for _, t := range []model.Tier{model.Public, model.Private} {
			out = append(out, model.RouteTable{
				Tier: t, Zone: z, Subnet: model.SubnetKey(t, z), Tags: b.tags(model.RouteTableKey(t, z)),
			})
		}
	}
	return out
}

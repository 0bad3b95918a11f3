package desired

import "berth/internal/model"

func (b *builder) natGateways() []model.Resource {
	var out []model.Resource
	for _, z := range b.natZones() {
		out = append(out, model.NATGateway{
			Zone: z, Subnet: model.SubnetKey(model.Public, z), Address: model.ElasticIPKey(z), Tags: b.tags(model.NATGatewayKey(z)),
		})
	}
	return out
}

package desired

import "berth/internal/model"

func (b *builder) elasticIPs() []model.Resource {
	var out []model.Resource
	for _, z := range b.natZones() {
		out = append(out, model.ElasticIP{Zone: z, Tags: b.tags(model.ElasticIPKey(z))})
	}
	return out
}

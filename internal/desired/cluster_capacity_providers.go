package desired

import "berth/internal/model"

// clusterProviders attach every group's provider; what names no provider runs on the first group.
func (b *builder) clusterProviders() []model.Resource {
	out := model.ClusterProviders{Strategy: []model.StrategyItem{{Provider: model.ProviderKey(b.c.Groups[0].Name), Weight: 1}}}
	for _, g := range b.c.Groups {
		out.Providers = append(out.Providers, model.ProviderKey(g.Name))
	}
	return []model.Resource{out}
}

package desired

import "berth/internal/model"

func (b *builder) clusters() []model.Resource {
	return []model.Resource{model.Cluster{
		Name: b.scope.ClusterName(), Insights: b.c.ContainerInsights, Tags: b.tags(model.ClusterKey()),
	}}
}

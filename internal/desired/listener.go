package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) listeners() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type == config.Application {
			out = append(out, model.Listener{
				Balancer: lb.Key, Port: 80, Protocol: "HTTP", Target: model.TargetGroupKey(lb.Key),
				Tags: b.tags(model.ListenerKey(lb.Key, 80)),
			})
		}
	}
	return out
}

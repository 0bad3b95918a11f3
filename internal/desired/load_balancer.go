package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// scheme is AWS's word for where a load balancer can be reached from.
func scheme(lb config.LoadBalancer) string {
	if lb.Scheme == config.Internal {
		return "internal"
	}
	return "internet-facing"
}

// frontSubnets are where a load balancer stands: an internal one has no business in the public subnets.
func (b *builder) frontSubnets(lb config.LoadBalancer) []model.Key {
	if lb.Scheme == config.Internal {
		return b.subnetKeys(model.Private)
	}
	return b.subnetKeys(model.Public)
}

func (b *builder) loadBalancers() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type != config.Application {
			continue
		}
		out = append(out, model.LoadBalancer{
			Balancer: lb.Key, Name: b.scope.BalancerName(lb.Key), Scheme: scheme(lb), Subnets: b.frontSubnets(lb),
			Groups: []model.Key{model.BalancerGroupKey(lb.Key)},
			Settings: model.NewSettings(
				model.Setting{Name: "deletion_protection.enabled", Value: "true"},
				model.Setting{Name: "idle_timeout.timeout_seconds", Value: "60"},
				model.Setting{Name: "routing.http.desync_mitigation_mode", Value: "defensive"},
				model.Setting{Name: "routing.http.drop_invalid_header_fields.enabled", Value: "true"},
				model.Setting{Name: "routing.http2.enabled", Value: "true"},
			),
			Tags: b.tags(model.LoadBalancerKey(lb.Key)),
		})
	}
	return out
}

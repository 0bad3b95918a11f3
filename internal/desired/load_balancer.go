package desired

import (
	"strconv"
	"strings"

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

// accessLogs is the bucket, and after a slash the prefix if there is one.
func accessLogs(lb config.LoadBalancer) string {
	return strings.TrimSuffix(lb.AccessLogs.Bucket+"/"+lb.AccessLogs.Prefix, "/")
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
				model.Setting{Name: "idle_timeout.timeout_seconds", Value: strconv.Itoa(lb.IdleTimeout)},
				model.Setting{Name: "routing.http.desync_mitigation_mode", Value: "defensive"},
				model.Setting{Name: "routing.http.drop_invalid_header_fields.enabled", Value: "true"},
				model.Setting{Name: "routing.http2.enabled", Value: "true"},
			),
			AccessLogs: accessLogs(lb), Tags: b.tags(model.LoadBalancerKey(lb.Key)),
		})
	}
	return out
}

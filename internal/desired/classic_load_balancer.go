package desired

import (
	"strconv"

	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) classics() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type != config.Classic {
			continue
		}
		out = append(out, model.ClassicLoadBalancer{
			Balancer: lb.Key, Name: b.scope.BalancerName(lb.Key), Scheme: scheme(lb), Subnets: b.frontSubnets(lb),
			Groups: []model.Key{model.BalancerGroupKey(lb.Key)}, Port: 80, InstancePort: lb.InstancePort, Protocol: "HTTP",
			Check:     model.ClassicCheck{Target: "TCP:" + strconv.Itoa(lb.InstancePort), Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 2},
			CrossZone: true, DrainSeconds: 60, IdleSeconds: 60, Tags: b.tags(model.ClassicKey(lb.Key)),
		})
	}
	return out
}

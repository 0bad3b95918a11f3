package desired

import (
	"cmp"
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
			Groups: []model.Key{model.BalancerGroupKey(lb.Key)}, Port: model.PortHTTP, InstancePort: lb.InstancePort, Protocol: "HTTP",
			TLS: classicTLS(lb), Check: classicCheck(lb), CrossZone: true, DrainSeconds: lb.DeregistrationDelay, IdleSeconds: lb.IdleTimeout,
			AccessLogs: accessLogs(lb), Tags: b.tags(model.ClassicKey(lb.Key)),
		})
	}
	return out
}

// classicTLS ends TLS at the load balancer; the instances go on hearing HTTP.
func classicTLS(lb config.LoadBalancer) model.ClassicTLS {
	if !lb.TLS.On() {
		return model.ClassicTLS{}
	}
	return model.ClassicTLS{
		Port: model.PortHTTPS, InstancePort: lb.InstancePort, Protocol: "HTTPS to HTTP", Certificate: lb.TLS.Certificates[0], Policy: lb.TLS.Policy,
	}
}

// classicCheck asks for a path where the file names one; else it is enough that the port is open.
func classicCheck(lb config.LoadBalancer) model.ClassicCheck {
	h := lb.Check
	target := strconv.Itoa(cmp.Or(h.Port, lb.InstancePort))
	if h.Path == "" {
		target = "TCP:" + target
	} else {
		target = "HTTP:" + target + h.Path
	}
	return model.ClassicCheck{Target: target, Interval: h.Interval, Timeout: h.Timeout, Healthy: h.Healthy, Unhealthy: h.Unhealthy}
}

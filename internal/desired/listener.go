package desired

import (
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// listeners open port 80, and with a certificate port 443, to which port 80 then only sends clients.
func (b *builder) listeners() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type != config.Application {
			continue
		}
		plain := b.listener(lb, model.PortHTTP, "HTTP")
		if lb.TLS.Redirect {
			plain.Target, plain.Redirect = model.Key{}, model.ToHTTPS()
		}
		out = append(out, plain)
		if lb.TLS.On() {
			secure := b.listener(lb, model.PortHTTPS, "HTTPS")
			secure.TLS = model.Encryption{
				Certificate: lb.TLS.Certificates[0], Further: slices.Sorted(slices.Values(lb.TLS.Certificates[1:])), Policy: lb.TLS.Policy,
			}
			out = append(out, secure)
		}
	}
	return out
}

func (b *builder) listener(lb config.LoadBalancer, port int, protocol string) model.Listener {
	return model.Listener{
		Balancer: lb.Key, Port: port, Protocol: protocol, Target: model.TargetGroupKey(lb.Key), Tags: b.tags(model.ListenerKey(lb.Key, port)),
	}
}

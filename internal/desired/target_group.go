package desired

import (
	"strconv"

	"berth/internal/config"
	"berth/internal/model"
)

// targetGroups are the default target groups.
func (b *builder) targetGroups() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type != config.Application {
			continue
		}
		out = append(out, model.TargetGroup{
			Balancer: lb.Key, VPC: b.vpcKey(), Name: b.scope.TargetGroupName(lb.Key), Protocol: "HTTP", Port: 80,
			Check: targetCheck(lb.Check),
			Settings: model.NewSettings(
				model.Setting{Name: "deregistration_delay.timeout_seconds", Value: strconv.Itoa(lb.DeregistrationDelay)},
				model.Setting{Name: "load_balancing.algorithm.type", Value: "round_robin"},
				model.Setting{Name: "slow_start.duration_seconds", Value: "0"},
				model.Setting{Name: "stickiness.enabled", Value: "false"},
			),
			Tags: b.tags(model.TargetGroupKey(lb.Key)),
		})
	}
	return out
}

func targetCheck(h config.HealthCheck) model.HealthCheck {
	port := "traffic-port"
	if h.Port != 0 {
		port = strconv.Itoa(h.Port)
	}
	return model.HealthCheck{
		Protocol: "HTTP", Path: h.Path, Port: port, Codes: h.Codes, Interval: h.Interval, Timeout: h.Timeout, Healthy: h.Healthy, Unhealthy: h.Unhealthy,
	}
}

package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// targetGroups are the default target groups. Deregistration takes 30 seconds, not AWS's 300: a task that stops waits
// for it in every deployment.
func (b *builder) targetGroups() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		if lb.Type != config.Application {
			continue
		}
		out = append(out, model.TargetGroup{
			Balancer: lb.Key, VPC: b.vpcKey(), Name: b.scope.TargetGroupName(lb.Key), Protocol: "HTTP", Port: 80,
			Check: model.HealthCheck{
				Protocol: "HTTP", Path: "/", Port: "traffic-port", Codes: "200", Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 2,
			},
			Settings: model.NewSettings(
				model.Setting{Name: "deregistration_delay.timeout_seconds", Value: "30"},
				model.Setting{Name: "load_balancing.algorithm.type", Value: "round_robin"},
				model.Setting{Name: "slow_start.duration_seconds", Value: "0"},
				model.Setting{Name: "stickiness.enabled", Value: "false"},
			),
			Tags: b.tags(model.TargetGroupKey(lb.Key)),
		})
	}
	return out
}

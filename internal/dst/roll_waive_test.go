package dst

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/roll"
)

// waivedModes begin with settings that AWS does not take back.
func waivedModes() []mode {
	return []mode{
		{"01 a setting cannot be put back any more", func(r *rota) {
			r.order.Strategy = roll.Double
			r.once(draining, (*rota).tightens)
			r.loose = true
			r.comes(roll.Incomplete, "service web keeps the availabilityZoneRebalancing that it had during the roll", "a maximumPercent of 100",
				"aws ecs update-service --cluster acc --service web --availability-zone-rebalancing ENABLED")
			r.replaced(3)
			if web, queue := r.service("web").Rebalances, r.service("queue").Rebalances; web || !queue {
				r.t.Errorf("web moves between zones: %v, queue: %v\n%s", web, queue, r.story())
			}
			if got := r.sizes(); got != "3 3 6" {
				r.t.Errorf("the group is %s\n%s", got, r.story())
			}
		}},
		{"01 one of two settings cannot be put back any more", func(r *rota) {
			r.order.Fence = true
			r.once(draining, (*rota).tightens)
			r.loose = true
			r.comes(roll.Incomplete, "service web keeps the availabilityZoneRebalancing that it had during the roll")
			if web := r.service("web"); web.Rebalances || len(web.Constraints) > 0 {
				r.t.Errorf("web: %+v\n%s", web, r.story())
			}
			if queue := r.service("queue"); !queue.Rebalances || len(queue.Constraints) > 0 {
				r.t.Errorf("queue: %+v\n%s", queue, r.story())
			}
		}},
	}
}

// tightens gives a service a maximum with which ECS moves nothing between zones, as somebody else would.
func (r *rota) tightens() {
	r.t.Helper()
	r.adjust("web", func(in *ecs.UpdateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: new(int32(50)), MaximumPercent: new(int32(100))}
	})
}

package dst

import (
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// refreshModes are instance refreshes of EC2 Auto Scaling, before a roll and meanwhile.
func refreshModes() []mode {
	return []mode{
		{"09 an instance refresh is under way already", func(r *rota) {
			r.refreshes()
			r.comes(roll.Refused, "replaces the instances of group default already", "aws autoscaling cancel-instance-refresh --auto-scaling-group-name")
			r.silent()
		}},
		{"09 somebody starts an instance refresh meanwhile", func(r *rota) {
			r.once(draining, func(r *rota) {
				if got := r.suspended(); got != "AZRebalance InstanceRefresh" {
					r.t.Errorf("while instances drain %q is suspended", got)
				}
				r.refreshes()
			})
			over := func(_ roll.Snapshot, d roll.Decision) bool { return d.Memory.Stage == roll.Leaving }
			r.once(over, func(r *rota) {
				if status := r.refreshing(); status != "Pending" {
					r.t.Errorf("when all is replaced the refresh is %s\n%s", status, r.story())
				}
			})
			r.ends(roll.Replaced)
			if status := r.refreshing(); status != "Successful" {
				r.t.Errorf("some time after the roll the refresh is %s\n%s", status, r.story())
			}
			if !r.said("waits until the roll is over") {
				r.t.Errorf("nobody says that a refresh waits\n%s", r.story())
			}
		}},
	}
}

// refreshes starts an instance refresh of the group, as somebody else would.
func (r *rota) refreshes() {
	r.t.Helper()
	in := &autoscaling.StartInstanceRefreshInput{}
	r.Rig.group(func(g *world.ScalingGroup) { in.AutoScalingGroupName = &g.Name })
	_, err := r.client().Groups.StartInstanceRefresh(r.t.Context(), in)
	r.must2(err)
}

// refreshing is how far the latest instance refresh is.
func (r *rota) refreshing() (status string) {
	r.Sim.With(func(w *world.World) {
		for f := range w.Region("eu-west-1").AutoScaling.Refreshes.Rows() {
			status = f.Status
		}
	})
	return status
}

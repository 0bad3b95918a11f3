package dst

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// sizeModes begin with who else changes the group.
func sizeModes() []mode {
	return []mode{
		{"07 somebody wants more instances meanwhile", func(r *rota) {
			r.once(draining, func(r *rota) { r.grows(2) })
			r.comes(roll.Replaced)
			r.Settle()
			r.replaced(3)
			if got := r.sizes(); got != "3 5 6" {
				r.t.Errorf("the group is %s, want two more than it was\n%s", got, r.story())
			}
		}},
		{"07 somebody wants more instances, and then fewer", func(r *rota) {
			r.must2(r.sizeOf(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MinSize = new(int32(1)) }))
			r.loose = true
			r.once(draining, func(r *rota) { r.grows(2) })
			r.once(halfway, func(r *rota) { r.grows(-1) })
			r.comes(roll.Replaced)
			r.Settle()
			if got := r.sizes(); got != "1 4 6" {
				r.t.Errorf("the group is %s, want one more than it was\n%s", got, r.story())
			}
		}},
		{"07 a roll that dies again and again adds nothing up", func(r *rota) {
			for n := range 3 {
				r.dies(func(operation string) bool {
					return operation == []string{"PutAttributes", "TerminateInstanceInAutoScalingGroup", "LaunchInstances"}[n]
				})
			}
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"07 the maximum is changed meanwhile", func(r *rota) {
			r.must2(r.sizeOf(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MaxSize = new(int32(3)) }))
			r.once(draining, func(r *rota) {
				r.must2(r.sizeOf(func(in *autoscaling.UpdateAutoScalingGroupInput) { in.MaxSize = new(int32(9)) }))
			})
			r.comes(roll.Replaced)
			r.replaced(3)
			r.Settle()
			if got := r.sizes(); got != "3 3 9" {
				r.t.Errorf("the group is %s, and somebody has set its maximum to 9\n%s", got, r.story())
			}
		}},
		{"08 managed scaling finds the new instance empty", func(r *rota) {
			r = newRota(r.t, func(r *rota) {
				usual(r)
				r.offers("big", "berth.sim/big:1?boot=2s", 3, heavy(1400, 512))
			}, strings.NewReplacer("managed_scaling    = false", "", "min_size           = 3", "min_size = 1").Replace(trio), aged)
			r.Settle()
			r.Settle()
			r.Settle()
			if got := r.sizes(); got != "1 3 6" {
				r.t.Fatalf("the group is %s", got)
			}
			r.order.Bake = 25 * time.Minute
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"08 a new instance is kept from scale-in until it holds a task", func(r *rota) {
			since, longest := map[string]time.Time{}, time.Duration(0)
			r.ahead = func(string, int) error {
				for _, n := range r.nodes() {
					if slices.Contains(r.first, n.id) || n.state != "InService" || n.protected || !r.holdsNothing(n) {
						delete(since, n.id)
						continue
					}
					if since[n.id].IsZero() {
						since[n.id] = r.Sim.Now()
					}
					longest = max(longest, r.Sim.Now().Sub(since[n.id]))
				}
				return nil
			}
			r.ends(roll.Replaced)
			if longest > 15*time.Second {
				r.t.Errorf("for %v a new instance without a task was not protected\n%s", longest, r.story())
			}
		}},
		{"09 nothing is moved between zones meanwhile", func(r *rota) {
			r.once(draining, func(r *rota) {
				if got := r.suspended(); got != "AZRebalance InstanceRefresh" {
					r.t.Errorf("while instances drain %q is suspended", got)
				}
			})
			r.ends(roll.Replaced)
		}},
		{"09 what is suspended is resumed after an interruption", func(r *rota) {
			ctx := r.interrupted(4 * time.Minute)
			_, d, err := r.rollsIn(ctx)
			r.must2(err)
			r.is(d, roll.Interrupted)
			r.asBefore()
		}},
		{"09 what somebody else has suspended stays so", func(r *rota) {
			r.Sim.With(func(w *world.World) {
				for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
					g.Suspended = append(g.Suspended, world.SuspendedProcess{Name: "AZRebalance"}, world.SuspendedProcess{Name: "ScheduledActions"})
				}
			})
			r.ends(roll.Replaced)
		}},
	}
}

// sizes are the least, the wanted and the greatest size of the group, and what it is marked with.
func (r *rota) sizes() (text string) {
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			text = fmt.Sprint(g.Min, " ", g.Desired, " ", g.Max)
			for _, t := range g.Tags {
				if t.Key == roll.TagSurge {
					text += fmt.Sprint(" ", g.Max, " of ", t.Key, " ", t.Value)
				}
			}
		}
	})
	return text
}

// suspended are the processes that the group does not do at the moment.
func (r *rota) suspended() string {
	var all []string
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			for _, p := range g.Suspended {
				all = append(all, p.Name)
			}
		}
	})
	slices.Sort(all)
	return strings.Join(all, " ")
}

// grows changes the wanted size of the group by so much, as somebody else would.
func (r *rota) grows(by int) {
	r.t.Helper()
	var name string
	var size int32
	r.Rig.group(func(g *world.ScalingGroup) { name, size = g.Name, int32(g.Desired+by) })
	_, err := r.client().Groups.SetDesiredCapacity(r.t.Context(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: &name, DesiredCapacity: &size})
	r.must2(err)
}

// sizeOf changes settings of the group, as somebody else would.
func (r *rota) sizeOf(f func(*autoscaling.UpdateAutoScalingGroupInput)) error {
	in := &autoscaling.UpdateAutoScalingGroupInput{}
	r.Rig.group(func(g *world.ScalingGroup) { in.AutoScalingGroupName = &g.Name })
	f(in)
	_, err := r.client().Groups.UpdateAutoScalingGroup(r.t.Context(), in)
	return err
}

// holdsNothing tells whether an instance has no task but those of daemons.
func (r *rota) holdsNothing(n node) bool {
	if n.ContainerInstance == nil {
		return true
	}
	for _, g := range n.Groups {
		if g.Name != "service:guard" {
			return false
		}
	}
	return true
}

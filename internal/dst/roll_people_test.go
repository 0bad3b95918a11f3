package dst

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// peopleModes begin with what others have done, or do meanwhile.
func peopleModes() []mode {
	return []mode{
		{"14 two want to roll", func(r *rota) {
			r.before, r.first = r.meant(), r.ids()
			r.vow()
			one, two := r.person("anna"), r.person("otto")
			two.after = 3 * time.Minute
			r.together(one, two)
			if one.err != nil || one.d.Outcome != roll.Replaced {
				r.t.Errorf("anna's roll is %s: %v", one.d.Outcome, one.err)
			}
			if held(two.err) != "anna" {
				r.t.Errorf("otto is told %v", two.err)
			}
			if two.writes > 0 {
				r.t.Errorf("otto has written %d times", two.writes)
			}
			r.asBefore()
			r.replaced(3)
		}},
		{"15 an instance that somebody else drains", func(r *rota) {
			theirs := r.nodes()[1]
			r.loose = true
			r.sets(theirs, types.ContainerInstanceStatusDraining)
			r.pass(5 * time.Minute)
			r.comes(roll.Incomplete)
			if !r.said("somebody else drains it") {
				r.t.Errorf("nobody says so:\n%s", r.story())
			}
			r.Settle()
			if got := r.node(theirs.id); got.ContainerInstance == nil || got.Status != "DRAINING" {
				r.t.Errorf("the foreign drain is undone\n%s", r.story())
			}
			r.like(r.before)
		}},
		{"15 an instance that somebody else drains while it waits", func(r *rota) {
			r.loose = true
			theirs := ""
			r.once(draining, func(r *rota) {
				for _, n := range r.nodes() {
					if n.Status == "ACTIVE" && slices.Contains(r.first, n.id) {
						theirs = n.id
						r.sets(n, types.ContainerInstanceStatusDraining)
						return
					}
				}
			})
			_, d, err := r.rolls()
			r.must2(err)
			if d.Outcome != roll.Incomplete && d.Outcome != roll.Replaced {
				r.t.Errorf("it is %s\n%s", d.Outcome, r.story())
			}
			for _, c := range r.revives() {
				if strings.Contains(c.in, r.node(theirs).ARN) {
					r.t.Errorf("the foreign drain of %s is undone\n%s", theirs, r.story())
				}
			}
		}},
	}
}

// foreignModes begin with an instance that is gone.
func foreignModes() []mode {
	return []mode{
		{"15 an instance that vanishes", func(r *rota) {
			r.loose, r.lossy = true, true
			r.once(draining, func(r *rota) {
				for _, n := range r.nodes() {
					if n.ContainerInstance != nil && n.Status == "ACTIVE" && slices.Contains(r.first, n.id) {
						r.fault("terminate instance " + n.id)
						return
					}
				}
			})
			r.comes(roll.Replaced)
			r.Settle()
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left\n%s", left, r.story())
			}
			if got := r.sizes(); got != "3 3 6" {
				r.t.Errorf("the group is %s\n%s", got, r.story())
			}
		}},
		{"15 the instance that drains vanishes", func(r *rota) {
			r.loose, r.lossy = true, true
			r.once(draining, func(r *rota) {
				for _, o := range r.looks[len(r.looks)-1].Memory.Olds {
					if o.State == roll.Draining {
						r.later(r.Sim.Now().Sub(r.began)+5*time.Second, func(r *rota) { r.fault("terminate instance " + o.ID) })
					}
				}
			})
			r.comes(roll.Replaced)
			r.Settle()
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left\n%s", left, r.story())
			}
			if got := r.sizes(); got != "3 3 6" {
				r.t.Errorf("the group is %s\n%s", got, r.story())
			}
		}},
		{"15 the new instance vanishes", func(r *rota) {
			r.loose, r.lossy = true, true
			r.once(draining, func(r *rota) {
				for _, id := range r.launched() {
					r.later(r.Sim.Now().Sub(r.began)+5*time.Second, func(r *rota) { r.fault("terminate instance " + id) })
				}
			})
			r.comes(roll.Replaced)
			r.Settle()
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left\n%s", left, r.story())
			}
			if got := r.sizes(); got != "3 3 6" {
				r.t.Errorf("the group is %s\n%s", got, r.story())
			}
		}},
	}
}

// hookModes begin with who else takes part in an instance's way out.
func hookModes() []mode {
	return []mode{
		{"17 a hook that nobody completes, and that says ABANDON", func(r *rota) {
			r.hook("mine", "ABANDON", 120)
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"17 a hook whose time is shorter than a drain", func(r *rota) {
			r.hook("mine", "CONTINUE", 30)
			r.offers("slow", "berth.sim/slow:1?slowstop=100s", 3, apart, r.slowly(200))
			r.pass(3 * time.Minute)
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"18 a classic load balancer of the group", func(r *rota) {
			r = newRota(r.t, func(r *rota) {
				r.offers("old", "berth.sim/old:1?boot=2s", 3, port(8080), func(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
					in.LoadBalancers = []types.LoadBalancer{{LoadBalancerName: r.classic(), ContainerName: new("old"), ContainerPort: new(int32(80))}}
				})
			}, strings.Replace(trio, "load_balancers     = { public = {} }", "", 1)+`load_balancers = { legacy = { type = "classic", instance_port = 8080, health_check = { path = "/" } } }`, aged)
			r.Settle()
			r.ends(roll.Replaced)
			r.replaced(3)
			if r.Sim.Figures().Count().Served == 0 {
				r.t.Error("nobody asked for anything")
			}
		}},
	}
}

// sets puts an instance into a state, as somebody else would.
func (r *rota) sets(n node, status types.ContainerInstanceStatus) {
	r.t.Helper()
	_, err := r.ecs.UpdateContainerInstancesState(r.t.Context(), &ecs.UpdateContainerInstancesStateInput{
		Cluster: new("acc"), ContainerInstances: []string{n.ARN}, Status: status,
	})
	r.must2(err)
}

// hook makes instances wait on their way out.
func (r *rota) hook(name, result string, seconds int32) {
	r.t.Helper()
	in := &autoscaling.PutLifecycleHookInput{
		LifecycleHookName: &name, LifecycleTransition: new("autoscaling:EC2_INSTANCE_TERMINATING"), DefaultResult: &result, HeartbeatTimeout: &seconds,
	}
	r.Rig.group(func(g *world.ScalingGroup) { in.AutoScalingGroupName = &g.Name })
	_, err := r.client().Groups.PutLifecycleHook(r.t.Context(), in)
	r.must(err)
}

// classic is the name of the classic load balancer.
func (r *rota) classic() *string {
	name := ""
	r.Sim.With(func(w *world.World) {
		for n := range w.Region("eu-west-1").Balancing.Classics.All() {
			name = n
		}
	})
	return &name
}

// route is a target group to which the load balancer forwards what comes for a path.
func (s *stand) route(name string, priority int32, path string, delay int) *string {
	s.t.Helper()
	ctx := s.t.Context()
	lbs, err := s.elb.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{})
	s.must(err)
	out, err := s.elb.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: &name, Protocol: elbtypes.ProtocolEnumHttp, Port: new(int32(80)), VpcId: lbs.LoadBalancers[0].VpcId, HealthCheckIntervalSeconds: new(int32(10)),
	})
	s.must(err)
	group := out.TargetGroups[0].TargetGroupArn
	s.must(s.delays(group, delay))
	listeners, err := s.elb.DescribeListeners(ctx, &elb.DescribeListenersInput{LoadBalancerArn: lbs.LoadBalancers[0].LoadBalancerArn})
	s.must(err)
	_, err = s.elb.CreateRule(ctx, &elb.CreateRuleInput{
		ListenerArn: listeners.Listeners[0].ListenerArn, Priority: &priority,
		Conditions: []elbtypes.RuleCondition{{Field: new("path-pattern"), Values: []string{path}}},
		Actions:    []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: group}},
	})
	s.must(err)
	return group
}

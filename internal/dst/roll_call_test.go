package dst

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/cloud"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

// callModes begin with what becomes of the roll's own calls.
func callModes() []mode {
	return []mode{
		{"06 the program dies at every kind of write", func(r *rota) {
			for _, operation := range []string{"CreateOrUpdateTags", "LaunchInstances", "PutAttributes", "TerminateInstanceInAutoScalingGroup", "ResumeProcesses"} {
				r := r.fork(r.t)
				r.dies(func(name string) bool { return name == operation })
				r.ends(roll.Replaced)
				r.replaced(3)
			}
		}},
		{"19 AWS refuses one call of five as too many", func(r *rota) {
			r.later(0, func(r *rota) { r.weather(world.Weather{Throttle: 0.2}) })
			r.comes(roll.Replaced)
			r.weather(world.Weather{})
			r.asBefore()
			r.replaced(3)
		}},
		{"19 as many instances and services as need several pages", func(r *rota) {
			r = newRota(r.t, func(r *rota) {
				usual(r)
				for n := range 10 {
					r.offers(fmt.Sprintf("worker-%d", n), "berth.sim/worker:1", 2)
				}
			}, strings.NewReplacer("min_size           = 3", "min_size = 12", "max_size           = 6", "max_size = 12", "desired_capacity   = 3", "desired_capacity = 12").Replace(trio), aged)
			r.order.Strategy = roll.Double
			d := r.ends(roll.Replaced)
			r.replaced(12)
			if d.Memory.Count.Moves > d.Memory.Count.Movable {
				r.t.Errorf("%d tasks were moved %d times", d.Memory.Count.Movable, d.Memory.Count.Moves)
			}
			for name, x := range map[string]struct {
				most int // half of what AWS allows in ten seconds, with what may come at once
				of   func(wire) bool
			}{
				"reads of the cluster's resources": {10 * 10, func(c wire) bool {
					return c.service == "ecs" && (strings.HasSuffix(c.operation, "ContainerInstances") || strings.HasSuffix(c.operation, "Tasks"))
				}},
				"reads of services":   {10 * 10, func(c wire) bool { return c.operation == "DescribeServices" || c.operation == "ListServices" }},
				"changes of services": {25, func(c wire) bool { return c.operation == "UpdateService" }},
			} {
				if got := r.rate(x.of, 10*time.Second); got > x.most {
					r.t.Errorf("%s: %d in ten seconds, of which %d are half", name, got, x.most)
				}
			}
		}},
	}
}

// pauseModes begin with what keeps the program from going on.
func pauseModes() []mode {
	return []mode{
		{"19 a container instance goes in the midst of a call about several", func(r *rota) {
			r.loose, r.lossy = true, true
			r.order.Strategy = roll.Double
			struck := false
			r.ahead = func(operation string, _ int) error {
				if olds := r.remain(); operation == "UpdateContainerInstancesState" && len(olds) == 2 && !struck {
					struck = true
					r.fault("terminate instance " + olds[1])
					r.pass(90 * time.Second)
				}
				return nil
			}
			r.comes(roll.Replaced)
			r.Settle()
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are left\n%s", left, r.story())
			}
			if got := r.sizes(); got != "3 3 6" {
				r.t.Errorf("the group is %s\n%s", got, r.story())
			}
		}},
		{"25 the credentials expire", func(r *rota) {
			r.once(draining, func(r *rota) {
				r.later(r.Sim.Now().Sub(r.began)+20*time.Second, func(r *rota) {
					r.fault(`refuse *.* with ExpiredTokenException saying "The security token included in the request is expired" status 400`)
				})
			})
			_, d, err := r.rolls()
			if err == nil || d.Outcome != roll.Running || !cloud.Credentials(err) {
				r.t.Fatalf("%s, %v\n%s", d.Outcome, err, r.story())
			}
			r.fault("heal calls")
			r.pass(3 * time.Hour)
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"25 the machine sleeps for two hours", func(r *rota) {
			r.once(draining, func(r *rota) {
				r.later(r.Sim.Now().Sub(r.began)+10*time.Second, func(r *rota) { r.pass(2 * time.Hour) })
			})
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"25 the machine sleeps, and somebody else takes over", func(r *rota) {
			r.before, r.first = r.meant(), r.ids()
			r.vow()
			one, two := r.person("anna"), r.person("otto")
			one.nap, two.after = 10*time.Minute, 5*time.Minute
			r.together(one, two)
			if one.err == nil {
				r.t.Errorf("anna's roll is %s, and otto's %s", one.d.Outcome, two.d.Outcome)
			}
			if two.err != nil || two.d.Outcome != roll.Replaced {
				r.t.Errorf("otto's roll is %s: %v", two.d.Outcome, two.err)
			}
			r.asBefore()
			r.replaced(3)
		}},
	}
}

package dst

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/roll"
)

// serviceModes begin with what services are like.
func serviceModes() []mode {
	return []mode{
		{"01 a service that may neither start a task nor stop one", func(r *rota) {
			r.confine()
			d := r.ends(roll.Incomplete)
			r.untouched()
			if !r.said("web may neither start another task nor stop one (minimumHealthyPercent 100, maximumPercent 100)") {
				r.t.Errorf("nobody says why:\n%s", wording(d))
			}
		}},
		{"01 its maximum is raised for the roll", func(r *rota) {
			r.confine()
			r.order.Patch = true
			r.once(draining, func(r *rota) {
				if got := r.service("web").Max; got < 200 {
					r.t.Errorf("while instances drain the maximum is %d%%", got)
				}
			})
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"01 its maximum is put back by the next run", func(r *rota) {
			r.confine()
			r.order.Patch = true
			r.dies(func(operation string) bool { return operation == "UpdateContainerInstancesState" })
			if got := r.service("web").Max; got != 200 {
				r.t.Fatalf("the maximum is %d%%", got)
			}
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"12 a deployment is under way", func(r *rota) {
			r.adjust("queue", func(in *ecs.UpdateServiceInput) {
				in.TaskDefinition = r.define("queue", "berth.sim/queue:2?pull=slow=4m")
			})
			r.comes(roll.Replaced)
			r.replaced(3)
			if first := r.drains()[0].at.Sub(r.began); first < 4*time.Minute {
				r.t.Errorf("an instance drains after %v, in the midst of the deployment\n%s", first, r.story())
			}
		}},
		{"12 a service was broken before", func(r *rota) {
			r.offers("sick", "berth.sim/sick:1?crash=20s", 2)
			r.pass(10 * time.Minute)
			r.comes(roll.Replaced)
			r.replaced(3)
		}},
		{"12 a service breaks meanwhile", func(r *rota) {
			r.order.DrainTimeout, r.order.JoinTimeout = 5*time.Minute, 5*time.Minute
			broken := time.Time{}
			r.once(halfway, func(r *rota) {
				broken = r.Sim.Now()
				r.adjust("web", func(in *ecs.UpdateServiceInput) { in.TaskDefinition = r.define("web", "berth.sim/web:2?pull=missing") })
				r.adjust("web", func(in *ecs.UpdateServiceInput) { in.DesiredCount = new(int32(6)) })
			})
			r.comes(roll.Failed, "web")
			for _, c := range r.drains() {
				if c.at.After(broken.Add(time.Minute)) && len(about(r.launches(), c.in)) == 0 && c.at.Sub(r.began) < r.left() {
					r.t.Errorf("after %v something drains though web is broken\n%s", c.at.Sub(r.began), r.story())
				}
			}
		}},
		{"13 health comes and goes", func(r *rota) {
			var began, ended time.Time
			r.once(standsBy, func(r *rota) {
				began = r.Sim.Now()
				ended = began.Add(6 * time.Minute)
				for at := r.Sim.Now().Sub(r.began); at < ended.Sub(r.began); at += 45 * time.Second {
					r.later(at, func(r *rota) { (&stand{r.Rig, r.t, r.ecs, r.elb}).stopOne() })
				}
			})
			r.comes(roll.Replaced)
			for _, c := range r.called("TerminateInstanceInAutoScalingGroup") {
				if c.at.After(began) && c.at.Before(ended) {
					r.t.Errorf("%v after the first task was stopped an instance goes\n%s", c.at.Sub(began), r.story())
				}
			}
			r.Settle()
			if left := r.remain(); len(left) > 0 {
				r.t.Errorf("%v are not replaced", left)
			}
		}},
	}
}

// standsBy is a decision by which an old instance stands by, drained.
func standsBy(_ roll.Snapshot, d roll.Decision) bool {
	for _, o := range d.Memory.Olds {
		if o.State == roll.Drained {
			return true
		}
	}
	return false
}

// launches are the calls that launched instances.
func (r *rota) launches() []wire { return r.called("LaunchInstances") }

// left is when the roll began to put everything back.
func (r *rota) left() time.Duration {
	for _, l := range r.looks {
		if l.Memory.Stage == roll.Leaving {
			return l.at.Sub(r.began)
		}
	}
	return r.Sim.Now().Sub(r.began)
}

package dst

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/roll"
)

// relievedModes begin with what becomes of a new instance that was good.
func relievedModes() []mode {
	return []mode{
		{"15 a new instance that works is drained by somebody", func(r *rota) {
			r.loose = true
			r.once(halfway, func(r *rota) { r.sets(r.node(r.launched()[0]), types.ContainerInstanceStatusDraining) })
			r.relieved("it is DRAINING")
		}},
		{"15 the last new instance is drained by somebody", func(r *rota) {
			r.loose = true
			r.once(lastDrained, func(r *rota) {
				all := r.launched()
				r.sets(r.node(all[len(all)-1]), types.ContainerInstanceStatusDraining)
			})
			r.relieved("it is DRAINING")
		}},
		{"15 the agent of a new instance that works goes away", func(r *rota) {
			r.loose = true
			r.once(halfway, func(r *rota) { r.fault("agent of " + r.launched()[0] + " gone") })
			r.relieved("its ECS agent does not answer")
		}},
		{"15 somebody drains a new instance that works, and thinks better of it", func(r *rota) {
			r.loose = true
			r.once(halfway, func(r *rota) {
				theirs := r.launched()[0]
				r.sets(r.node(theirs), types.ContainerInstanceStatusDraining)
				r.later(r.Sim.Now().Sub(r.began)+3*time.Minute, func(r *rota) { r.sets(r.node(theirs), types.ContainerInstanceStatusActive) })
			})
			r.ends(roll.Replaced)
			r.replaced(3)
			if n := len(r.launched()); n != 3 {
				r.t.Errorf("%d instances were launched\n%s", n, r.story())
			}
		}},
		{"15 every new instance loses its agent", func(r *rota) {
			r.loose = true
			for n := range 4 {
				r.once(func(s roll.Snapshot, d roll.Decision) bool {
					return d.Memory.Stage == roll.Onward && len(working(d)) > n
				}, func(r *rota) {
					news := working(r.looks[len(r.looks)-1].Decision)
					r.fault("agent of " + news[n] + " gone")
				})
			}
			_, d, err := r.rolls()
			r.must2(err)
			if d.Outcome != roll.Failed || !strings.Contains(wording(d), "works no more") {
				r.t.Errorf("it is %s: %s\n%s", d.Outcome, wording(d), r.story())
			}
		}},
	}
}

// working are the new instances that were proved, gone or not, in the order in which they were launched.
func working(d roll.Decision) (out []string) {
	for _, n := range d.Memory.News {
		if n.State != roll.Booting && n.State != roll.Proving {
			out = append(out, n.ID)
		}
	}
	return out
}

// lastDrained is a decision when the last old instance is empty.
func lastDrained(_ roll.Snapshot, d roll.Decision) bool {
	return d.Memory.Stage == roll.Onward && !slices.ContainsFunc(d.Memory.Olds, func(o roll.Old) bool { return o.State != roll.Drained && o.State != roll.Gone })
}

// relieved wants all old instances to be replaced in time, and a new one that is no good any more to have gone as well.
func (r *rota) relieved(why string) {
	r.t.Helper()
	d := r.ends(roll.Replaced, "another one takes its place", why)
	r.replaced(3)
	if n := len(r.launched()); n != 4 {
		r.t.Errorf("%d instances were launched\n%s", n, r.story())
	}
	if took := d.Memory.Ended.Sub(d.Memory.Began); took > 40*time.Minute {
		r.t.Errorf("it took %s\n%s", took, r.story())
	}
	for _, n := range r.nodes() {
		if !n.ready {
			r.t.Errorf("%s does not work\n%s", n.id, r.story())
		}
	}
}

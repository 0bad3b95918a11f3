package dst

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"berth/internal/drive/rolling"
	"berth/internal/lease"
	"berth/internal/observe"
	"berth/internal/permit"
	"berth/internal/roll"
)

// happening is what happens while a roll goes on.
type happening struct {
	after time.Duration // since it began
	does  func(*rota)
}

// later lets something happen some time after the roll began.
func (r *rota) later(after time.Duration, does func(*rota)) {
	r.deeds = append(r.deeds, happening{after, does})
	slices.SortStableFunc(r.deeds, func(a, b happening) int { return int(a.after - b.after) })
}

// once lets something happen when a decision is of some kind for the first time.
func (r *rota) once(when func(roll.Snapshot, roll.Decision) bool, does func(*rota)) {
	r.turns = append(r.turns, turn{when, does})
}

// turn is what happens when a decision is of some kind.
type turn struct {
	when func(roll.Snapshot, roll.Decision) bool
	does func(*rota)
}

// draining is a decision by which an old instance drains.
func draining(_ roll.Snapshot, d roll.Decision) bool {
	return slices.ContainsFunc(d.Memory.Olds, func(o roll.Old) bool { return o.State == roll.Draining })
}

// launching is a decision in which new instances are asked for.
func launching(_ roll.Snapshot, d roll.Decision) bool {
	return slices.ContainsFunc(d.Actions, func(a roll.Action) bool { return a.Verb == roll.LaunchNew })
}

// halfway is a decision when one instance has been replaced.
func halfway(_ roll.Snapshot, d roll.Decision) bool { return d.Memory.Count.Replaced > 0 }

// shift is the clock of a roll: while it sleeps, things happen.
type shift struct{ *rota }

// endless are more than any roll of these tests may take.
const endless = 5000

// Now is the world's time.
func (s shift) Now() time.Time { return s.Sim.Now() }

// Sleep lets the world's time pass, and does what is due meanwhile.
func (s shift) Sleep(ctx context.Context, d time.Duration) error {
	if s.killed {
		return context.Canceled
	}
	end := s.Now().Add(d)
	if len(s.looks) > endless {
		s.t.Fatalf("the roll never ends:\n%s", s.story())
	}
	for len(s.deeds) > 0 && !s.began.Add(s.deeds[0].after).After(end) {
		next := s.deeds[0]
		if err := s.Sim.Sleep(ctx, max(0, s.began.Add(next.after).Sub(s.Now()))); err != nil {
			return err
		}
		s.deeds = s.deeds[1:]
		next.does(s.rota)
	}
	return s.Sim.Sleep(ctx, max(0, end.Sub(s.Now())))
}

// drive is a new run of the program, under the permissions of a verb, that has not begun.
func (r *rota) drive(run string) *rolling.Roll {
	r.t.Helper()
	r.record = record{began: r.Sim.Now(), trace: r.Sim.Record()}
	r.Hook = r.way
	cluster, who := r.cluster(r.c)
	if slices.Contains(permit.Verbs(), "roll") {
		cluster, who = r.acting(r.c, "roll")
	}
	r.Hook = nil
	r.order.Run = run
	if run == "" {
		r.order.Run = who.Run
	}
	cluster.Cloud.Clock = shift{r}
	scope, err := observe.Who(r.t.Context(), cluster.Cloud, r.c.Environment, r.c.Cluster)
	r.must(err)
	return &rolling.Roll{
		Cloud: cluster.Cloud, Scope: scope, Groups: r.groups, Order: r.order, Who: roller(who),
		Tell: func(s roll.Snapshot, d roll.Decision) {
			r.looks = append(r.looks, look{r.Sim.Now(), d})
			for i, x := range r.turns {
				if x.when(s, d) {
					r.turns = slices.Delete(slices.Clone(r.turns), i, i+1)
					x.does(r)
					return
				}
			}
		},
		Did: func(a roll.Action, m roll.Made) { r.done, r.made = append(r.done, a), append(r.made, m) },
	}
}

// rolls is the order carried out, as berth roll --yes does.
func (r *rota) rolls() (roll.Snapshot, roll.Decision, error) { return r.rollsIn(r.t.Context()) }

func (r *rota) rollsIn(ctx context.Context) (roll.Snapshot, roll.Decision, error) {
	r.t.Helper()
	one := r.drive("")
	if r.before == "" {
		r.before, r.first = r.meant(), r.ids()
		r.vow()
	}
	return one.Do(ctx)
}

// ends wants the roll to end in a way, to say why, and to leave everything as it was.
func (r *rota) ends(want roll.Outcome, says ...string) roll.Decision {
	r.t.Helper()
	d := r.comes(want, says...)
	r.asBefore()
	return d
}

// comes wants the roll to end in a way, and to say why.
func (r *rota) comes(want roll.Outcome, says ...string) roll.Decision {
	r.t.Helper()
	_, d, err := r.rolls()
	r.must2(err)
	r.is(d, want, says...)
	return d
}

// is wants a decision to be an end, and what it says.
func (r *rota) is(d roll.Decision, want roll.Outcome, says ...string) {
	r.t.Helper()
	if d.Outcome != want {
		r.t.Fatalf("it is %s, want %s:\n%s", d.Outcome, want, r.story())
	}
	for _, what := range says {
		if !strings.Contains(wording(d), what) {
			r.t.Errorf("nothing says %q:\n%s", what, wording(d))
		}
	}
	if n := len(r.deeds) + len(r.turns); n > 0 {
		r.t.Errorf("%d deeds were not done\n%s", n, r.story())
	}
}

// must2 stops the test at an error, with how it came to it.
func (r *rota) must2(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("%v\n%s", err, r.story())
	}
}

// untouched wants nothing to have been changed but what was put back at once: no instance drained, none terminated.
func (r *rota) untouched() {
	r.t.Helper()
	for _, c := range r.wrote() {
		switch c.operation {
		case "UpdateContainerInstancesState", "TerminateInstanceInAutoScalingGroup", "UpdateService", "StopTask":
			r.t.Errorf("%s %s", c.operation, c.in)
		}
	}
	if left := r.remain(); len(left) != len(r.first) {
		r.t.Errorf("of %v there are %v", r.first, left)
	}
}

// silent wants nothing to have been written at all.
func (r *rota) silent() {
	r.t.Helper()
	if all := r.wrote(); len(all) > 0 {
		r.t.Errorf("it has written:%s", sequence(all))
	}
}

// replaced wants so many of the instances from before to be gone, and nobody to have noticed.
func (r *rota) replaced(n int) {
	r.t.Helper()
	r.Settle()
	if left := r.remain(); len(r.first)-len(left) != n {
		r.t.Errorf("%d of %d are replaced, want %d\n%s", len(r.first)-len(left), len(r.first), n, r.story())
	}
	if failed := r.Sim.Figures().Count().Failed; len(failed) > 0 {
		r.t.Errorf("requests fail: %+v\n%s", failed, unserved(r.Rig))
	}
}

// held tells whose lease kept a run from beginning.
func held(err error) string {
	var other *lease.Held
	if errors.As(err, &other) {
		return other.Holder.Owner
	}
	return ""
}

// dies lets the program die right before the first call of some kind, or the end if there is none.
func (r *rota) dies(at func(operation string) bool) {
	r.t.Helper()
	r.ahead = func(operation string, _ int) error {
		if !at(operation) {
			return nil
		}
		r.killed = true
		return errCut
	}
	_, d, err := r.rolls()
	r.ahead = nil
	if !r.killed {
		r.t.Fatalf("nobody died: %s, %v\n%s", d.Outcome, err, r.story())
	}
}

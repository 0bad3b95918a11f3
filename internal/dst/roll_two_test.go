package dst

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"berth/internal/drive/rolling"
	"berth/internal/roll"
)

// crew are several people at work on one cluster, each with a program of their own: one program runs at a time, and when all sleep the
// world goes on to the first that wakes.
type crew struct {
	r    *rota
	mu   sync.Mutex
	turn *sync.Cond
	naps []*nap
	live int
	all  sync.WaitGroup
}

// person is one of them, and the clock of their program.
type person struct {
	*crew
	*rota

	name  string
	after time.Duration                              // when it is begun
	does  func(context.Context, *rolling.Roll) error // nil: it rolls
	nap   time.Duration                              // for which the machine sleeps once an instance drains
	ready func() bool                                // it is begun when this is so, if that is later; nil: it is
	d     roll.Decision
	err   error
	ended time.Time

	writes int
}

// person is somebody who is going to roll.
func (r *rota) person(name string) *person {
	p := &person{rota: r.on(r.stand), name: name}
	p.floor, p.zones, p.alone = r.floor, r.zones, r.alone
	p.before, p.first = r.before, r.first
	return p
}

// Now is the world's time.
func (p *person) Now() time.Time { return p.r.Sim.Now() }

// Sleep lets the others go on.
func (p *person) Sleep(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.looks); p.nap > 0 && n > 0 && draining(roll.Snapshot{}, p.looks[n-1].Decision) {
		d, p.nap = d+p.nap, 0
	}
	p.wait(d)
	return ctx.Err()
}

// wait sleeps; the lock is held.
func (c *crew) wait(long time.Duration) {
	me := &nap{at: c.r.Sim.Now().Add(long)}
	c.naps = append(c.naps, me)
	c.next()
	for !me.up {
		c.turn.Wait()
	}
}

// next wakes the first to wake, when all sleep.
func (c *crew) next() {
	if c.live == 0 || len(c.naps) < c.live {
		return
	}
	first := slices.MinFunc(c.naps, func(a, b *nap) int { return a.at.Compare(b.at) })
	c.naps = slices.DeleteFunc(c.naps, func(n *nap) bool { return n == first })
	if wait := first.at.Sub(c.r.Sim.Now()); wait > 0 {
		_ = c.r.Sim.Sleep(context.Background(), wait) // it cannot fail
	}
	first.up = true
	c.turn.Broadcast()
}

// together lets people work, and waits until all are done.
func (r *rota) together(people ...*person) {
	r.t.Helper()
	c := &crew{r: r}
	c.turn = sync.NewCond(&c.mu)
	began := r.Sim.Now()
	c.mu.Lock()
	for _, p := range people {
		p.crew = c
		run := p.drive("run-of-" + p.name)
		run.Cloud.Clock, run.Who.Owner = p, p.name
		for _, other := range people {
			other.trace = p.trace // of the last one: what is recorded before it is thrown away with each call
		}
		c.live++
		c.all.Go(func() { p.works(r.t, run) })
	}
	c.mu.Unlock()
	c.all.Wait()
	for _, p := range people {
		p.writes = len(p.wrote())
		r.looks = append(r.looks, p.looks...)
		r.calls = append(r.calls, p.calls...)
	}
	slices.SortStableFunc(r.looks, func(a, b look) int { return a.at.Compare(b.at) })
	slices.SortStableFunc(r.calls, func(a, b wire) int { return a.at.Compare(b.at) })
	r.began = began
}

// works does what a person does, and lets the others go on when it is done.
func (p *person) works(t *testing.T, run *rolling.Roll) {
	p.mu.Lock()
	p.wait(p.after)
	for p.ready != nil && !p.ready() {
		p.wait(5 * time.Second)
	}
	p.mu.Unlock()
	if p.does != nil {
		p.err = p.does(t.Context(), run)
	} else {
		_, p.d, p.err = run.Do(t.Context())
	}
	p.ended = p.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live--
	p.next()
}

// signals is somebody who says something to the roll of another, as soon as that is so far.
func (r *rota) signals(one *person, when func(roll.Snapshot, roll.Decision) bool, command roll.Command) *person {
	p := r.person(string(command) + "er")
	p.ready = func() bool {
		return slices.ContainsFunc(one.looks, func(l look) bool { return when(roll.Snapshot{}, l.Decision) })
	}
	p.does = func(ctx context.Context, run *rolling.Roll) error { return run.Signal(ctx, command) }
	return p
}

// promises notes what must hold, before several people begin.
func (r *rota) promises() *rota {
	r.before, r.first = r.meant(), r.ids()
	r.vow()
	return r
}

func TestARollObeysAnotherTerminal(t *testing.T) {
	t.Parallel()
	base := newRota(t, usual, trio, aged)
	for name, x := range map[string]struct {
		when    func(roll.Snapshot, roll.Decision) bool
		command roll.Command
		want    roll.Outcome
		left    []int // how many of the instances from before may be there then
	}{
		"abort before anything drains": {launching, roll.Abort, roll.Aborted, []int{3}},
		"abort while the first drains": {draining, roll.Abort, roll.Aborted, []int{3}},
		"abort halfway":                {halfway, roll.Abort, roll.Aborted, []int{1, 2}},
		"undo before anything drains":  {launching, roll.Undo, roll.Undone, []int{3}},
		"undo while the first drains":  {draining, roll.Undo, roll.Undone, []int{3}},
		"undo halfway":                 {halfway, roll.Undo, roll.Undone, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			r := base.fork(t).promises()
			one := r.person("anna")
			two := r.signals(one, x.when, x.command)
			r.together(one, two)
			r.must2(two.err)
			r.must2(one.err)
			r.is(one.d, x.want)
			r.asBefore()
			if left := r.remain(); !slices.Contains(x.left, len(left)) {
				t.Errorf("%d of the instances from before are there, want one of %v\n%s", len(left), x.left, r.story())
			}
			if failed := r.Sim.Figures().Count().Failed; len(failed) > 0 {
				t.Errorf("requests fail: %+v\n%s", failed, unserved(r.Rig))
			}
		})
	}
}

func TestARollIsPausedAndResumedFromAnotherTerminal(t *testing.T) {
	t.Parallel()
	r := newRota(t, usual, trio, aged).promises()
	one := r.person("anna")
	pause := r.signals(one, draining, roll.Pause)
	resume := r.signals(one, draining, roll.GoOn)
	resume.after = 40 * time.Minute
	r.together(one, pause, resume)
	for _, p := range []*person{one, pause, resume} {
		r.must2(p.err)
	}
	r.is(one.d, roll.Replaced)
	r.asBefore()
	r.replaced(3)
	if n := len(one.drains()); n != 3 || one.drains()[1].at.Sub(one.began) < 40*time.Minute {
		t.Errorf("%d drains, the second at %v\n%s", n, one.drains()[1].at.Sub(one.began), r.story())
	}
	if !r.said("paused") {
		t.Error("nobody says that it is paused")
	}
}

func TestARollWhoseProgramDiedIsEndedFromAnotherTerminal(t *testing.T) {
	t.Parallel()
	base := newRota(t, usual, trio, aged)
	for command, want := range map[roll.Command]int{roll.Abort: 3, roll.Undo: 3, roll.GoOn: 0} {
		t.Run("it is told to "+string(command), func(t *testing.T) {
			r := base.fork(t)
			r.dies(func(operation string) bool { return operation == "UpdateContainerInstancesState" })
			fine(t, r.drive("").Signal(t.Context(), command))
			r.asBefore()
			if left := r.remain(); len(left) != want {
				t.Errorf("%d of the instances from before are there, want %d\n%s", len(left), want, r.story())
			}
			if err := r.drive("").Signal(t.Context(), command); !rolling.NotUnderWay(err) {
				t.Errorf("there is nothing left to be told: %v", err)
			}
		})
	}
}

package dst

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"berth/internal/sim/world"
)

// misfortunes are what goes wrong with a call of a watcher, and with those like it for a while.
func misfortunes() map[string]world.Trouble {
	return map[string]world.Trouble{
		"a lost answer":                   {Fault: world.LoseAnswer, Times: 1},
		"a lost request":                  {Fault: world.LoseRequest, Times: 1},
		"a throttle":                      {Fault: world.Throttle, Times: 1},
		"two minutes of lost answers":     {Fault: world.LoseAnswer},
		"two minutes of throttles":        {Fault: world.Throttle},
		"two minutes in which AWS is off": {Call: "*.*", Fault: world.Break},
	}
}

// before lets f run before each call of the watchers to come, with how many there were before it.
func (p *patrol) before(f func(n int)) {
	n := 0
	p.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			f(n)
			n++
			return next.RoundTrip(req)
		})
	}
}

// worth are the calls of a life at which something shall go wrong: all but the polls that find nothing, of which the first ones
// will do.
func (p *patrol) worth(t *testing.T) (calls []int, names []string) {
	t.Helper()
	trace := p.Sim.Record()
	var starts []int
	p.before(func(int) { starts = append(starts, len(trace.Entries)) })
	p.rest(t)
	p.Hook = nil
	empty, waiting := 0, 0
	for n, from := range starts {
		name := ""
		for _, e := range trace.Entries[from:] {
			if e.What == "call" {
				name = e.Name
				break
			}
		}
		names = append(names, name)
		if name != "sqs.ReceiveMessage" {
			empty = 0
		} else if empty++; empty > 2 {
			continue
		}
		if waiting++; waiting > 2 { // who one is
			calls = append(calls, n)
		}
	}
	return calls, names
}

// TestWatcherLosesNothingThroughMisfortunes lets each call of a watcher's life go wrong once, and for two minutes all those of its
// operation, or all. What must hold is what must hold when it dies.
func TestWatcherLosesNothingThroughMisfortunes(t *testing.T) {
	t.Parallel()
	p := newPatrol(t)
	start := moment{state: p.saved(t)}
	calls, names := p.fork(t, start).worth(t)
	calm := p.fork(t, start)
	calm.rest(t)
	want := calm.causes()
	t.Logf("%d of %d calls", len(calls), len(names))
	if len(calls) < 500 || len(want) < 4 {
		t.Errorf("the story is dull: %d calls of %d, %v", len(calls), len(names), want)
	}
	kinds := []string{}
	for name := range misfortunes() { // unordered: sorted below
		kinds = append(kinds, name)
	}
	slices.Sort(kinds)
	for k, kind := range kinds {
		every := 1
		if misfortunes()[kind].Times == 0 {
			every = 5 // minutes that begin at calls next to each other are much the same
		}
		calls := slices.Collect(func(yield func(int) bool) {
			for i := k % every; i < len(calls) && yield(calls[i]); i += every {
			}
		})
		for i, at := range calls {
			if !sampled(t, i+k*len(calls)/(4*len(kinds)), len(calls), 4) {
				continue
			}
			t.Run(kind+" at "+names[at], func(t *testing.T) {
				next := p.fork(t, start)
				next.before(func(n int) {
					if n != at {
						return
					}
					trouble := misfortunes()[kind]
					if trouble.Call == "" {
						trouble.Call = names[at]
					}
					next.Sim.With(func(w *world.World) {
						if trouble.Times == 0 {
							trouble.Until = w.Now().Add(2 * time.Minute)
						}
						w.Troubles = append(w.Troubles, trouble)
					})
				})
				next.rest(t)
				next.Hook = nil
				next.Sim.With(func(w *world.World) { w.Troubles = nil }) // of the watcher, not of who looks
				next.whole(t)
				if got := next.causes(); !slices.Equal(got, want) {
					t.Errorf("call %d: told of %v, want %v; it said %q", at, got, want, next.talk)
				}
			})
		}
	}
}

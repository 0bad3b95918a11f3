package dst

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"berth/internal/lease"
)

// duet lets several watchers live in one world: one runs at a time, and when all sleep the world goes on to the first that wakes.
type duet struct {
	p    *patrol
	mu   sync.Mutex
	turn *sync.Cond
	naps []*nap
	live int
	all  sync.WaitGroup
}

type nap struct {
	at time.Time
	up bool
}

func newDuet(p *patrol) *duet {
	d := &duet{p: p}
	d.turn = sync.NewCond(&d.mu)
	return d
}

// player is one of a duet: a clock, and the way to AWS.
type player struct {
	*duet
	name   string
	pause  func(operation string) time.Duration // before a call; negative: it dies. Nil: never
	dead   bool
	woke   time.Time // when its pause was over
	calls  []call
	stored []time.Time // when it wrote the memory, as far as that was accepted
	die    context.CancelFunc
}

type call struct {
	at   time.Time
	name string
}

// Now is the world's time.
func (y *player) Now() time.Time { return y.p.Sim.Now() }

// Sleep lets the others go on.
func (y *player) Sleep(ctx context.Context, d time.Duration) error {
	if y.dead {
		return context.Canceled
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.wait(d)
	return ctx.Err()
}

// wait sleeps; the lock is held.
func (d *duet) wait(long time.Duration) {
	me := &nap{at: d.p.Sim.Now().Add(long)}
	d.naps = append(d.naps, me)
	d.next()
	for !me.up {
		d.turn.Wait()
	}
}

// next wakes the first to wake, when all sleep.
func (d *duet) next() {
	if d.live == 0 || len(d.naps) < d.live {
		return
	}
	first := slices.MinFunc(d.naps, func(a, b *nap) int { return a.at.Compare(b.at) })
	d.naps = slices.DeleteFunc(d.naps, func(n *nap) bool { return n == first })
	if wait := first.at.Sub(d.p.Sim.Now()); wait > 0 {
		_ = beats{d.p}.Sleep(context.Background(), wait) // it cannot fail
	}
	first.up = true
	d.turn.Broadcast()
}

// play lets two watchers live, of which the second begins a little later, and waits for their end.
func (d *duet) play(t *testing.T, one, two *player) {
	d.mu.Lock()
	d.join(t, one, 0)
	d.join(t, two, 5*time.Second)
	d.mu.Unlock()
	d.all.Wait()
}

// join lets a watcher live from some time on until the story is over; the lock is held.
func (d *duet) join(t *testing.T, y *player, after time.Duration) {
	var ctx context.Context
	y.duet = d
	ctx, y.die = context.WithCancel(t.Context())
	d.p.Hook = y.way
	w := d.p.watcher(t)
	d.p.Hook = nil
	w.Cloud.Clock, w.Who.Owner, w.Who.Run = y, y.name, y.name
	d.live++
	d.all.Go(func() {
		defer y.die()
		d.mu.Lock()
		d.wait(after)
		d.mu.Unlock()
		if err := w.Run(ctx, false, longTale); err != nil && !y.dead {
			t.Errorf("%s: %v", y.name, err)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.live--
		d.next()
	})
}

// way notes the calls of a player, and holds it up.
func (y *player) way(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		if y.dead {
			return nil, errCut
		}
		_, name, known := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
		if !known {
			_, key, _ := strings.Cut(req.URL.Path, "lease/")
			name = req.Method + " " + key
		}
		if y.pause != nil {
			switch d := y.pause(name); {
			case d < 0:
				y.dead, y.woke = true, y.Now()
				y.die()
				return nil, errCut
			case d > 0:
				if err := y.Sleep(context.Background(), d); err != nil {
					return nil, err
				}
				y.pause, y.woke = nil, y.Now()
			}
		}
		resp, err := next.RoundTrip(req)
		y.calls = append(y.calls, call{y.Now(), name})
		if name == "PUT watch/memory.json" && err == nil && resp.StatusCode == http.StatusOK {
			y.stored = append(y.stored, y.Now())
		}
		return resp, err
	})
}

// heard is when a player first asked for messages since a time.
func (y *player) heard(since time.Time) time.Time {
	for _, c := range y.calls {
		if c.name == "ReceiveMessage" && !c.at.Before(since) {
			return c.at
		}
	}
	return time.Time{}
}

// on counts the calls of an operation and tells which one it is.
func on(operation string, which int, d time.Duration) func(string) time.Duration {
	n := 0
	return func(name string) time.Duration {
		if name != operation {
			return 0
		}
		if n++; n == which {
			return d
		}
		return 0
	}
}

// startOver is a player's hold-up between its try for the lease and the end of its sleep between two tries.
const startOver = lease.TTL + 30*time.Second

func TestOfTwoWatchersOneWorksAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	p := newPatrol(t)
	start := moment{state: p.saved(t)}
	for _, c := range []struct {
		operation string
		which     int
	}{{"PUT watch/memory.json", 4}, {"ReceiveMessage", 200}, {"DeleteMessageBatch", 2}, {"PUT watch", 7}} {
		t.Run("the first dies at "+c.operation, func(t *testing.T) {
			p := p.fork(t, start)
			d := newDuet(p)
			one, two := &player{name: "one", pause: on(c.operation, c.which, -1)}, &player{name: "two"}
			d.play(t, one, two)
			if !one.dead {
				t.Fatal("nobody died")
			}
			first := two.heard(p.begin)
			if first.Before(one.woke) || first.Sub(one.woke) > startOver {
				t.Errorf("the first died at %v, and the second was at work at %v", one.woke.Sub(p.begin), first.Sub(p.begin))
			}
			if !slices.ContainsFunc(p.talk, func(s string) bool { return strings.Contains(s, "standing by") }) {
				t.Errorf("it said %q", p.talk)
			}
			p.whole(t)
		})
	}
}

func TestAWatcherThatSleptWhileAnotherTookOverStoresAndTellsNothingNew(t *testing.T) {
	t.Parallel()
	p := newPatrol(t)
	start := moment{state: p.saved(t)}
	for _, c := range []struct {
		operation string
		which     int
	}{
		{"PUT watch/memory.json", 2},
		{"PUT watch/memory.json", 4},
		{"ReceiveMessage", 30},
		{"ReceiveMessage", 200},
		{"DeleteMessageBatch", 2},
		{"PUT watch", 7},
		{"ListServices", 4},
		{"DescribeTasks", 9},
		{"a delivery", 1},
		{"a delivery", 3},
	} {
		t.Run(c.operation, func(t *testing.T) {
			p := p.fork(t, start)
			d := newDuet(p)
			one, two := &player{name: "one", pause: on(c.operation, c.which, 6*time.Minute)}, &player{name: "two"}
			p.deliver = func(take func() error) error {
				if one.pause != nil && one.pause("a delivery") > 0 { // the other does not work yet
					one.pause = nil
					_ = one.Sleep(t.Context(), 6*time.Minute) // it is as if it were not there
					one.woke = one.Now()
				}
				return take()
			}
			d.play(t, one, two)
			if one.woke.IsZero() || two.heard(p.begin).IsZero() {
				t.Fatal("nobody slept, or nobody took over")
			}
			for _, at := range one.stored {
				if !at.Before(one.woke) {
					t.Errorf("%v after it woke up it has stored something", at.Sub(one.woke))
				}
			}
			p.whole(t) // every id that was sent is one that the other knows, with the same text
			for _, d := range p.got {
				if incident, _, _ := strings.Cut(d.id, "-"); !p.knows(t, incident) {
					t.Errorf("%s was sent, and nobody knows of it", d.id)
				}
			}
		})
	}
}

// knows tells whether an incident is in the memory.
func (p *patrol) knows(t *testing.T, incident string) bool {
	t.Helper()
	for _, i := range p.remembers(t).State.Incidents {
		if i.ID == incident {
			return true
		}
	}
	return false
}

package lease_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// inflight is how long a write may still take effect after it was allowed: what the lease leaves room for.
const inflight = 29 * time.Second

// contest is some runs that want the same lease, on one world and with one thread: a run is a coroutine that goes on
// whenever it is its turn, and lets the others go on whenever it sleeps or a request of it is on its way. So every
// order of their requests can happen, and the same dice give the same order.
type contest struct {
	*rapid.T
	sim    *sim.Sim
	dice   *rand.Rand
	runs   []*run
	ghosts []ghost
	orphan float64 // how often a request that its run has given up arrives later all the same

	owner   string // whose the object is; empty: nobody's
	object  string
	first   map[string]time.Time // when the object first was like that; what was given back may come again as a ghost
	writing string               // who was allowed to write last, and until when that may take effect
	until   time.Time
	clean   bool      // since the last write the lease was given back
	served  time.Time // when somebody was allowed to write last
}

// ghost is a request on its way without anybody who waits for the answer.
type ghost struct {
	at   time.Time
	from string
	r    *http.Request
	body []byte
}

// run is one contender.
type run struct {
	*contest
	name  string
	skew  time.Duration // of its clock
	wake  time.Time
	next  func() (time.Duration, bool)
	stop  func()
	yield func(time.Duration) bool
	dead  bool
	cloud *cloud.Cloud
}

func newContest(t *rapid.T) *contest {
	c := &contest{T: t, sim: sim.New(world.New(1)), clean: true, first: map[string]time.Time{}}
	c.dice = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "dice"), 0))
	c.orphan = rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "orphan")
	weather := world.Weather{
		LoseAnswer:  rapid.SampledFrom([]float64{0, 0.1, 0.25, 0.5}).Draw(t, "lost answers"),
		LoseRequest: rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "lost requests"),
		Throttle:    rapid.SampledFrom([]float64{0, 0.1}).Draw(t, "throttles"),
	}
	c.sim.With(func(w *world.World) { makeBucket(w); w.Seed, w.Weather = c.dice.Uint64(), weather })
	for i := range rapid.IntRange(2, 3).Draw(t, "runs") {
		c.add(fmt.Sprintf("run-%d", i), time.Duration(rapid.IntRange(-3, 3).Draw(t, "skew"))*time.Hour)
	}
	return c
}

// makeBucket makes the bucket, with versions.
func makeBucket(w *world.World) {
	w.S3.Buckets.Put(bucket, &world.StorageBucket{Name: bucket, Region: "us-east-1", Created: w.Now(), Versioning: "Enabled"})
}

func (c *contest) add(name string, skew time.Duration) {
	r := &run{contest: c, name: name, skew: skew, wake: c.sim.Now().Add(c.upTo(time.Minute))}
	r.cloud = cloud.Embedded(&http.Client{Transport: r}, "us-east-1", cloud.Options{Clock: r, Run: name, Width: 1})
	r.next, r.stop = iter.Pull(func(yield func(time.Duration) bool) {
		r.yield = yield
		r.live()
	})
	c.runs = append(c.runs, r)
}

func (c *contest) upTo(d time.Duration) time.Duration { return time.Duration(c.dice.Int64N(int64(d))) }

func (c *contest) chance(p float64) bool { return c.dice.Float64() < p }

// errDead ends whatever a run does after it was killed.
var errDead = errors.New("killed")

// Now is the time by the run's own clock.
func (r *run) Now() time.Time { return r.sim.Now().Add(r.skew) }

// Sleep lets the others go on.
func (r *run) Sleep(_ context.Context, d time.Duration) error {
	if r.dead || !r.yield(d) {
		return errDead
	}
	return nil
}

// RoundTrip sends a request on a way that takes time in both directions, and may lose it for the one who waits.
func (r *run) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.dead {
		return nil, errDead
	}
	var body []byte
	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
	}
	if r.chance(r.orphan) {
		r.ghosts = append(r.ghosts, ghost{r.sim.Now().Add(r.upTo(5 * time.Minute)), r.name, request, body})
		return nil, errors.Join(io.ErrUnexpectedEOF, r.Sleep(context.Background(), r.upTo(20*time.Second)))
	}
	if err := r.Sleep(context.Background(), r.upTo(2*time.Second)); err != nil {
		return nil, err
	}
	answer, err := r.deliver(r.name, request, body)
	if err = errors.Join(err, r.Sleep(context.Background(), r.upTo(2*time.Second))); err != nil {
		return nil, err
	}
	return answer, nil
}

// deliver lets a request take effect and holds what it did to the object against the rules.
func (c *contest) deliver(from string, r *http.Request, body []byte) (*http.Response, error) {
	r = r.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer, err := c.sim.Client().Transport.RoundTrip(r)
	c.judge(from)
	return answer, err
}

// judge looks what became of the object through a request.
func (c *contest) judge(from string) {
	var h lease.Holder
	var text string
	c.sim.With(func(w *world.World) { text = content(w) })
	if text == c.object {
		return
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &h); err != nil {
			c.Fatalf("%s wrote %q", from, text)
		}
		if h.Run != from {
			c.Fatalf("%s wrote the lease of %s", from, h.Run)
		}
	}
	switch age := c.sim.Now().Sub(c.first[c.object]); {
	case c.owner == "" || c.owner == h.Run:
	case text == "" && c.owner != from:
		c.Fatalf("%s gave back the lease of %s", from, c.owner)
	case text != "" && age < lease.TTL:
		c.Fatalf("%s took the lease of %s over, which was renewed %v ago", from, c.owner, age)
	}
	c.clean = c.clean || text == "" // also when an heir gives back what it has not used
	c.owner, c.object = h.Run, text
	if _, seen := c.first[text]; !seen {
		c.first[text] = c.sim.Now()
	}
}

// write is called by a run that was just told that it may.
func (r *run) write() {
	now := r.sim.Now()
	if r.dead {
		return
	}
	if r.writing != r.name && r.until.After(now) {
		r.Fatalf("%s may write while a write of %s can still take effect", r.name, r.writing)
	}
	r.writing, r.until, r.served, r.clean = r.name, now.Add(inflight), now, false
}

// live is what a run does all its life: take the lease, work, give it back, again.
func (r *run) live() {
	for !r.dead {
		l, err := lease.Take(context.Background(), r.cloud, bucket, lease.Infra, lease.Holder{Owner: r.name, Run: r.name})
		var held *lease.Held
		switch {
		case r.dead:
			return
		case errors.As(err, &held) && held.Holder.Run == r.name:
			r.Fatalf("%s is kept out by itself", r.name)
		case err != nil && held == nil && !cloud.Lost(err) && !cloud.Throttled(err):
			r.Fatalf("%s cannot take the lease: %v", r.name, err)
		case err == nil:
			if !l.Unclean && !r.clean {
				r.Fatalf("%s believes that %s has given the lease back", r.name, r.writing)
			}
			r.work(l)
		}
		_ = r.Sleep(context.Background(), r.upTo(2*time.Minute))
	}
}

// work holds the lease for a while: renewals with pauses between them, mostly short.
func (r *run) work(l *lease.Lease) {
	for range 1 + r.dice.IntN(8) {
		switch err := l.Renew(context.Background()); {
		case r.dead:
			return
		case err == nil:
			r.write()
		case errors.Is(err, lease.ErrLost):
			if r.owner == r.name {
				r.Fatalf("%s believes that it lost the lease that it has", r.name)
			}
			return
		case !cloud.Lost(err) && !cloud.Throttled(err):
			r.Fatalf("%s cannot renew: %v", r.name, err)
		}
		pause := r.upTo(25 * time.Second)
		if r.chance(0.1) {
			pause = r.upTo(5 * time.Minute) // it hangs
		}
		_ = r.Sleep(context.Background(), pause)
	}
	if r.writing == r.name {
		r.until = r.sim.Now() // it has waited for its writes
	}
	if err := l.Release(context.Background()); err == nil && !r.dead {
		if r.owner == r.name && r.orphan == 0 {
			r.Fatalf("%s gave the lease back and still has it", r.name)
		}
	}
}

// step lets happen what is due next.
func (c *contest) step() {
	g := -1
	for i := range c.ghosts {
		if g < 0 || c.ghosts[i].at.Before(c.ghosts[g].at) {
			g = i
		}
	}
	var r *run
	for _, one := range c.runs {
		if !one.dead && (r == nil || one.wake.Before(r.wake)) {
			r = one
		}
	}
	if g >= 0 && c.ghosts[g].at.Before(r.wake) {
		one := c.ghosts[g]
		c.ghosts = append(c.ghosts[:g], c.ghosts[g+1:]...)
		c.reach(one.at)
		_, _ = c.deliver(one.from, one.r, one.body)
		return
	}
	c.reach(r.wake)
	d, ok := r.next()
	if !ok {
		c.Fatalf("%s has ended", r.name)
	}
	r.wake = c.sim.Now().Add(d)
}

func (c *contest) reach(at time.Time) {
	if d := at.Sub(c.sim.Now()); d > 0 {
		_ = c.sim.Sleep(context.Background(), d)
	}
}

// kill ends a run in the midst of what it does; what it has sent takes effect all the same.
func (r *run) kill() {
	r.dead = true
	r.stop()
}

func (c *contest) end() {
	for _, r := range c.runs {
		if !r.dead {
			r.kill()
		}
	}
}

// TestSafetyOneRunWritesAtATime: whatever the network does, nobody takes over what was renewed within a TTL, nobody
// gives back what is another's, no two may write at the same time, nobody loses what it has, and nobody stops for good.
func TestSafetyOneRunWritesAtATime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newContest(t)
		defer c.end()
		for end := c.sim.Now().Add(25 * time.Minute); c.sim.Now().Before(end); {
			c.step()
		}
		if c.served.IsZero() {
			t.Fatal("nobody was ever allowed to write")
		}
	})
}

// TestLivenessSomebodyGetsTheLeaseAfterTheOthersDied: runs die anywhere, also in the midst of a request, in bad weather;
// when that is over the last one gets the lease within minutes, most of which it spends asleep.
func TestLivenessSomebodyGetsTheLeaseAfterTheOthersDied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newContest(t)
		defer c.end()
		for _, r := range c.runs[1:] {
			for range rapid.IntRange(1, 300).Draw(t, "steps") {
				c.step()
			}
			r.kill()
		}
		c.sim.With(func(w *world.World) { w.Weather = world.Weather{} })
		died := c.sim.Now()
		for c.served.Before(died) || c.writing != c.runs[0].name {
			if c.step(); c.sim.Now().Sub(died) > 10*time.Minute {
				t.Fatalf("the lease is still %q", c.object)
			}
		}
	})
}

package fleet

import (
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"berth/internal/drive/rolling"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

// latency is how long a call takes: they are made one after the other.
const latency = 20 * time.Millisecond

// way is one way of replacing instances.
type way struct {
	name, slug string
	roll       bool       // by berth
	single     bool       // every task is to move once
	ties       world.Ties // which of equally good instances ECS takes
	does       func(*run)
}

// run is one run in a world of its own.
type run struct {
	*stand

	trace  *world.Trace
	census *census
	policy Policy // of a roll; the zero one: it has no bound
	worked map[string]time.Time
	ended  map[string]time.Time
}

// measure replaces the instances of a stand in some way.
func (s *stand) measure(tb testing.TB, w way) Figures {
	tb.Helper()
	r := &run{stand: s.fork(tb), worked: map[string]time.Time{}, ended: map[string]time.Time{}}
	r.trace = r.sim.Record()
	r.sim.With(func(world *world.World) {
		world.Tuning.Ties = w.ties
		r.census = attend(world, r.trace, s.instances)
	})
	began, wall := r.sim.Now(), time.Now()
	w.does(r)
	f := Figures{Instances: s.instances, Way: w.name, Took: r.sim.Now().Sub(began), Wall: time.Since(wall)}
	r.sum(&f)
	return f
}

// sum takes the figures of a run that has ended.
func (r *run) sum(f *Figures) {
	r.tb.Helper()
	var unknown []string
	f.Calls = byService(r.trace.Entries)
	if f.Shares, unknown = shares(r.trace.Entries); len(unknown) > 0 {
		r.tb.Fatalf("nobody knows the limits of %q", unknown)
	}
	if r.policy.Instances > 0 {
		f.Bound = r.policy.Bound(delays(r.trace.Entries, r.census.people, delay*time.Second))
	}
	came := len(r.census.came)
	r.pass(10 * time.Minute) // what clients have asked for is answered, and nothing goes wrong afterwards
	r.sim.With(func(w *world.World) {
		c := r.census
		c.spend(w.Now())
		now := c.requests(w)
		f.Served, f.Failed = now.served-c.before.served, now.failed-c.before.failed
		f.Moves, f.After, f.Lowest, f.Extra = float64(came)/float64(len(c.first)), len(c.came)-came, c.lowest, c.more
	})
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.Memory = m.HeapAlloc
	r.replaced()
}

// replaced wants no instance from before, and as many new ones.
func (r *run) replaced() {
	r.tb.Helper()
	r.sim.With(func(w *world.World) {
		g, _ := w.Region(region).AutoScaling.Groups.Get(group)
		fresh := 0
		for m := range g.Members.Rows() {
			if m.State == "InService" && !r.outdated(m.ID) {
				fresh++
			}
		}
		left := g.Members.Len() - fresh
		if r.policy.Instances == 0 {
			left = 0 // a group's hook may hold what EC2 has long terminated
		}
		if fresh != r.instances || left > 0 || g.Desired != r.instances || g.Max != max(3, r.instances) {
			r.tb.Errorf("%d of %d members are new; the group is to have %d of at most %d", fresh, fresh+left, g.Desired, g.Max)
		}
	})
}

// outdated tells whether an instance is one of those from before.
func (r *run) outdated(id string) bool {
	return slices.ContainsFunc(r.groups[0].Instances, func(i model.Instance) bool { return i.ID == id })
}

// roundTrip is a way to AWS.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slow is a client whose calls take their time.
func (r *run) slow() *http.Client {
	c := r.sim.Client()
	next := c.Transport
	c.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		if err := r.sim.Sleep(req.Context(), latency); err != nil {
			return nil, err
		}
		return next.RoundTrip(req)
	})
	return c
}

// rolls is berth roll --yes with some flags, which change an order.
func (r *run) rolls(change func(*roll.Order)) {
	r.tb.Helper()
	o := roll.Defaults()
	o.Run = "run-1"
	change(&o)
	r.policy = policyOf(o, r.instances)
	one := &rolling.Roll{
		Cloud: r.client(r.slow(), "run-1"), Scope: r.scope(), Groups: r.groups, Order: o, Tell: r.tell,
		Who: lease.Holder{Owner: "bench", Host: "here", Verb: "roll", Run: "run-1"},
	}
	_, d, err := one.Do(r.tb.Context())
	r.must(err)
	if d.Outcome != roll.Replaced {
		r.tb.Errorf("%s: %v", d.Outcome, d.Memory.Why)
	}
	if testing.Verbose() {
		r.phases(d.Memory)
	}
}

// policyOf is what the bound must know of an order.
func policyOf(o roll.Order, instances int) Policy {
	p := Policy{Instances: instances, Canaries: o.Canary, Surge: o.Surge.Of(instances), Ramp: o.Ramp, Hold: o.Hold, Bake: o.Bake}
	if o.Strategy == roll.Double {
		p.Surge, p.Apart, p.Ramp = instances, true, false
	}
	return p
}

// tell follows a roll, which must end some day.
func (r *run) tell(s roll.Snapshot, d roll.Decision) {
	if s.At.Sub(d.Memory.Began) > longestRoll {
		r.tb.Fatalf("it does not end: %+v", d.Why)
	}
	r.follow(s, d.Memory)
}

// longestRoll is longer than any of these rolls takes.
const longestRoll = 7 * 24 * time.Hour

// ways are those that are compared.
func ways() []way {
	drain := func(*roll.Order) {}
	fence := func(o *roll.Order) { o.Fence = true }
	surge := func(o *roll.Order) { o.Surge, o.Ramp = roll.Amount{N: 10, Percent: true}, false }
	double := func(o *roll.Order) { o.Strategy = roll.Double }
	var out []way
	for _, w := range []way{
		{name: "`drain`", slug: "drain", roll: true, does: func(r *run) { r.rolls(drain) }},
		{name: "`drain --fence`", slug: "fence", roll: true, single: true, does: func(r *run) { r.rolls(fence) }},
		{name: "`drain --surge 10%`", slug: "surge", roll: true, does: func(r *run) { r.rolls(surge) }},
		{name: "`double`", slug: "double", roll: true, single: true, does: func(r *run) { r.rolls(double) }},
		{name: "script, one by one", slug: "one-by-one", does: (*run).oneByOne},
		{name: "script, terminate", slug: "terminate", does: (*run).terminate},
	} {
		out = append(out, w)
		if w.roll { // where ECS finds several instances equally good, nobody knows which one it takes
			w.name, w.slug, w.ties = w.name+", the newest first", w.slug+"-newest", world.TiesNewest
			out = append(out, w)
		}
	}
	return out
}

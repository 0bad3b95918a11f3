package traffic

import (
	"slices"
	"time"

	"berth/internal/sim/world"
)

// Counts is what became of requests. Two of them can be subtracted.
type Counts struct {
	Offered  int64 // that came: the sum of all others
	Served   int64
	InFlight int64 // that are being worked on
	NoTarget int64 // failed: there was no target to send them to
	Refused  int64 // failed: nothing listened, or nothing was reached
	Errors   int64 // failed: answered with 5xx, or never
	Cut      int64 // failed: the program went away while it worked on them
}

// Failed is the number of requests that failed.
func (c Counts) Failed() int64 { return c.NoTarget + c.Refused + c.Errors + c.Cut }

// Since is what happened after an earlier moment, given what had happened until then.
func (c Counts) Since(earlier Counts) Counts {
	return Counts{
		Offered: c.Offered - earlier.Offered, Served: c.Served - earlier.Served, InFlight: c.InFlight - earlier.InFlight,
		NoTarget: c.NoTarget - earlier.NoTarget, Refused: c.Refused - earlier.Refused, Errors: c.Errors - earlier.Errors, Cut: c.Cut - earlier.Cut,
	}
}

// Plus is the sum of two counts.
func (c Counts) Plus(d Counts) Counts { return c.Since(Counts{}.Since(d)) }

// Figure is what became of the requests that met one listener rule, or one listener of a classic load balancer, and were meant
// for one target group.
type Figure struct {
	Region, Balancer string // Balancer is the name
	Port             int32  // of the listener
	Rule             string // ARN; empty for a classic load balancer
	Group            string // ARN; empty where the load balancer is a classic one or answers itself
	Service          string // "cluster/service"; empty: none was behind it
	Rate             int64  // requests a second that meet the rule now, for all its groups
	Counts
	First, Last time.Time       // of those that failed; zero: none did
	Seconds     int64           // of the clock that a stretch of failures touched
	Failures    []world.Failure // the latest stretches, oldest first, at most 100 for a rule
}

// Figures are what became of all requests by now, in the order in which flows began, then in that of their target groups. To
// ask changes nothing.
func Figures(w *world.World) []Figure {
	var out []Figure
	for r := range w.Regions.Rows() {
		for key := range r.Traffic.Flows.All() {
			out = append(out, figuresOf(w, r, key)...)
		}
	}
	return out
}

func figuresOf(w *world.World, r *world.Region, key string) []Figure {
	live, _ := r.Traffic.Flows.Get(key)
	f := upToNow(live, w.Now())
	var out []Figure
	for _, t := range f.Totals {
		x := Figure{
			Region: r.Name, Balancer: f.Balancer, Port: f.Port, Rule: f.Rule, Group: t.Group, Service: behind(r, t.Group),
			Rate: current(live).Rate, First: t.First, Last: t.Last, Seconds: t.Seconds, Counts: countsOf(&t),
		}
		if f.Rule == "" {
			x.Group = ""
		}
		for _, s := range f.Spells {
			x.Counts = x.Plus(inWork(&s, t.Group, w.Now()))
		}
		for _, one := range f.Failures {
			if one.Group == t.Group {
				x.Failures = append(x.Failures, one)
			}
		}
		out = append(out, x)
	}
	return out
}

// countsOf is what a total knows for good.
func countsOf(t *world.FlowTotal) Counts {
	c := Counts{Served: t.Served, NoTarget: t.NoTarget, Refused: t.Refused, Errors: t.Errors, Cut: t.Cut}
	c.Offered = c.Served + c.Failed()
	return c
}

// upToNow is a copy of a flow as if something had changed now. All its requests are in its totals then, but for those of spells
// that programs may still work on.
func upToNow(live *world.Flow, now time.Time) *world.Flow {
	f := *live
	f.Spells, f.Totals, f.Failures = slices.Clone(f.Spells), slices.Clone(f.Totals), slices.Clone(f.Failures)
	advance(&f, now)
	s := current(&f)
	turn(&f, now, s.Rate, fresh(s.Paths))
	return &f
}

// inWork counts the requests of a spell that succeed, and are in no total yet.
func inWork(s *world.Spell, group string, now time.Time) Counts {
	var c Counts
	if s.Until.IsZero() {
		return c // it begins now
	}
	n, _ := arrived(s, s.Until)
	counts := spread(s, n)
	for i, l := range lanes(s) {
		if l.Outcome != "" || l.group != group {
			continue
		}
		over := done(s, i, l, now)
		if l.Died {
			over = counts[i] - l.Cut
		}
		c.Served += over
		c.InFlight += counts[i] - l.Cut - over
	}
	c.Offered = c.Served + c.InFlight
	return c
}

// behind is the service that a target group, or a classic load balancer, belongs to; of several the newest.
func behind(r *world.Region, group string) string {
	if all := watchedServices(r, group); len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// Failed counts the requests of a region that have failed by now: those of a service, of a load balancer, of a listener or of a
// rule, as Offer names them, or all if what is empty. It is cheap as long as nothing fails at this moment.
func Failed(w *world.World, r *world.Region, what string) (int64, error) {
	kind, name := "", ""
	if what != "" {
		var err error
		if kind, name, err = resolve(r, what); err != nil {
			return 0, err
		}
	}
	n := int64(0)
	for key, f := range r.Traffic.Flows.All() {
		if kind == "rule" && key != name || kind == "balancer" && f.Balancer != name {
			continue
		}
		if failing(current(f)) {
			f = upToNow(f, w.Now())
		}
		for _, t := range f.Totals {
			if kind != "service" || slices.Contains(watchedServices(r, t.Group), name) {
				n += t.NoTarget + t.Refused + t.Errors + t.Cut
			}
		}
	}
	return n, nil
}

// failing tells whether a spell has requests that fail as they come.
func failing(s *world.Spell) bool {
	for p := range s.Paths {
		for n := range s.Paths[p].Nodes {
			for l := range s.Paths[p].Nodes[n].Lanes {
				if s.Paths[p].Nodes[n].Lanes[l].Outcome != "" {
					return true
				}
			}
		}
	}
	return false
}

func watchedServices(r *world.Region, group string) []string {
	if x, ok := r.Traffic.Watched.Get(group); ok {
		return x.Services
	}
	return nil
}

package dst

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/config"
	"berth/internal/live"
	"berth/internal/roll"
	"berth/internal/roll/decide"
	"berth/internal/sim/world"
)

// tide is the clock of the whole program on a sea: what is due happens while it sleeps. A program that has died sleeps no more.
type tide struct {
	*sea

	dead *bool
}

// Now is the world's time.
func (c tide) Now() time.Time { return c.Sim.Now() }

// Sleep lets time go by.
func (c tide) Sleep(ctx context.Context, d time.Duration) error {
	if *c.dead {
		return errDead
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.pass(d)
	return nil
}

// mortal is the way of the whole program to AWS: its writes are watched, and it may die at any call.
type mortal struct {
	look *lookout
	dies int
	dead bool
	n    int
}

func (x *mortal) way(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(req *http.Request) (resp *http.Response, err error) {
		x.n++
		switch x.dies--; {
		case x.dead || x.dies == 0:
			x.dead = true
			return nil, errDead
		case !writes(req):
			return next.RoundTrip(req)
		}
		x.look.acts("berth", func() { resp, err = next.RoundTrip(req) })
		if x.dies == 1 { // it dies before it hears of it
			x.dead = true
			return nil, errDead
		}
		return resp, err
	})
}

// writes tells whether a request may change instances, tasks, services or groups.
func writes(req *http.Request) bool {
	_, name, known := strings.Cut(req.Header.Get("X-Amz-Target"), ".")
	if !known {
		if req.Body == nil || req.Method != http.MethodPost {
			return false // S3
		}
		text, err := io.ReadAll(req.Body)
		if err != nil {
			return true
		}
		req.Body = io.NopCloser(bytes.NewReader(text))
		_, name, _ = strings.Cut(string(text), "Action=")
	}
	return !world.Reads(name)
}

// program carries a voyage out with the whole program over the wire.
func (v voyage) program(t *testing.T, d *docks, tell func(*Rig, roll.Snapshot, roll.Decision)) arrival {
	t.Helper()
	r := v.launch(t, d)
	_, c := d.fork(t, v.shape)
	look := newLookout(r, v.order, !v.rough && v.order.Strategy != roll.Terminate)
	s := &sea{Rig: r, t: t, look: look, run: v.order.Run, began: r.Sim.Now(), deeds: v.deeds}
	a, deaths := arrival{}, v.deaths
	r.Policies = nil
	for tries := 0; ; tries++ {
		x := &mortal{look: look}
		if len(deaths) > 0 {
			x.dies, deaths = deaths[0]+30, deaths[1:]
		}
		done, err := v.runs(t, r, c, s, x, tell)
		a.outcome, a.why, a.count = done.Outcome, done.Memory.Why, done.Memory.Count
		a.looks += x.n
		if err == nil {
			break
		}
		look.tale = append(look.tale, r.Sim.Now().Format("15:04:05 ")+err.Error())
		if tries > 30 {
			look.accuse(r.Sim.Now(), "it never ends: %v", err)
			break
		}
		s.pass(time.Minute)
	}
	return v.lands(t, s, a)
}

// runs is one run of the program.
func (v voyage) runs(t *testing.T, r *Rig, c *config.Config, s *sea, x *mortal, tell func(*Rig, roll.Snapshot, roll.Decision)) (roll.Decision, error) { //nolint:revive // what one run of a test needs
	t.Helper()
	r.weather(world.Weather{})
	run := r.roller(t, c) // what it is given was read before
	r.weather(v.weather)
	r.Hook = x.way
	cluster, _ := r.cluster(c)
	r.Hook = nil
	run.Cloud, run.Order = cluster.Cloud, v.order
	run.Cloud.Clock = tide{s, &x.dead}
	looks := 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run.Tell = func(snap roll.Snapshot, d roll.Decision) {
		if looks++; looks > mostLooks {
			x.dead = true
			s.look.accuse(snap.At, "it is not over after %d looks: %s, %v", looks, d.Memory.Stage, d.Why)
		}
		if tell != nil {
			tell(r, snap, d)
		}
	}
	_, d, err := run.Do(ctx)
	if looks > mostLooks {
		err = nil
	}
	return d, err
}

// lands looks at what is left behind.
func (v voyage) lands(t *testing.T, s *sea, a arrival) arrival {
	t.Helper()
	a.took = s.Sim.Now().Sub(s.began)
	if a.took > mostTime {
		s.look.accuse(s.Sim.Now(), "it took %s", a.took)
	}
	s.look.ends()
	s.weather(world.Weather{})
	s.deeds = nil
	s.pass(15 * time.Minute)
	s.look.ashore(a.why)
	if n := s.look.failed(); s.look.calm && n > 0 {
		s.look.accuse(s.Sim.Now(), "%d requests have failed", n)
	}
	a.crimes = s.look.crimes
	if v.seed < replayed {
		a.state = s.saved(t)
	}
	a.log = slices.Sorted(slices.Values(slices.Concat(a.log, s.log, s.look.tale)))
	return a
}

// logged notes what a program does, for people who read a failed test.
func logged(log *[]string) func(*Rig, roll.Snapshot, roll.Decision) {
	return func(_ *Rig, s roll.Snapshot, d roll.Decision) {
		for _, act := range d.Actions {
			*log = append(*log, fmt.Sprintf("%s %s %s %s %v %v %s=%s %s %d", s.At.Format("15:04:05"), act.Verb, act.Group, act.Zone, act.Instances, act.ARNs, act.Key, act.Value, act.Service, act.Count))
		}
	}
}

func TestTheWholeProgramRollsRandomWorldsAndHarmsNobody(t *testing.T) {
	t.Parallel()
	d := newDocks()
	for seed := range seedsOf(12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			many(t, 12)
			v := voyages(seed)
			var log []string
			one := v.program(t, d, logged(&log))
			for _, crime := range one.crimes {
				t.Error(crime)
			}
			if t.Failed() {
				t.Logf("%s%s %v\nreplay: go test ./internal/dst -run 'TestTheWholeProgramRollsRandomWorldsAndHarmsNobody/seed_%d$' -seeds %d", v, one.outcome, one.why, seed, seed+1)
				if testing.Verbose() {
					t.Log(strings.Join(slices.Sorted(slices.Values(slices.Concat(log, one.log))), "\n"))
				}
				return
			}
			if seed >= 12 {
				return
			}
			if two := v.program(t, d, nil); !bytes.Equal(one.state, two.state) {
				t.Errorf("the same seed went two ways: %s", firstDifference([]byte(strings.Join(one.log, "\n")), []byte(strings.Join(two.log, "\n"))))
			}
		})
	}
}

// bearings compares what the program has seen with what was there, and what it has decided with what would be decided of that.
type bearings struct {
	chart *chart
	fresh roll.Scope // what the last decision wanted to be seen
	begun bool
	wrong []string
}

func (b *bearings) take(r *Rig, seen roll.Snapshot, decided roll.Decision) {
	full := !b.begun || b.fresh.Full
	var there roll.Snapshot
	r.Sim.With(func(w *world.World) { there = b.chart.snapshot(w, seen.Order, seen.Memory) })
	there.Interrupted = seen.Interrupted
	for n, s := range there.Services {
		if !full && !slices.Contains(b.fresh.Services, s.Name) { // it is as it was seen last
			if i := slices.IndexFunc(seen.Services, func(o roll.Service) bool { return o.Name == s.Name }); i >= 0 {
				there.Services[n] = seen.Services[i]
			}
		}
	}
	one, two := plainly(seen), plainly(there)
	for n := range max(len(one), len(two)) {
		if n >= len(one) || n >= len(two) || one[n] != two[n] {
			b.wrong = append(b.wrong, fmt.Sprintf("%s: seen, and there:\n%s\n%s", seen.At.Format("15:04:05"), at(one, n), at(two, n)))
			break
		}
	}
	again := decide.Decide(there)
	if x, y := fmt.Sprintf("%s %+v", decided.Outcome, decided.Actions), fmt.Sprintf("%s %+v", again.Outcome, again.Actions); x != y {
		b.wrong = append(b.wrong, fmt.Sprintf("%s: decided, and to be decided:\n%s\n%s", seen.At.Format("15:04:05"), x, y))
	}
	b.fresh, b.begun = decided.Watch, true
}

func at(list []string, n int) string {
	if n < len(list) {
		return list[n]
	}
	return "nothing"
}

// plainly is a snapshot, a line for each thing: what a decision may go by.
func plainly(s roll.Snapshot) []string {
	out := []string{fmt.Sprintf("%s %q %v", s.At, s.Command, s.Missing)}
	for _, g := range s.Groups {
		g.Hooks, g.Failures = nil, nil
		out = append(out, jsonOf(g))
	}
	for _, n := range s.Nodes {
		if len(n.Outdated) > 0 {
			n.Outdated = n.Outdated[:1]
			n.Outdated[0].Kind = "outdated"
		}
		out = append(out, jsonOf(n))
	}
	for _, x := range s.Services {
		line := fmt.Sprintln(x.Name, x.Status, x.Daemon, x.Desired, x.Running, x.Pending, x.Healthy, x.MinPct, x.MaxPct, x.Definition)
		for _, r := range x.Revisions {
			line += fmt.Sprintln(" ", r.ID, r.Status, r.Rollout, r.Desired, r.Running, r.Pending, r.Definition)
		}
		out = append(out, line+jsonOf(s.Demands[x.Definition+" "+x.Name]))
	}
	for _, x := range s.Tasks {
		out = append(out, taskLine(x)+jsonOf(s.Demands[keyOf(x)]))
	}
	return out
}

func keyOf(t live.Task) string {
	if name, of := strings.CutPrefix(t.Group, "service:"); of {
		return t.Definition + " " + name
	}
	return t.Definition
}

func taskLine(t live.Task) string {
	return fmt.Sprintln(t.ARN, t.Group, t.StartedBy, t.Definition, t.Last, t.Desired, t.Instance, t.Zone, t.Address, t.Connected || t.Last == "STOPPED", t.Stopping)
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestWhatTheProgramSeesOverTheWireIsWhatThereIs(t *testing.T) {
	t.Parallel()
	d := newDocks()
	most := uint64(6)
	if *seeds > 6 {
		most = min(uint64(*seeds), 200)
	}
	for seed := range most {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			many(t, 6)
			v := voyages(seed)
			v.weather, v.deaths = world.Weather{}, nil
			b := &bearings{chart: newChart()}
			v.program(t, d, b.take)
			for _, wrong := range b.wrong[:min(len(b.wrong), 2)] {
				t.Error(wrong)
			}
		})
	}
}

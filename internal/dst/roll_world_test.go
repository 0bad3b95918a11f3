package dst

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/roll"
	"berth/internal/roll/decide"
	"berth/internal/sim/world"
)

// voyage is a world, made from a seed, in which instances are rolled.
type voyage struct {
	seed    uint64
	shape   shape
	trades  []trade
	order   roll.Order
	deeds   []upset
	weather world.Weather
	ties    world.Ties
	deaths  []int // after how many calls runs die, one after the other
	rough   bool  // something is taken away without berth
}

// sizes are how many instances' worth of tasks a shape bears.
var roomy = map[string]int{"one": 1, "two in two zones": 2, "three in three zones, full": 3, "five in three zones": 5, "nine": 9, "fourteen in two groups": 10}

// voyages makes a world of a seed. The first seeds have small clusters.
func voyages(seed uint64) voyage {
	r := rand.New(rand.NewPCG(seed, 7))
	all := shapes()
	v := voyage{seed: seed, shape: all[r.IntN(smallShapes)]}
	if seed >= 50 && r.IntN(3) == 0 {
		v.shape = all[smallShapes+min(r.IntN(6), r.IntN(6))]
	}
	v.order = orders(r)
	v.rough = r.IntN(5) < 2
	v.ties = []world.Ties{world.TiesOldest, world.TiesNewest, world.TiesDice}[r.IntN(3)]
	if r.IntN(3) == 0 {
		v.weather = world.Weather{Throttle: 0.03, Break: 0.02, LoseRequest: 0.02, LoseAnswer: 0.02}
	}
	for range r.IntN(4) {
		v.deeds = append(v.deeds, upsets(r, v.rough))
	}
	if slices.ContainsFunc(v.deeds, func(u upset) bool { return u.name == pauses }) {
		v.deeds = append(v.deeds, upset{after: 50 * time.Minute, name: "somebody goes on after all", does: func(s *sea) { s.command("") }})
	}
	v.deeds = sorted(v.deeds)
	if r.IntN(3) == 0 {
		for range 1 + r.IntN(3) {
			v.deaths = append(v.deaths, 1+r.IntN(60))
		}
	}
	v.cargo(r)
	return v
}

// orders are what somebody wants of a roll, in every way that makes sense.
func orders(r *rand.Rand) roll.Order {
	o := roll.Defaults()
	o.Run = "run-1"
	switch n := r.IntN(10); {
	case n < 2:
		o.Strategy = roll.Double
	case n < 3:
		o.Strategy, o.AllowOutage = roll.Terminate, true
	}
	o.Sequence = []roll.Sequence{roll.Oldest, roll.Emptiest, roll.ByZone}[r.IntN(3)]
	o.Surge = []roll.Amount{{N: 10, Percent: true}, {N: 1}, {N: 2}, {N: 50, Percent: true}}[r.IntN(4)]
	o.Ramp = r.IntN(3) > 0
	o.MaxUnavailable = []roll.Amount{{}, {}, {}, {N: 1}, {N: 25, Percent: true}}[r.IntN(5)]
	o.Canary = []int{1, 1, 1, 0, 2}[r.IntN(5)]
	o.Bake = []time.Duration{0, 0, 2 * time.Minute}[r.IntN(3)]
	o.Hold = []time.Duration{time.Minute, 20 * time.Second}[r.IntN(2)]
	o.DrainTimeout = []time.Duration{30 * time.Minute, 12 * time.Minute}[r.IntN(2)]
	o.Standalone = []roll.Standalone{roll.WaitForThem, roll.StopThem, roll.SkipThem}[r.IntN(3)]
	o.Patch, o.Fence, o.BeyondMax = r.IntN(2) == 0, r.IntN(4) == 0, r.IntN(5) > 0
	o.MaxDuration = []time.Duration{0, 0, 0, 25 * time.Minute}[r.IntN(4)]
	o.All = r.IntN(10) == 0
	return o
}

// cargo fills a cluster to about half.
func (v *voyage) cargo(r *rand.Rand) {
	size, known := roomy[v.shape.name]
	if !known {
		size = 4
	}
	if strings.HasPrefix(v.shape.name, "twenty") || strings.HasPrefix(v.shape.name, "sixty") {
		size = 22
	}
	left := int32(size * 900)
	balancer := !strings.Contains(v.shape.text, oneZone)
	services := 1 + r.IntN(min(40, 3*size))
	wires := size / 2
	for n := range services {
		x := trades(r, n, balancer)
		if x.kind == "awsvpc" {
			if wires--; wires < 0 {
				continue
			}
		}
		if left -= x.cpu * max(x.count, 1); left < 0 {
			break
		}
		x.protected = !x.daemon && r.IntN(12) == 0
		v.trades = append(v.trades, x)
	}
	for n := range r.IntN(3) {
		if r.IntN(3) == 0 {
			v.trades = append(v.trades, lonely(r, n))
		}
	}
}

// String says what the world is, for people who read a failed test.
func (v voyage) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %s, ties %q, rough %v, weather %+v, deaths %v\norder %+v\n", v.seed, v.shape.name, v.ties, v.rough, v.weather, v.deaths, v.order)
	for _, x := range v.trades {
		fmt.Fprintln(&b, x)
	}
	for _, d := range v.deeds {
		fmt.Fprintln(&b, d.after, d.name)
	}
	return b.String()
}

// launch makes the world, up to where berth begins.
func (v voyage) launch(t *testing.T, d *docks) *Rig {
	t.Helper()
	r, _ := d.fork(t, v.shape)
	r.Sim.With(func(w *world.World) { w.Seed, w.Tuning.Ties = v.seed+1, v.ties })
	for _, x := range v.trades {
		x.establish(t, r)
	}
	r.Sim.With(func(w *world.World) { w.Advance(6 * time.Minute) })
	for range 12 {
		r.Sim.With(becalmed)
	}
	for _, x := range v.trades {
		if x.protected {
			safe(t, r, x.name, 30*time.Minute)
		}
	}
	return r
}

// becalmed lets time go by where autoscaling has still more instances than it wants.
func becalmed(w *world.World) {
	for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
		if g.Members.Len() != g.Desired {
			w.Advance(10 * time.Minute)
			return
		}
	}
}

// arrival is how a voyage has ended.
type arrival struct {
	outcome roll.Outcome
	why     []string
	crimes  []string
	log     []string
	state   []byte // of a world that is sailed twice
	looks   int
	took    time.Duration
	count   roll.Count
}

// mostLooks is how often a roll may look before it must have come to an end, and mostTime how long it may take by the world's clock.
const (
	mostLooks = 6000
	mostTime  = 48 * time.Hour
)

// replayed is how many of the first worlds are sailed twice: the same seed must go the same way.
const replayed = 50

// sails carries a voyage out without the wire.
func (v voyage) sails(t *testing.T, d *docks, decide func(roll.Snapshot) roll.Decision) arrival {
	t.Helper()
	r := v.launch(t, d)
	look := newLookout(r, v.order, !v.rough && v.order.Strategy != roll.Terminate)
	s := &sea{Rig: r, t: t, look: look, run: v.order.Run, began: r.Sim.Now(), deeds: v.deeds}
	p := &pilot{Rig: r, look: look, chart: newChart(), decide: decide, order: v.order}
	r.weather(v.weather)
	a := arrival{}
	deaths := v.deaths
	for {
		p.dies = 0
		if len(deaths) > 0 {
			p.dies, deaths = deaths[0]+1, deaths[1:]
		}
		done, err := p.sail(s.pass, mostLooks)
		a.outcome, a.why, a.count = done.Outcome, done.Memory.Why, done.Memory.Count
		if errors.Is(err, errDead) {
			p.note("dies", nil)
			s.pass(time.Duration(1+len(deaths)) * time.Minute)
			continue
		}
		if err != nil {
			look.accuse(r.Sim.Now(), "%v: %v", err, done.Memory.Why)
		}
		break
	}
	a.log = p.log
	return v.lands(t, s, a)
}

// seedsOf is how many seeds a test runs: so many, or more if somebody wants that.
func seedsOf(least int) uint64 { return uint64(max(least, *seeds)) }

// Worlds in which rolls once did harm, and what came together there.
func TestRollsOfWorldsThatWereHardHarmNobody(t *testing.T) {
	d := newDocks()
	for seed, why := range map[uint64]string{ // unordered: each of its own
		97: "the last instance of a zone was surplus", 86: "a drain was undone and another begun before that had come true", 161: "a group had more than it was to have",
		478: "somebody drained two of three", 557: "a group took a new one for one that was too many", 787: "a run ended before what was left of an instance had gone",
		878: "somebody asked for fewer, and the group took a new one", 899: "autoscaling took a new one before the minimum was held up",
		908: "a drain that was undone counted as somebody else's", 2660: "one that worked went, and one that booted stayed",
		2705: "the call that takes away what is left of an instance got lost", 2861: "an agent was gone when the surge went",
		3338: "a drain was undone while tasks that had just started counted as healthy", 6611: "somebody ran a task where no instance was left",
		7575: "a service shrank while tasks moved", 8473: "somebody asked for more than the maximum", 5712: "one that stayed was taken after the end",
	} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			for _, crime := range voyages(seed).sails(t, d, decide.Decide).crimes {
				t.Errorf("%s: %s", why, crime)
			}
		})
	}
}

func TestRollsOfRandomWorldsHarmNobody(t *testing.T) {
	t.Parallel()
	d := newDocks()
	for seed := range seedsOf(50) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			many(t, 50)
			v := voyages(seed)
			one := v.sails(t, d, decide.Decide)
			for _, crime := range one.crimes {
				t.Error(crime)
			}
			if t.Failed() {
				t.Logf("%s%s %v\nreplay: go test ./internal/dst -run 'TestRollsOfRandomWorldsHarmNobody/seed_%d$' -seeds %d", v, one.outcome, one.why, seed, seed+1)
				if testing.Verbose() {
					t.Log(strings.Join(one.log, "\n"))
				}
				return
			}
			if seed >= replayed {
				return
			}
			if two := v.sails(t, d, decide.Decide); string(one.state) != string(two.state) || strings.Join(one.log, "\n") != strings.Join(two.log, "\n") {
				t.Errorf("the same seed went two ways: %s", firstDifference([]byte(strings.Join(one.log, "\n")), []byte(strings.Join(two.log, "\n"))))
			}
		})
	}
}

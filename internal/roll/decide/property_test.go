package decide

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/roll"
)

// luck is what a property draws: a toy with services, an order, and what goes wrong and when.
type luck struct {
	*toy

	r       *rapid.T
	desired int // what the group is meant to have, with what others have done to it
	most    int
	bounds  map[string]int // maximumPercent of the services
	turbid  bool           // instances died: what is below its minimum then is not the roll's doing
}

func draw(t *testing.T, r *rapid.T) *luck {
	zones, each := rapid.IntRange(1, 3).Draw(r, "zones"), rapid.IntRange(1, 6).Draw(r, "each")
	l := &luck{toy: newToy(t, zones, each), r: r, desired: zones * each, most: zones * each, bounds: map[string]int{}}
	g := l.groups[0]
	g.ProtectNew = rapid.Bool().Draw(r, "protect new")
	for _, n := range l.nodes {
		n.Protected = g.ProtectNew
		if rapid.IntRange(0, 5).Draw(r, "current") == 0 {
			n.Outdated = nil
		}
	}
	if rapid.IntRange(0, 3).Draw(r, "headroom") == 0 {
		g.Max += rapid.IntRange(1, 10).Draw(r, "more")
	}
	l.most = g.Max
	for n := range rapid.IntRange(0, 5).Draw(r, "services") {
		kind := rapid.SampledFrom([][2]int{{100, 200}, {100, 150}, {50, 100}, {100, 100}, {0, 100}}).Draw(r, "kind")
		name := fmt.Sprint("s", n)
		l.bounds[name] = kind[1]
		l.serve(name, rapid.IntRange(1, 8).Draw(r, "count"), kind[0], kind[1])
	}
	o := &l.order
	o.Strategy = rapid.SampledFrom([]roll.Strategy{roll.Drain, roll.Drain, roll.Double}).Draw(r, "strategy")
	o.Surge = roll.Amount{N: rapid.IntRange(1, 4).Draw(r, "surge")}
	o.Ramp = rapid.Bool().Draw(r, "ramp")
	o.Canary = rapid.IntRange(0, 2).Draw(r, "canary")
	o.Hold = time.Duration(rapid.IntRange(0, 3).Draw(r, "hold")) * 30 * time.Second
	o.BeyondMax = rapid.IntRange(0, 4).Draw(r, "beyond") > 0
	o.MaxUnavailable = roll.Amount{N: rapid.IntRange(0, 2).Draw(r, "unavailable") / 2}
	o.Patch, o.Fence = rapid.Bool().Draw(r, "patch"), rapid.Bool().Draw(r, "fence")
	return l
}

// fate lets things happen at random while the roll goes on.
func (l *luck) fate() {
	odds := rapid.SampledFrom([]int{0, 0, 4, 12}).Draw(l.r, "weather")
	dies, scales := rapid.IntRange(0, 2).Draw(l.r, "deaths"), rapid.IntRange(0, 2).Draw(l.r, "scaling")
	command := rapid.SampledFrom([]roll.Command{roll.GoOn, roll.GoOn, roll.GoOn, roll.Abort, roll.Undo}).Draw(l.r, "command")
	when := l.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(l.r, "when")) * time.Minute)
	n := 0
	l.lose = func(verb roll.Verb) (bool, bool) {
		n++
		if l.now.After(when) {
			l.command = command
		}
		if dies > 0 && rapid.IntRange(0, 20).Draw(l.r, "dies") == 0 {
			dies--
			l.kill(rapid.IntRange(0, len(l.nodes)-1).Draw(l.r, "who"))
		}
		if scales > 0 && verb != roll.SetMax && rapid.IntRange(0, 20).Draw(l.r, "scales") == 0 {
			scales--
			if g := l.groups[0]; g.Desired < g.Max {
				g.Desired, l.desired = g.Desired+1, l.desired+1
			}
		}
		if odds == 0 {
			return false, false
		}
		dice := rapid.IntRange(0, 4*odds).Draw(l.r, "dice")
		return dice == 0, dice == 1
	}
}

// kill is the end of a machine; its group gives another one.
func (l *luck) kill(at int) {
	node := l.nodes[at]
	if !node.gone.IsZero() || !roll.LeavesAlone(node.State) && node.State != roll.InService {
		return
	}
	if i := slices.IndexFunc(l.memory.Olds, func(o roll.Old) bool { return o.ID == node.ID }); i >= 0 && l.memory.Olds[i].State == roll.Ending {
		return // whether it died or was terminated nobody could tell
	}
	if i := slices.IndexFunc(l.memory.News, func(n roll.New) bool { return n.ID == node.ID }); i >= 0 && !l.memory.News[i].Began.IsZero() {
		return
	}
	l.turbid = true
	for _, t := range l.tasks {
		if node.ARN != "" && t.Instance == node.ARN {
			t.Last, t.Desired = roll.TaskStopped, roll.TaskStopped
		}
	}
	node.State, node.gone, node.ARN = "Terminating", l.now.Add(time.Minute), ""
}

func TestSafetyNothingIsLostAndNothingIsLeftBehind(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := draw(t, r)
		before := len(l.tasks)
		if l.trouble = nil; before > 0 {
			l.pass()
		}
		if len(l.trouble) > 0 {
			r.Skip("it does not fit from the start")
		}
		l.fate()
		outdated := l.outdated()
		d := l.roll()
		if d.Outcome == roll.Refused || d.Outcome == roll.Nothing || d.Outcome == roll.Interrupted {
			if len(l.acted) > 0 {
				r.Fatalf("%s, and yet %v", d.Outcome, l.acted)
			}
			return
		}
		for _, line := range l.trouble {
			if !l.turbid {
				r.Fatal(line)
			}
		}
		if d.Outcome == roll.Replaced && l.outdated() != "0" {
			r.Fatalf("%s of %s are left: %+v", l.outdated(), outdated, d.Memory.Olds)
		}
		g := l.groups[0]
		l.sizes(r, g, d)
		l.behind(r, g)
	})
}

// sizes fails where a group has not the sizes that it is meant to have, and nobody says why.
func (l *luck) sizes(r *rapid.T, g *roll.Group, d roll.Decision) {
	if g.Tag != "" || g.Surge != "" || len(g.Suspended) > 0 {
		r.Fatalf("%s: %q %q %v are left", d.Outcome, g.Tag, g.Surge, g.Suspended)
	}
	if len(d.Memory.Why) == 0 && (g.Desired != min(l.desired, l.most) || g.Max != l.most) {
		r.Fatalf("%s: %d instances of %d, at most %d of %d: %+v", d.Outcome, g.Desired, l.desired, g.Max, l.most, d.Memory.Pools)
	}
}

// behind fails where something of the roll is left.
func (l *luck) behind(r *rapid.T, g *roll.Group) {
	for _, n := range l.nodes {
		if n.ARN != "" && (n.Status != roll.NodeActive || len(n.Attributes) > 0) {
			r.Fatalf("%s is %s with %v", n.ID, n.Status, n.Attributes)
		}
		if n.ARN != "" && n.Protected != g.ProtectNew {
			r.Fatalf("%s: protected %v", n.ID, n.Protected)
		}
	}
	for _, s := range l.services {
		if s.MaxPct != l.bounds[s.Name] {
			r.Fatalf("%s has %d%% for %d%%", s.Name, s.MaxPct, l.bounds[s.Name])
		}
	}
	if len(l.memory.Edits) > 0 {
		r.Fatalf("%+v", l.memory.Edits)
	}
}

func TestSafetyAFenceLetsEveryTaskMoveOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := draw(t, r)
		l.order.Strategy = roll.Double
		l.pass()
		if l.trouble != nil {
			r.Skip("it does not fit from the start")
		}
		d := l.roll()
		if d.Outcome == roll.Replaced && d.Memory.Count.Launches == d.Memory.Count.Replaced && d.Memory.Count.Moves != d.Memory.Count.Movable {
			r.Fatalf("%+v", d.Memory.Count)
		}
	})
}

func TestDecideIsAFunction(t *testing.T) {
	w := newToy(t, 3, 2)
	w.serve("web", 6, 100, 200)
	w.lose = func(roll.Verb) (bool, bool) {
		a, b := Decide(w.snapshot()), Decide(w.snapshot())
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
		return false, false
	}
	w.roll()
	w.clean(6, 6)
}

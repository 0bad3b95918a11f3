package dst

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/roll"
	"berth/internal/roll/decide"
	"berth/internal/sim/world"
)

// villain decides as it should, but for one thing.
type villain struct {
	name   string
	does   func(roll.Snapshot, *roll.Decision)
	caught string // what somebody who looks out must say, in part
	order  func(*roll.Order)
	alone  bool // the world has a task of no service that never ends
	shape  int
}

// without leaves out actions.
func without(bad func(roll.Action) bool) func(roll.Snapshot, *roll.Decision) {
	return func(_ roll.Snapshot, d *roll.Decision) { d.Actions = slices.DeleteFunc(slices.Clone(d.Actions), bad) }
}

// villains are what somebody who looks out must catch.
func villains() []villain {
	is := func(verb roll.Verb, key string) func(roll.Action) bool {
		return func(a roll.Action) bool { return a.Verb == verb && (key == "" || a.Key == key) }
	}
	return []villain{
		{name: "terminates without a drain", does: hasty, caught: "goes while it is ACTIVE"},
		{name: "terminates before tasks have ended", does: impatient, caught: "goes with the task"},
		{name: "drains everything at once", does: greedy, caught: "instances ready"},
		{name: "forgets the tag of the surge", does: without(is(roll.Unmark, roll.TagSurge)), caught: "left with the tags"},
		{name: "forgets the mark", does: quits(func(d *roll.Decision) { d.Outcome = roll.Replaced }), caught: "left with"},
		{name: "leaves the maximum", does: without(func(a roll.Action) bool { return a.Verb == roll.SetMax && a.Count <= 3 }), caught: "left with"},
		{name: "never resumes", does: without(is(roll.Resume, "")), caught: "processes suspended"},
		{name: "takes none off again", does: ratchet, caught: "+1 instances that berth has added"},
		{name: "takes too many off", does: grinder, caught: "-2 instances that berth has added", shape: 5},
		{name: "undoes what somebody drains", does: meddler, caught: "works again, though berth has not drained it"},
		{name: "stops tasks of services", does: killer, caught: "is stopped"},
		{name: "stops a task that it must wait for", does: killer, caught: "stand-alone task", alone: true},
		{name: "empties a zone", does: zonal, caught: "has no instance ready in"},
		{name: "never ends", does: func(_ roll.Snapshot, d *roll.Decision) { d.Outcome = roll.Running }, caught: "it is not over"},
		{name: "leaves a fence", order: func(o *roll.Order) { o.Fence = true }, does: without(func(a roll.Action) bool { return a.Verb == roll.EditService && a.Key == roll.Restore }), caught: "is left with"},
	}
}

// all are the container instances that work, by ARN.
func all(s roll.Snapshot) (arns []string) {
	for _, n := range s.Nodes {
		if n.ARN != "" && n.Status == "ACTIVE" {
			arns = append(arns, n.ARN)
		}
	}
	return arns
}

// hasty gives instances up as they are.
func hasty(s roll.Snapshot, d *roll.Decision) {
	for _, n := range s.Nodes {
		if n.State == "InService" && len(n.Outdated) > 0 {
			d.Actions = append(d.Actions, roll.Action{Verb: roll.Give, Group: n.Group, Instances: []string{n.ID}})
		}
	}
}

// impatient gives instances up as soon as they drain.
func impatient(s roll.Snapshot, d *roll.Decision) {
	for _, n := range s.Nodes {
		if n.State == "InService" && n.Status == "DRAINING" {
			d.Actions = append(d.Actions, roll.Action{Verb: roll.Give, Group: n.Group, Instances: []string{n.ID}})
		}
	}
}

// greedy drains all there is.
func greedy(s roll.Snapshot, d *roll.Decision) {
	if arns := all(s); len(arns) > 0 && s.Memory.Stage == roll.Canary {
		d.Actions = append(d.Actions, roll.Action{Verb: roll.StartDrain, ARNs: arns})
	}
}

// quits ends in the midst of it.
func quits(end func(*roll.Decision)) func(roll.Snapshot, *roll.Decision) {
	return func(_ roll.Snapshot, d *roll.Decision) {
		if d.Memory.Stage == roll.Onward {
			end(d)
		}
	}
}

// ratchet ends when it has added something.
func ratchet(s roll.Snapshot, d *roll.Decision) {
	if len(s.Memory.News) > 0 {
		d.Outcome = roll.Replaced
	}
}

// grinder makes a group smaller than it was.
func grinder(s roll.Snapshot, d *roll.Decision) {
	switch d.Memory.Stage {
	case roll.Onward:
		d.Actions = []roll.Action{{Verb: roll.SetMax, Group: "acc_acc_default", Count: s.Groups[0].Desired - 3}} // AWS takes the desired capacity along
		d.Memory.Stage = roll.Leaving
	case roll.Leaving:
		d.Outcome = roll.Replaced
	default:
	}
}

// meddler gives everything back that drains and that it has not drained.
func meddler(s roll.Snapshot, d *roll.Decision) {
	for _, n := range s.Nodes {
		if n.Status == "DRAINING" && n.DrainedBy() == "" {
			d.Actions = append(d.Actions, roll.Action{Verb: roll.Activate, ARNs: []string{n.ARN}})
		}
	}
}

// killer stops what runs where it drains: the tasks of no service last.
func killer(s roll.Snapshot, d *roll.Decision) {
	for _, n := range s.Nodes {
		for _, t := range s.Tasks {
			if t.Instance == n.ARN && n.DrainedBy() != "" && t.Desired == "RUNNING" {
				d.Actions = append(d.Actions, roll.Action{Verb: roll.StopTasks, ARNs: []string{t.ARN}, Value: "because"})
			}
		}
	}
}

// zonal drains all that a zone has.
func zonal(s roll.Snapshot, d *roll.Decision) {
	var arns []string
	for _, n := range s.Nodes {
		if n.ARN != "" && n.Status == "ACTIVE" && n.Zone == s.Nodes[0].Zone {
			arns = append(arns, n.ARN)
		}
	}
	if s.Memory.Stage == roll.Canary && len(arns) > 0 {
		d.Actions = append(d.Actions, roll.Action{Verb: roll.StartDrain, ARNs: arns})
	}
}

// plain is a small world in which a roll that decides well harms nobody.
func plain() voyage {
	o := roll.Defaults()
	o.Run, o.Hold = "run-1", 20*time.Second
	v := voyage{seed: 1, shape: shapes()[0], order: o}
	for n := range 3 {
		v.trades = append(v.trades, trade{
			kind: "balanced", name: fmt.Sprintf("s%02d", n), image: "berth.sim/web:1?slowstop=5s", mode: "bridge", cpu: 128, memory: 128, serves: true, balanced: true,
			count: 3, min: 100, max: 200, delay: 10, launch: "EC2",
		})
	}
	v.deeds = []upset{{after: 2 * time.Minute, name: "somebody drains an instance", does: func(s *sea) { s.drain(2) }}}
	return v
}

// A lookout that sees no crimes proves nothing: these must be seen.
func TestWhoeverRollsBadlyIsCaught(t *testing.T) {
	t.Parallel()
	d := newDocks()
	for _, x := range villains() {
		t.Run(x.name, func(t *testing.T) {
			v := plain()
			v.shape = shapes()[x.shape]
			if x.order != nil {
				x.order(&v.order)
			}
			if x.caught != villains()[9].caught {
				v.deeds = nil
			}
			if x.alone {
				v.trades = []trade{{kind: "stand-alone", name: "job", image: "berth.sim/job:1", mode: "bridge", cpu: 64, memory: 64, alone: true, launch: "EC2"}}
			}
			a := v.sails(t, d, func(s roll.Snapshot) roll.Decision {
				decision := decide.Decide(s)
				x.does(s, &decision)
				return decision
			})
			if !slices.ContainsFunc(a.crimes, func(c string) bool { return strings.Contains(c, x.caught) }) {
				t.Errorf("nobody says that something %q; %s, and only: %q", x.caught, a.outcome, a.crimes)
			}
		})
	}
}

func TestWhoeverRollsWellIsNotAccused(t *testing.T) {
	d := newDocks()
	for _, ties := range []world.Ties{world.TiesOldest, world.TiesNewest} {
		v := plain()
		v.ties, v.deeds = ties, nil
		a := v.sails(t, d, decide.Decide)
		for _, crime := range a.crimes {
			t.Error(crime)
		}
		if a.outcome != roll.Replaced {
			t.Error(a.outcome, a.why)
		}
		t.Logf("ties %q: %s in %s, %.2f moves per task", ties, a.outcome, a.took, float64(a.count.Moves)/float64(max(1, a.count.Movable)))
	}
}

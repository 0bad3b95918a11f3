package scene

import (
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/roll"
)

func TestAnInstanceWorksIsReadyOrIdle(t *testing.T) {
	type answer struct{ works, ready, idle bool }
	for name, c := range map[string]struct {
		node roll.Node
		old  roll.OldState
		new  roll.NewState
		want answer
	}{
		"one that nobody knows":               {node("i", "a"), "", "", answer{true, true, false}},
		"an old one that waits":               {node("i", "a"), roll.Waiting, "", answer{true, true, false}},
		"an old one that stays":               {node("i", "a"), roll.Skipped, "", answer{true, true, false}},
		"an old one whose drain stuck":        {node("i", "a"), roll.Stuck, "", answer{true, true, false}},
		"one that AWS shows ACTIVE yet":       {node("i", "a"), roll.Draining, "", answer{true, false, false}},
		"a drained one":                       {node("i", "a", drainedBy("run-1")), roll.Drained, "", answer{false, false, false}},
		"one that is being terminated":        {node("i", "a"), roll.Ending, "", answer{true, false, false}},
		"one that has not joined":             {node("i", "a", alien), "", "", answer{false, false, false}},
		"one that boots":                      {node("i", "a", alien, state("Pending")), "", roll.Booting, answer{false, false, false}},
		"a new one that is not proved":        {node("i", "a"), "", roll.Proving, answer{true, false, false}},
		"a new one that works":                {node("i", "a"), "", roll.Working, answer{true, true, false}},
		"a new one that goes":                 {node("i", "a"), "", roll.Retiring, answer{true, false, false}},
		"a new one that somebody drains":      {node("i", "a", status(roll.NodeDraining)), "", roll.Working, answer{false, false, false}},
		"one whose agent does not answer":     {node("i", "a", deaf), "", "", answer{false, false, true}},
		"an old one whose agent does not":     {node("i", "a", deaf), roll.Waiting, "", answer{false, false, true}},
		"one that somebody else drains":       {node("i", "a", status(roll.NodeDraining)), "", "", answer{false, false, true}},
		"one that another roll drains":        {node("i", "a", drainedBy("run-0")), "", "", answer{false, false, true}},
		"one that this roll drains":           {node("i", "a", drainedBy("run-1")), roll.Waiting, "", answer{false, false, false}},
		"one of ours whose agent is gone":     {node("i", "a", drainedBy("run-1"), deaf), roll.Waiting, "", answer{false, false, true}},
		"one on standby":                      {node("i", "a", state("Standby")), "", "", answer{false, false, false}},
		"one that leaves its group":           {node("i", "a", state("Terminating:Wait"), deaf), "", "", answer{false, false, false}},
		"an old one of ours that leaves deaf": {node("i", "a", deaf), roll.Ending, "", answer{false, false, false}},
	} { // unordered: each by itself
		parts := []part{nodes(c.node)}
		if c.old != "" {
			parts = append(parts, olds(old("i", "a", c.old)))
		}
		if c.new != "" {
			parts = append(parts, news(fresh("i", "a", c.new)))
		}
		x := stage(parts...)
		n := x.Node["i"]
		same(t, name, answer{x.Works(n), x.Ready(n), x.Idle(n)}, c.want)
	}
}

func TestWhatHasBeenChosenIsGoing(t *testing.T) {
	for at, want := range map[roll.OldState]bool{
		roll.Waiting: false, roll.Skipped: false, roll.Stuck: false, roll.Draining: true, roll.Drained: true, roll.Ending: true, roll.Gone: true,
	} { // unordered: each by itself
		x := stage(olds(old("i-1", "a", at)))
		same(t, string(at), x.Going("i-1"), want)
		x.Taken["i-1"] = true
		same(t, string(at)+", just chosen", x.Going("i-1"), true)
	}
	same(t, "a stranger", stage().Going("i-9"), false)
}

func TestTheLastInstanceOfAZone(t *testing.T) {
	one := old("i-1", "a", roll.Waiting)
	still := order(func(o *roll.Order) { o.Surge = roll.Amount{} })
	outage := order(func(o *roll.Order) { o.Surge, o.AllowOutage = roll.Amount{}, true })
	for name, c := range map[string]struct {
		want  bool
		parts []part
	}{
		"alone in its zone": {true, []part{nodes(node("i-1", "a"), node("i-2", "b"))}},
		"with another":      {false, []part{nodes(node("i-1", "a"), node("i-2", "a"), node("i-3", "b"))}},
		"with another whose agent does not answer":  {true, []part{nodes(node("i-1", "a"), node("i-2", "a", deaf), node("i-3", "b"))}},
		"with another of another group":             {true, []part{nodes(node("i-1", "a"), node("i-2", "a", in(other)), node("i-3", "b"))}},
		"with another that drains":                  {true, []part{nodes(node("i-1", "a"), node("i-2", "a"), node("i-3", "b")), olds(old("i-2", "a", roll.Draining))}},
		"with a new one that is not proved":         {true, []part{nodes(node("i-1", "a"), node("i-2", "a"), node("i-3", "b")), news(fresh("i-2", "a", roll.Proving))}},
		"with a new one that works":                 {false, []part{nodes(node("i-1", "a"), node("i-2", "a"), node("i-3", "b")), news(fresh("i-2", "a", roll.Working))}},
		"where no other zone has any":               {false, []part{nodes(node("i-1", "a"), node("i-2", "b", deaf))}},
		"the only instance":                         {false, []part{nodes(node("i-1", "a")), sized(1, 1)}},
		"that does not work itself":                 {false, []part{nodes(node("i-1", "a", deaf), node("i-2", "b"))}},
		"where nothing can come first":              {true, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c")), still}},
		"where nothing can, and a zone may be left": {false, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c")), outage}},
		"where one can come, and a zone may be left": {true, []part{
			nodes(node("i-1", "a"), node("i-2", "b")), order(func(o *roll.Order) { o.AllowOutage = true }),
		}},
	} { // unordered: each by itself
		x := stage(append(c.parts, olds(one))...)
		same(t, name, x.LastOfZone(&one), c.want)
	}
	x := stage(nodes(node("i-1", "a"), node("i-2", "a"), node("i-3", "b")), olds(one))
	x.Taken["i-2"] = true
	same(t, "with another that was just chosen", x.LastOfZone(&one), true)
}

func TestWhatHangsOnAnInstance(t *testing.T) {
	x := stage(nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c"), node("i-4", "a")), services(service("web", 1), service("logs", 1, daemon)),
		tasks(task("1", "i-1", "web"), task("2", "i-2", "logs"), task("3", "i-3", "family:batch"), task("4", "i-4", "web", last(roll.TaskStopped)),
			task("5", "i-2", "family:probe", func(t *live.Task) { t.StartedBy = roll.ProbePrefix + "run-1" }), task("6", "i-4", "web", last("PENDING"))))
	got := []bool{}
	for _, id := range []string{"i-1", "i-2", "i-3", "i-4"} {
		got = append(got, x.Holds(x.Node[id]))
	}
	same(t, "a service's, a daemon's and the probe, a stand-alone one, one that begins", got, []bool{true, false, true, true})
	same(t, "of what runs", []bool{x.Has(x.Node["i-1"], "web"), x.Has(x.Node["i-4"], "web"), x.Has(x.Node["i-1"], "logs"), x.Has(x.Node["i-3"], "batch")}, []bool{true, false, false, false})
	same(t, "something hung", []bool{x.Hung(&roll.Old{}), x.Hung(&roll.Old{ARN: "ci/1"}), x.Hung(&roll.Old{Held: []string{"service:web"}})}, []bool{false, true, true})
}

func TestTerminationsThatAWSHasNotTaken(t *testing.T) {
	leaves := func(change func(*roll.Old)) roll.Old {
		o := old("i", "a", roll.Ending)
		o.Minus = true
		change(&o)
		return o
	}
	retires := func(change func(*roll.New)) roll.New {
		n := fresh("i", "a", roll.Retiring)
		n.Began = noon()
		change(&n)
		return n
	}
	x := stage(
		olds(leaves(func(*roll.Old) {}), leaves(func(o *roll.Old) { o.Minus = false }), leaves(func(o *roll.Old) { o.Sure = true }),
			leaves(func(o *roll.Old) { o.State = roll.Drained }), leaves(func(o *roll.Old) { o.Group = other })),
		news(retires(func(*roll.New) {}), retires(func(n *roll.New) { n.Began = time.Time{} }), retires(func(n *roll.New) { n.Sure = true }),
			retires(func(n *roll.New) { n.State = roll.Working }), retires(func(n *roll.New) { n.Group = other })))
	same(t, "of one group, of the other, of none", []int{x.Leaving(group), x.Leaving(other), x.Leaving("none")}, []int{2, 2, 0})
	same(t, "new ones that are to go", []int{x.Retiring(group), x.Retiring(other), x.Retiring("none")}, []int{2, 1, 0})
}

func TestNewInstancesComeWhereOldOnesGo(t *testing.T) {
	waits := func(id, zone string) roll.Old { return old(id, zone, roll.Waiting) }
	three := olds(waits("i-1", "a"), waits("i-2", "b"), waits("i-3", "c"))
	type answer struct {
		names []string
		zones map[string]int
		want  int
	}
	for name, c := range map[string]struct {
		parts []part
		want  answer
	}{
		"nothing to replace":         {nil, answer{nil, map[string]int{}, 0}},
		"as many as the surge":       {[]part{three}, answer{[]string{"a", "b"}, map[string]int{"a": 1, "b": 1}, 2}},
		"two of one zone":            {[]part{olds(waits("i-1", "b"), waits("i-2", "b"), waits("i-3", "a"))}, answer{[]string{"b"}, map[string]int{"b": 2}, 2}},
		"one stands there already":   {[]part{three, news(fresh("i-9", "a", roll.Booting)), sized(4, 5), pool(func(p *roll.Pool) { p.Launched = 1 })}, answer{[]string{"a", "b"}, map[string]int{"a": 0, "b": 1}, 2}},
		"one that has ended is none": {[]part{three, news(fresh("i-9", "a", roll.Ended))}, answer{[]string{"a", "b"}, map[string]int{"a": 1, "b": 1}, 2}},
		"one is for what has gone":   {[]part{olds(old("i-1", "a", roll.Gone), waits("i-2", "a")), news(fresh("i-9", "a", roll.Working))}, answer{[]string{"a"}, map[string]int{"a": 1}, 1}},
		"what stays needs none":      {[]part{olds(old("i-1", "a", roll.Skipped), old("i-2", "b", roll.Stuck), old("i-3", "c", roll.Ending))}, answer{nil, map[string]int{}, 0}},
		"what drains needs its one":  {[]part{olds(old("i-1", "a", roll.Draining), old("i-2", "b", roll.Drained))}, answer{[]string{"a", "b"}, map[string]int{"a": 1, "b": 1}, 2}},
		"another group's are its own": {[]part{
			olds(roll.Old{ID: "i-1", Group: other, Zone: "a", State: roll.Waiting}, waits("i-2", "b")), news(roll.New{ID: "i-9", Group: other, Zone: "b", State: roll.Working}),
		}, answer{[]string{"b"}, map[string]int{"b": 1}, 1}},
		"no surge, no new ones":         {[]part{three, order(func(o *roll.Order) { o.Surge = roll.Amount{} })}, answer{nil, map[string]int{}, 0}},
		"the group has left the zone":   {[]part{olds(waits("i-1", "z"), waits("i-2", "c"))}, answer{[]string{"a", "c"}, map[string]int{"a": 1, "c": 1}, 2}},
		"nobody knows the zones":        {[]part{olds(waits("i-1", "z")), func(s *roll.Snapshot) { s.Groups[0].Zones = nil }}, answer{[]string{"z"}, map[string]int{"z": 1}, 1}},
		"the canary's turn":             {[]part{three, func(s *roll.Snapshot) { s.Memory.Stage, s.Memory.Olds[1].Canary = roll.Canary, true }}, answer{[]string{"b"}, map[string]int{"b": 1}, 1}},
		"the canary stands by meantime": {[]part{three, func(s *roll.Snapshot) { s.Memory.Stage, s.Memory.Olds[1].Canary = roll.Bake, true }}, answer{[]string{"a", "b"}, map[string]int{"a": 1, "b": 1}, 2}},
	} { // unordered: each by itself
		x := stage(c.parts...)
		names, zones, want := x.Places(x.Pool(group))
		same(t, name, answer{names, zones, want}, c.want)
	}
}

func TestStrangersAndWhatAGroupHasTooMany(t *testing.T) {
	later := func(n *roll.Node) { n.Launched = noon().Add(time.Second) }
	sooner := func(n *roll.Node) { n.Launched = noon() }
	lost := fresh("i-0", "a", roll.Ended)
	lost.At = noon()
	for name, c := range map[string]struct {
		node roll.Node
		want bool
	}{
		"launched afterwards":      {node("i-5", "b", later), true},
		"nobody knows when":        {node("i-5", "b"), true},
		"launched before":          {node("i-5", "b", sooner), false},
		"of another group":         {node("i-5", "b", later, in(other)), false},
		"one that goes":            {node("i-5", "b", later, state("Terminating")), false},
		"an old one":               {node("i-1", "b", later), false},
		"a new one":                {node("i-2", "b", later), false},
		"one that boots":           {node("i-5", "b", later, alien, state("Pending")), true},
		"one that is in no group":  {node("i-5", "b", later, in(""), state("")), false},
		"one that leaves its host": {node("i-5", "b", later, state("Detached")), false},
	} { // unordered: each by itself
		x := stage(nodes(c.node), olds(old("i-1", "a", roll.Waiting)), news(fresh("i-2", "a", roll.Working)))
		same(t, name, x.Stranger(&lost) != nil, c.want)
	}
	x := stage(nodes(node("i-1", "a"), node("i-2", "b", alien, state("Pending")), node("i-3", "c", state("Terminating:Wait")), node("i-4", "a", in(other))))
	g := x.Group[group]
	got := []int{}
	for _, g.Desired = range []int{1, 2, 3} {
		got = append(got, x.Over(g))
	}
	same(t, "more than a group of 1, 2, 3 is to have", got, []int{1, 0, -1})
}

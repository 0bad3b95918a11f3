package scene

import (
	"testing"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
)

func TestATaskThatNoNewInstanceCouldEverTakeIsAMisfit(t *testing.T) {
	demand := func(d placement.Demand) part {
		return func(s *roll.Snapshot) { s.Demands = map[string]roll.Need{"web:1 web": {Demand: d, Known: true}} }
	}
	size := func(n *roll.Node) { n.Total = live.Room{CPU: 2048, Memory: 4096} }
	special := func(n *roll.Node) { n.Attributes = map[string]string{"workload": "special"} }
	pinned := demand(placement.Demand{Name: "web", Group: "service:web", Constraints: []placement.Constraint{{Type: "memberOf", Expression: "attribute:workload == special"}}})
	beside := nodes(node("i-1", "a", special, size), node("i-2", "a", size))
	working := news(fresh("i-2", "a", roll.Working))
	no := "a task of web fits on no new instance, however empty: it does not match attribute:workload == special"
	for name, c := range map[string]struct {
		want  string
		parts []part
	}{
		"an attribute that no new one has": {no, []part{pinned, beside, working}},
		"no new one works yet":             {"", []part{pinned, beside, news(fresh("i-2", "a", roll.Proving))}},
		"the new one is in another zone":   {"", []part{pinned, nodes(node("i-1", "a", special, size), node("i-2", "b", size)), news(fresh("i-2", "b", roll.Working))}},
		"one that stays has it":            {"", []part{pinned, beside, working, nodes(node("i-3", "c", special, size))}},
		"one that goes has it, too":        {no, []part{pinned, beside, working, nodes(node("i-3", "c", special, size)), olds(old("i-3", "c", roll.Waiting))}},
		"an old one that stays has it":     {"", []part{pinned, beside, working, nodes(node("i-3", "c", special, size)), olds(old("i-3", "c", roll.Skipped))}},
		"a deployment is under way":        {"", []part{pinned, beside, working, services(service("web", 1, rollout("IN_PROGRESS")))}},
		"it is a daemon's":                 {"", []part{pinned, beside, working, services(service("web", 1, daemon))}},
		"it wants no more than there is":   {"", []part{demand(placement.Demand{Room: live.Room{CPU: 2048}}), beside, working}},
		"it wants more than there ever is": {
			"a task of web fits on no new instance, however empty: 2049 CPU units wanted, 1024 of 2048 free",
			[]part{demand(placement.Demand{Room: live.Room{CPU: 2049}}), beside, working},
		},
		"nobody knows what it wants": {"", []part{beside, working}},
	} { // unordered: each by itself
		one := old("i-1", "a", roll.Waiting)
		x := stage(append([]part{services(service("web", 1)), tasks(task("1", "i-1", "web")), olds(one)}, c.parts...)...)
		same(t, name, x.Misfit(&one), c.want)
	}
}

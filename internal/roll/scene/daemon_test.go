package scene

import (
	"testing"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
)

func TestWhatANewInstanceLacks(t *testing.T) {
	one := fresh("i-1", "a", roll.Booting)
	told := one
	told.Why = "the daemon logs does not run there yet"
	for name, c := range map[string]struct {
		parts []part
		new   roll.New
		want  string
	}{
		"nobody has seen it":         {nil, one, "it has not joined the cluster"},
		"it has not joined":          {[]part{nodes(node("i-1", "a", alien))}, one, "it has not joined the cluster"},
		"its agent does not answer":  {[]part{nodes(node("i-1", "a", deaf, status("REGISTERING")))}, one, "its ECS agent does not answer"},
		"it is not ACTIVE":           {[]part{nodes(node("i-1", "a", status(roll.NodeDraining)))}, told, "it is DRAINING"},
		"something was said of it":   {[]part{nodes(node("i-1", "a", state("Pending")))}, told, told.Why},
		"it is not in service there": {[]part{nodes(node("i-1", "a", state("Pending:Wait")))}, one, "it is Pending:Wait in its group"},
	} { // unordered: each by itself
		same(t, name, stage(c.parts...).Lacks(&c.new), c.want)
	}
}

func TestTheLastRefusalOfAGroupIsTold(t *testing.T) {
	x := stage(func(s *roll.Snapshot) {
		s.Memory.Launches = []roll.Launch{
			{Group: group, Refused: "first"}, {Group: group, Refused: "last"}, {Group: group}, {Group: other, Refused: "of another group"},
		}
	})
	same(t, "refusals", []string{x.Refusal(group), x.Refusal(other), x.Refusal("none")}, []string{"last", "of another group", "AWS does not say why"})
}

// wants says what the tasks of the service logs want of an instance.
func wants(d placement.Demand) part {
	return func(s *roll.Snapshot) { s.Demands = map[string]roll.Need{"logs:1 logs": {Demand: d, Known: true}} }
}

func TestANewInstanceProvesItself(t *testing.T) {
	small := placement.Demand{Name: "logs", Group: "service:logs", Daemon: true, Room: live.Room{CPU: 100}}
	arm := small
	arm.Requires = []string{"ecs.cpu-architecture=arm64"}
	full := small
	full.Room.CPU = 9000
	logs := services(service("logs", 1, daemon))
	const lacks = "the daemon logs does not run there yet"
	probe := order(func(o *roll.Order) { o.Probe = "probe:1" })
	plain, canary := fresh("i-1", "a", roll.Proving), fresh("i-1", "a", roll.Proving)
	canary.Canary = true
	begun := canary
	begun.Probe = "t/p"
	for name, c := range map[string]struct {
		parts []part
		new   roll.New
		want  string
	}{
		"there is no daemon":              {[]part{services(service("web", 1))}, plain, ""},
		"the daemon does not run yet":     {[]part{logs, wants(small)}, plain, lacks},
		"it begins":                       {[]part{logs, wants(small), tasks(task("1", "i-1", "logs", last("PENDING")))}, plain, lacks},
		"it runs":                         {[]part{logs, wants(small), tasks(task("1", "i-1", "logs"))}, plain, ""},
		"it runs elsewhere":               {[]part{logs, wants(small), tasks(task("1", "i-2", "logs"))}, plain, lacks},
		"a service of the same name runs": {[]part{logs, wants(small), tasks(task("1", "i-1", "family:logs"))}, plain, lacks},
		"it is for other instances":       {[]part{logs, wants(arm)}, plain, ""},
		"it never runs anywhere":          {[]part{services(service("logs", 1, daemon, func(s *roll.Service) { s.Running = 0 })), wants(small)}, plain, ""},
		"nobody knows what it wants":      {[]part{logs}, plain, ""},
		"it is being deleted":             {[]part{services(service("logs", 1, daemon, gone)), wants(small)}, plain, ""},
		"it is too large for any":         {[]part{logs, wants(full)}, plain, ""},
		"a probe is for canaries":         {[]part{probe}, plain, ""},
		"no probe is ordered":             {nil, canary, ""},
		"the probe was not started":       {[]part{probe}, canary, "the probe has not ended"},
		"nobody has seen it":              {[]part{probe}, begun, "the probe has not ended"},
		"it runs, the probe":              {[]part{probe, tasks(task("p", "i-1", "", probing))}, begun, "the probe has not ended"},
		"the probe ended with 0":          {[]part{probe, tasks(task("p", "i-1", "", probing, ended(new(0))))}, begun, ""},
		"it ended with 1": {
			[]part{probe, tasks(task("p", "i-1", "", probing, ended(new(1))))}, begun, "the probe failed: a container did not end with 0",
		},
		"the daemon comes first": {[]part{probe, logs, wants(small)}, canary, lacks},
	} { // unordered: each by itself
		n := node("i-1", "a", func(n *roll.Node) { n.Total = live.Room{CPU: 2048, Memory: 2048} })
		x := stage(append(c.parts, nodes(n), news(c.new))...)
		same(t, name, x.Unproved(&x.M.News[0], x.Node["i-1"]), c.want)
	}
}

func TestDaemonsAreThoseThatAreNotBeingDeleted(t *testing.T) {
	x := stage(services(service("a", 1, daemon), service("b", 1), service("c", 1, daemon, gone), service("d", 1, daemon)))
	var names []string
	for s := range x.Daemons() {
		names = append(names, s.Name)
	}
	same(t, "daemons", names, []string{"a", "d"})
	for s := range x.Daemons() {
		same(t, "the first", s == x.Served["a"], true)
		break
	}
}

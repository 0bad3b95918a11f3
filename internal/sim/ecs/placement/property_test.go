package placement

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/sim/ecs/query"
	"berth/internal/sim/world"
)

const running, stopped = "RUNNING", "STOPPED"

// resources are an instance's, with what is left.
func resources(cpu, memory int, ports ...string) []world.ECSResource {
	return []world.ECSResource{
		{Name: "CPU", Type: "INTEGER", Integer: cpu},
		{Name: "MEMORY", Type: "INTEGER", Integer: memory},
		{Name: "PORTS", Type: "STRINGSET", Set: ports},
		{Name: "PORTS_UDP", Type: "STRINGSET"},
	}
}

func text(name, value string) world.ECSAttribute {
	return world.ECSAttribute{Name: name, Value: value, HasValue: true, Custom: name == "rack"}
}

// constraints are those that the random needs have.
func constraints() []world.PlacementConstraint {
	return []world.PlacementConstraint{
		{Type: DistinctInstance},
		{Type: MemberOf, Expression: "attribute:rack in [a, b]"},
		{Type: MemberOf, Expression: "not(task:group == family:other)"},
		{Type: MemberOf, Expression: "attribute:ecs.instance-type == t3.medium or runningTasksCount < 3"},
	}
}

func strategies() []world.PlacementStrategy {
	return []world.PlacementStrategy{
		{Type: Spread, Field: FieldZone},
		{Type: Spread, Field: FieldInstance},
		{Type: Spread, Field: "attribute:rack"},
		{Type: Binpack, Field: FieldCPU},
		{Type: Binpack, Field: FieldMemory},
		{Type: Random},
	}
}

// some draws a few of a list, in any order.
func some[T any](rt *rapid.T, name string, from []T, most int) []T {
	var out []T
	for range rapid.IntRange(0, most).Draw(rt, name) {
		out = append(out, rapid.SampledFrom(from).Draw(rt, name))
	}
	return out
}

// drawCluster draws instances of all kinds with tasks of the group service:web and others on them.
func drawCluster(rt *rapid.T) *world.Cluster {
	k := &world.Cluster{}
	for n := range rapid.IntRange(0, 12).Draw(rt, "instances") {
		i := &world.ContainerInstance{
			ID: fmt.Sprintf("i%02d", n), Status: rapid.SampledFrom([]string{"ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "INACTIVE"}).Draw(rt, "status"),
			AgentConnected: rapid.IntRange(0, 5).Draw(rt, "connected") > 0, Provider: rapid.SampledFrom([]string{"", "p"}).Draw(rt, "provider"),
			Zone: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "zone"), RunningTasks: rapid.IntRange(0, 4).Draw(rt, "running"),
			Remaining: resources(256*rapid.IntRange(0, 4).Draw(rt, "cpu"), 512*rapid.IntRange(0, 4).Draw(rt, "memory"), some(rt, "ports", []string{"22", "80", "443"}, 1)...),
		}
		for _, name := range some(rt, "capabilities", []string{"x", "y", "z"}, 3) {
			i.Attributes = append(i.Attributes, world.ECSAttribute{Name: name})
		}
		i.Attributes = append(i.Attributes, text("ecs.instance-type", rapid.SampledFrom([]string{"t3.small", "t3.medium"}).Draw(rt, "type")))
		if rapid.Bool().Draw(rt, "racked") {
			i.Attributes = append(i.Attributes, text("rack", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "rack")))
		}
		k.Instances.Put(i.ID, i)
		for range rapid.IntRange(0, 3).Draw(rt, "tasks") {
			t := &world.Task{
				ID: strconv.Itoa(k.Tasks.Len()), Group: rapid.SampledFrom([]string{"service:web", "service:web", "family:other"}).Draw(rt, "group"),
				Desired: rapid.SampledFrom([]string{running, running, stopped}).Draw(rt, "desired"), Instance: i.ID, Zone: i.Zone,
				CPU: 128 * rapid.IntRange(1, 2).Draw(rt, "task cpu"), Memory: 256, Status: rapid.SampledFrom([]string{running, "PENDING"}).Draw(rt, "task status"),
			}
			if rapid.IntRange(0, 5).Draw(rt, "port") == 0 {
				t.Containers = []world.TaskContainer{{Ports: []world.PortBinding{{Host: 443, Protocol: "tcp"}}}}
			}
			k.Tasks.Put(t.ID, t)
			i.Tasks = append(i.Tasks, t.ID)
			i.Groups = append(i.Groups, world.TaskGroup{Name: t.Group, Tasks: 1})
		}
	}
	return k
}

// web are the tasks of the group service:web that are to run.
func web(k *world.Cluster) []*world.Task {
	var out []*world.Task
	for t := range k.Tasks.Rows() {
		if t.Group == "service:web" && t.Desired == running {
			out = append(out, t)
		}
	}
	return out
}

func drawSite(rt *rapid.T, k *world.Cluster) Site {
	seed := rapid.Uint64Range(1, 1<<40).Draw(rt, "seed")
	s := Site{
		Cluster: k, Alive: func(i *world.ContainerInstance) bool { return i.AgentConnected },
		Interfaces: func(i *world.ContainerInstance) int { return i.RunningTasks - 1 },
		Ties:       rapid.SampledFrom([]world.Ties{world.TiesOldest, world.TiesNewest, world.TiesDice}).Draw(rt, "ties"),
		Dice:       func() uint64 { return seed },
	}
	if rapid.Bool().Draw(rt, "daemon") {
		s.Ahead = []Daemon{{CPU: 256, Memory: 512, Coming: func(i *world.ContainerInstance) bool { return i.RunningTasks == 0 }}}
	}
	return s
}

func drawNeed(rt *rapid.T) (Need, []world.PlacementConstraint) {
	rules := some(rt, "constraints", constraints(), 2)
	n := Need{
		CPU: 128 * rapid.IntRange(0, 4).Draw(rt, "need cpu"), Memory: 256 * rapid.IntRange(1, 4).Draw(rt, "need memory"),
		Requires: rapid.SampledFrom([][]world.ECSAttribute{nil, nil, {{Name: "x"}}, {{Name: "x"}, {Name: "z"}}, {text("ecs.instance-type", "t3.medium")}}).Draw(rt, "requires"),
		Provider: rapid.SampledFrom([]string{"", "", "p"}).Draw(rt, "need provider"), Strategy: some(rt, "strategy", strategies(), 3),
		Zones: rapid.SampledFrom([][]string{nil, nil, {"a", "b"}}).Draw(rt, "zones"),
	}
	if rapid.IntRange(0, 3).Draw(rt, "eni") == 0 {
		n.Interfaces = 1
	}
	if rapid.IntRange(0, 2).Draw(rt, "with port") == 0 {
		n.Ports = []world.PortBinding{{Container: 80, Host: rapid.SampledFrom([]int{80, 443}).Draw(rt, "host port"), Protocol: "tcp"}}
	}
	var err error
	if n.Rules, err = Read(rules); err != nil {
		rt.Fatal(err)
	}
	return n, rules
}

// offers is what an instance has for a task: what is left when the daemons are there, and the ports that are taken.
func offers(s Site, i *world.ContainerInstance) (cpu, memory int, taken []string) {
	cpu, memory, taken = i.Remaining[0].Integer, i.Remaining[1].Integer, slices.Clone(i.Remaining[2].Set)
	for _, d := range s.Ahead {
		if d.Coming(i) {
			cpu, memory = cpu-d.CPU, memory-d.Memory
		}
	}
	for _, id := range i.Tasks {
		t, _ := s.Tasks.Get(id)
		for _, c := range t.Containers {
			taken = append(taken, strconv.Itoa(c.Ports[0].Host))
		}
	}
	return cpu, memory, taken
}

// equipped is Suits, written another way.
func equipped(i *world.ContainerInstance, requires []world.ECSAttribute) bool {
	met := 0
	for _, want := range requires {
		for _, a := range i.Attributes {
			if a.Name == want.Name && (a.Value == want.Value || !want.HasValue) {
				met++
				break
			}
		}
	}
	return met == len(requires)
}

// slowly is a second implementation, as plain as can be: the reason of one instance by AWS's order.
func slowly(s Site, n Need, rules []world.PlacementConstraint, peers []*world.Task, i *world.ContainerInstance) string {
	cpu, memory, taken := offers(s, i)
	steps := []struct {
		why  string
		fits bool
	}{
		{"AGENT", i.AgentConnected},
		{"RESOURCE:CPU", cpu >= n.CPU},
		{"RESOURCE:MEMORY", memory >= n.Memory},
		{"RESOURCE:PORTS", len(n.Ports) == 0 || !slices.Contains(taken, strconv.Itoa(n.Ports[0].Host))},
		{"RESOURCE:ENI", n.Interfaces == 0 || i.RunningTasks-1 >= n.Interfaces},
		{"LOCATION", n.Zones == nil || slices.Contains(n.Zones, i.Zone)},
	}
	for _, st := range steps {
		if !st.fits {
			return st.why
		}
	}
	if !equipped(i, n.Requires) {
		return "ATTRIBUTE"
	}
	if slices.Contains(rules, world.PlacementConstraint{Type: DistinctInstance}) && slices.ContainsFunc(peers, func(t *world.Task) bool { return t.Instance == i.ID }) {
		return "DistinctInstance placement constraint unsatisfied."
	}
	for _, r := range rules {
		if r.Type == MemberOf {
			if e, _ := query.Parse(r.Expression); !e.Matches(i) {
				return "MemberOf placement constraint unsatisfied."
			}
		}
	}
	return ""
}

// least keeps what has the lowest score.
func least[T any](all []T, score func(T) int) []T {
	var out []T
	for _, one := range all {
		if len(out) > 0 && score(one) < score(out[0]) {
			out = nil
		}
		if len(out) == 0 || score(one) == score(out[0]) {
			out = append(out, one)
		}
	}
	return out
}

// rackOf is the value of a spread over an attribute.
func rackOf(i *world.ContainerInstance) string {
	for _, a := range i.Attributes {
		if a.Name == "rack" {
			return a.Value
		}
	}
	return "none"
}

// alike counts the tasks on instances that are like one by a field.
func alike(k *world.Cluster, tasks []*world.Task, i *world.ContainerInstance, field string) int {
	n := 0
	for _, t := range tasks {
		o, _ := k.Instances.Get(t.Instance)
		if field == FieldInstance && o == i || field == FieldZone && o.Zone == i.Zone || field == "attribute:rack" && rackOf(o) == rackOf(i) {
			n++
		}
	}
	return n
}

// narrow gives the instances that are left when each strategy in turn has taken the best of those before it; it stops at dice.
func narrow(k *world.Cluster, fit []*world.ContainerInstance, strategy []world.PlacementStrategy, peers []*world.Task) (out []*world.ContainerInstance, dice bool) {
	for _, st := range strategy {
		switch st.Type {
		case Random:
			return fit, true
		case Binpack:
			fit = least(fit, func(i *world.ContainerInstance) int {
				return i.Remaining[map[string]int{"cpu": 0, "memory": 1}[st.Field]].Integer
			})
		default:
			fit = least(fit, func(i *world.ContainerInstance) int { return alike(k, peers, i, st.Field) })
		}
	}
	return fit, false
}

// sorted are the instances that a task could be on and those that do not take it, slowly.
func sorted(s Site, n Need, rules []world.PlacementConstraint, peers []*world.Task) (fit []*world.ContainerInstance, misfits []Misfit) {
	for i := range s.Instances.Rows() {
		if i.Status != "ACTIVE" || n.Provider != "" && i.Provider != n.Provider {
			continue
		}
		if why := slowly(s, n, rules, peers, i); why != "" {
			misfits = append(misfits, Misfit{i, why})
		} else {
			fit = append(fit, i)
		}
	}
	return fit, misfits
}

// rightly tells whether an instance is one that the strategies and the rule for ties allow.
func rightly(got *world.ContainerInstance, best []*world.ContainerInstance, ties world.Ties) bool {
	switch ties {
	case world.TiesOldest:
		return got == best[0]
	case world.TiesNewest:
		return got == best[len(best)-1]
	default:
		return slices.Contains(best, got)
	}
}

// settle puts a task of the group service:web onto an instance.
func settle(k *world.Cluster, i *world.ContainerInstance, n Need) *world.Task {
	t := &world.Task{ID: fmt.Sprint("new", k.Tasks.Len()), Group: "service:web", Desired: running, Instance: i.ID, Zone: i.Zone}
	k.Tasks.Put(t.ID, t)
	i.Groups = append(i.Groups, world.TaskGroup{Name: t.Group, Tasks: 1})
	i.Tasks = append(i.Tasks, t.ID)
	i.Remaining[0].Integer -= n.CPU
	i.Remaining[1].Integer -= n.Memory
	return t
}

func TestChoosingIsWhatItIsSlowly(t *testing.T) {
	// ECS developer guide, "How Amazon ECS places tasks on container instances"
	rapid.Check(t, func(rt *rapid.T) {
		k := drawCluster(rt)
		s := drawSite(rt, k)
		n, rules := drawNeed(rt)
		peers := web(k)
		search := NewSearch(s, n, peers)
		for range rapid.IntRange(1, 6).Draw(rt, "times") {
			fit, misfits := sorted(s, n, rules, peers)
			got, why := search.Choose(), search.Misfits()
			if !slices.Equal(why, misfits) {
				rt.Fatalf("got %v, want %v", why, misfits)
			}
			if len(fit) == 0 {
				m, ok := search.Closest()
				if got != nil || ok != (len(why) > 0) || ok && m != Closest(why) {
					rt.Fatalf("got %v, %v", got, m)
				}
				return
			}
			best, dice := narrow(k, fit, n.Strategy, peers)
			ties := s.Ties
			if dice {
				ties = world.TiesDice
			}
			if !rightly(got, best, ties) {
				rt.Fatalf("got %v of %d, %d are best", got, len(fit), len(best))
			}
			peers = append(peers, settle(k, got, n))
			search.Placed(got)
		}
	})
}

func TestOneInstanceIsJudgedAsInASearchWithoutPeers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		k := drawCluster(rt)
		s := drawSite(rt, k)
		n, rules := drawNeed(rt)
		for i := range k.Instances.Rows() {
			if got, want := Lacks(s, n, i), slowly(s, n, rules, nil, i); got != want {
				rt.Fatalf("got %s, want %s", got, want)
			}
		}
	})
}

func TestStoppingIsWhatItIsSlowly(t *testing.T) {
	// ECS developer guide, "Use strategies to define Amazon ECS task placement"; ECS API reference, UpdateService
	rapid.Check(t, func(rt *rapid.T) {
		k := drawCluster(rt)
		s := drawSite(rt, k)
		strategy := some(rt, "strategy", strategies(), 3)
		tasks := web(k)
		order := func(t *world.Task) int {
			if t.Status == running {
				return 0
			}
			return 1
		}
		count := rapid.IntRange(0, len(tasks)).Draw(rt, "count")
		got := Surplus(s, tasks, count, strategy, order)
		if len(got) != count {
			rt.Fatalf("%d of %d", len(got), count)
		}
		freed := map[string]int{}
		rest := slices.Clone(tasks)
		for _, t := range got {
			best := least(rest, func(t *world.Task) int { return -order(t) })
			dice := s.Ties == world.TiesDice
			for _, st := range strategy {
				if st.Type == Random {
					dice = true
					break
				}
				best = least(best, func(t *world.Task) int {
					i, _ := k.Instances.Get(t.Instance)
					switch st.Field {
					case FieldCPU:
						return -(i.Remaining[0].Integer + freed[i.ID+"cpu"] + t.CPU)
					case FieldMemory:
						return -(i.Remaining[1].Integer + freed[i.ID+"memory"] + t.Memory)
					}
					return -alike(k, rest, i, st.Field)
				})
			}
			want := best[len(best)-1]
			if s.Ties == world.TiesNewest {
				want = best[0]
			}
			if !slices.Contains(best, t) || !dice && t != want {
				rt.Fatalf("got %s, want %s of %d", t.ID, want.ID, len(best))
			}
			freed[t.Instance+"cpu"] += t.CPU
			freed[t.Instance+"memory"] += t.Memory
			rest = slices.DeleteFunc(rest, func(o *world.Task) bool { return o == t })
		}
	})
}

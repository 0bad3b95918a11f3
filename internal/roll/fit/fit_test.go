package fit

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/live"
	"berth/internal/placement"
)

// host is an instance of a cluster, a t3.large with its reserved memory and ports.
func host(n int, zone string) live.Instance {
	id := fmt.Sprintf("i-%05d", n)
	all := live.Room{CPU: 2048, Memory: 7600, ENIs: 2, TCP: []int{22, 2375, 2376, 51678, 51679}}
	i := live.Instance{
		ID: id, ARN: "arn:" + id, Status: "ACTIVE", Connected: true, Agent: "1.90.0", Group: "g", Provider: "p", Zone: zone, Type: "t3.large", Total: all, Free: all,
		Attributes: map[string]string{"ecs.availability-zone": zone, "ecs.instance-type": "t3.large", "ecs.cpu-architecture": "x86_64"},
	}
	return i
}

// cluster is instances with tasks, and what tasks want by group.
type cluster struct {
	instances []live.Instance
	tasks     []live.Task
	demands   map[string]placement.Demand
	unknown   map[string]bool
}

func (c *cluster) need(t live.Task) (placement.Demand, bool) {
	d, ok := c.demands[t.Group]
	return d, ok && !c.unknown[t.Group]
}

func (c *cluster) board() *Board { return New(c.instances, c.tasks, c.need) }

// run puts a task on an instance.
func (c *cluster) run(group string, on *live.Instance) {
	t := live.Task{ID: fmt.Sprintf("t%04d", len(c.tasks)), Group: group, Definition: "d:" + group, Instance: on.ARN, Zone: on.Zone, Last: "RUNNING", Desired: "RUNNING"}
	t.ARN = "arn:" + t.ID
	c.tasks = append(c.tasks, t)
	r := c.demands[group].Room
	on.Free.CPU, on.Free.Memory, on.Free.ENIs, on.Free.GPUs = on.Free.CPU-r.CPU, on.Free.Memory-r.Memory, on.Free.ENIs-r.ENIs, on.Free.GPUs-r.GPUs
	on.Free.TCP, on.Free.UDP = slices.Concat(on.Free.TCP, r.TCP), slices.Concat(on.Free.UDP, r.UDP)
	on.Running++
}

// drawDemand draws what a task of a service may want.
func drawDemand(rt *rapid.T, name string) placement.Demand {
	d := placement.Demand{
		Name: name, Group: "service:" + name,
		Room: live.Room{CPU: rapid.IntRange(0, 900).Draw(rt, "cpu"), Memory: rapid.IntRange(4, 3000).Draw(rt, "memory"), ENIs: rapid.IntRange(0, 1).Draw(rt, "eni")},
	}
	d.Room.GPUs = rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, 0, 1}).Draw(rt, "gpus")
	switch rapid.IntRange(0, 9).Draw(rt, "port") {
	case 9:
		d.Room.TCP = []int{8080}
	case 8:
		d.Room.TCP, d.Room.UDP = []int{8080, 9090}, []int{53}
	}
	for range max(0, rapid.IntRange(-2, 2).Draw(rt, "constraints")) {
		d.Constraints = append(d.Constraints, rapid.SampledFrom([]placement.Constraint{
			{Type: "distinctInstance"},
			{Type: "memberOf", Expression: "attribute:rack exists"},
			{Type: "memberOf", Expression: "not(task:group == service:b)"},
			{Type: "memberOf", Expression: "runningTasksCount < 4"},
			{Type: "memberOf", Expression: "ec2InstanceId != i-00002"},
			{Type: "memberOf", Expression: "attribute:ecs.availability-zone != za"},
			{Type: "memberOf", Expression: "nonsense =="},
		}).Draw(rt, "constraint"))
	}
	for range rapid.IntRange(0, 3).Draw(rt, "strategies") {
		d.Strategy = append(d.Strategy, rapid.SampledFrom([]placement.Strategy{
			{Type: "spread", Field: "attribute:ecs.availability-zone"},
			{Type: "spread", Field: "instanceId"},
			{Type: "spread", Field: "attribute:rack"},
			{Type: "binpack", Field: "cpu"},
			{Type: "binpack", Field: "memory"},
			{Type: "random"},
		}).Draw(rt, "strategy"))
	}
	if rapid.Bool().Draw(rt, "providers") {
		d.Providers = []placement.Provider{{Name: "p", Base: rapid.IntRange(0, 2).Draw(rt, "base"), Weight: 1}, {Name: "q", Weight: rapid.IntRange(0, 2).Draw(rt, "weight")}}
	}
	if rapid.IntRange(0, 3).Draw(rt, "subnets") == 0 {
		d.Zones = []string{"za", "zb"}
	}
	if rapid.IntRange(0, 9).Draw(rt, "requires") == 9 {
		d.Requires = []string{"rack=r1"}
	}
	return d
}

// drawCluster draws a small cluster with all that can be wrong in one.
func drawCluster(rt *rapid.T) *cluster {
	c := &cluster{demands: map[string]placement.Demand{}, unknown: map[string]bool{}}
	var groups []string
	for _, name := range []string{"a", "b", "c"} {
		d := drawDemand(rt, name)
		c.demands[d.Group] = d
		groups = append(groups, d.Group)
	}
	c.unknown["service:c"] = rapid.IntRange(0, 4).Draw(rt, "unknown") == 0
	agent := placement.Demand{Name: "agent", Group: "service:agent", Daemon: true, Room: live.Room{CPU: 100, Memory: 200}}
	if rapid.Bool().Draw(rt, "agent's") {
		agent.Constraints = []placement.Constraint{{Type: "memberOf", Expression: "attribute:rack exists"}}
	}
	c.demands[agent.Group] = agent
	groups = append(groups, agent.Group, "family:once")
	for n := range 9 - rapid.IntRange(0, 8).Draw(rt, "fewer") {
		i := host(n, rapid.SampledFrom([]string{"za", "zb", "zc"}).Draw(rt, "zone"))
		i.Free.CPU, i.Free.Memory = 4096-rapid.IntRange(0, 3800).Draw(rt, "used cpu"), 7600-rapid.IntRange(0, 6600).Draw(rt, "used memory")
		i.Free.GPUs = rapid.IntRange(0, 1).Draw(rt, "free gpus")
		i.Total.GPUs = 1
		if rapid.IntRange(0, 9).Draw(rt, "uncounted") == 0 {
			i.Total.ENIs, i.Free.ENIs = 0, 0
		}
		i.Status = rapid.SampledFrom([]string{"ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "REGISTERING"}).Draw(rt, "status")
		i.Connected = rapid.IntRange(0, 9).Draw(rt, "connected") > 0
		i.Provider = rapid.SampledFrom([]string{"p", "p", "q"}).Draw(rt, "provider")
		if rapid.Bool().Draw(rt, "rack") {
			i.Attributes["rack"] = rapid.SampledFrom([]string{"r1", "r2"}).Draw(rt, "value")
		}
		if rapid.IntRange(0, 9).Draw(rt, "joined") == 0 {
			i.ARN, i.Status, i.Attributes = "", "", nil
			c.instances = append(c.instances, i)
			continue
		}
		for range rapid.IntRange(0, 3).Draw(rt, "tasks") {
			c.run(rapid.SampledFrom(groups).Draw(rt, "group"), &i)
			t := &c.tasks[len(c.tasks)-1]
			if rapid.IntRange(0, 5).Draw(rt, "ports") == 0 {
				t.Containers = []live.Container{{Ports: []live.Port{{Host: 9090, Protocol: "tcp"}}}}
			}
			if rapid.IntRange(0, 5).Draw(rt, "stops") == 0 {
				t.Desired = "STOPPED"
			}
		}
		c.instances = append(c.instances, i)
	}
	return c
}

// site is what the oracle sees when the tasks in gone have left their instances, which are closed.
func (c *cluster) site(closed map[string]bool, gone map[string]bool, landed []live.Task) placement.Site {
	s := placement.Site{Instances: slices.Clone(c.instances)}
	for _, t := range c.tasks {
		if !gone[t.ARN] {
			s.Tasks = append(s.Tasks, t)
		}
		if d := c.demands[t.Group]; d.Daemon && !slices.ContainsFunc(s.Daemons, func(o placement.Demand) bool { return o.Group == d.Group }) {
			s.Daemons = append(s.Daemons, d)
		}
	}
	s.Tasks = append(s.Tasks, landed...)
	for n := range s.Instances {
		i := &s.Instances[n]
		if closed[i.ARN] && i.ARN != "" && i.Status == "ACTIVE" {
			i.Status = "DRAINING"
		}
		for _, t := range landed {
			if r := c.demands[t.Group].Room; t.Instance == i.ARN {
				i.Free.CPU, i.Free.Memory, i.Free.ENIs, i.Free.GPUs = i.Free.CPU-r.CPU, i.Free.Memory-r.Memory, i.Free.ENIs-r.ENIs, i.Free.GPUs-r.GPUs
				i.Free.TCP, i.Free.UDP = slices.Concat(i.Free.TCP, r.TCP), slices.Concat(i.Free.UDP, r.UDP)
			}
		}
	}
	return s
}

// differs tells how a move is another one than placement foresees on a site; empty: it is the same.
func (c *cluster) differs(m Move, s placement.Site) string {
	d, known := c.need(live.Task{Group: m.Group})
	if !known || !m.Known {
		if known != m.Known || m.Fits() {
			return fmt.Sprintf("known: %v, %+v", known, m)
		}
		return ""
	}
	want := placement.Land(d, 1, s)[0]
	told, _, _ := strings.Cut(want.Why, "; no group grows")
	switch {
	case want.Instance != m.To, m.Fits() && want.Zone != m.Zone:
		return fmt.Sprintf("it goes to %q (%s), and ECS would take %q: %s", m.To, m.Why, want.Instance, want.Why)
	case !m.Fits() && len(d.Providers)+len(s.Daemons) == 0 && m.Why != told: // what daemons keep is kept on closed instances, too
		return told + "\nis told as\n" + m.Why
	}
	return ""
}

func TestEveryTaskGoesWherePlacementSaysECSWouldPutIt(t *testing.T) {
	landed, stuck := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCluster(rt)
		b := c.board()
		closed, gone := map[string]bool{}, map[string]bool{}
		if n := rapid.IntRange(0, len(c.instances)).Draw(rt, "closed"); n < len(c.instances) {
			b.Close(c.instances[n].ARN)
			closed[c.instances[n].ARN] = true
		}
		var there []live.Task
		for range rapid.IntRange(1, 4).Draw(rt, "moves") {
			from := rapid.SampledFrom(c.instances).Draw(rt, "from")
			closed[from.ARN] = true
			moves := b.Move(from.ARN)
			for _, m := range moves {
				gone[m.Task] = true
				there = slices.DeleteFunc(there, func(t live.Task) bool { return t.ARN == m.Task }) // it had come there before
			}
			for _, m := range moves {
				if fault := c.differs(m, c.site(closed, gone, there)); fault != "" || m.From != from.ID {
					rt.Fatalf("%s of %s: %s", m.Group, m.From, fault)
				}
				if !m.Fits() {
					stuck++
					continue
				}
				landed++
				at := slices.IndexFunc(c.instances, func(i live.Instance) bool { return i.ID == m.To })
				there = append(there, live.Task{ID: "new " + m.Task, ARN: m.Task, Group: m.Group, Instance: c.instances[at].ARN, Zone: m.Zone, Last: "RUNNING", Desired: "RUNNING"})
			}
		}
	})
	if landed < 20 || stuck < 5 {
		t.Errorf("only %d tasks landed and %d did not", landed, stuck)
	}
}

// shape is all of a board that decides what happens next.
func shape(b *Board) string {
	b.prepare()
	var out strings.Builder
	for n := range b.seats {
		s := b.seats[n]
		fmt.Fprintln(&out, s.cpu, s.memory, s.gpus, s.enis, s.open, len(s.landed))
	}
	for _, g := range slices.Sorted(maps.Keys(b.members)) {
		fmt.Fprintln(&out, g, slices.Sorted(slices.Values(b.members[g])))
	}
	return out.String()
}

func TestWhatIsTakenBackLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCluster(rt)
		b := c.board()
		b.Move("nobody")
		one, two := rapid.SampledFrom(c.instances).Draw(rt, "one").ARN, rapid.SampledFrom(c.instances).Draw(rt, "two").ARN
		b.Move(one)
		before := shape(b)
		if two == one || two == "" {
			return
		}
		moves, done := b.Try(two)
		if done != !slices.ContainsFunc(moves, func(m Move) bool { return !m.Fits() }) {
			rt.Fatal(done, moves)
		}
		b.Back(two)
		if after := shape(b); after != before {
			rt.Fatalf("before\n%safter\n%s", before, after)
		}
		if again, _ := b.Try(two); !reflect.DeepEqual(again, moves) {
			rt.Fatalf("%+v was %+v", again, moves)
		}
	})
}

func TestTheOrderOfWhatWasSeenDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCluster(rt)
		from := rapid.SampledFrom(c.instances).Draw(rt, "from").ARN
		want := c.board().Move(from)
		c.instances = rapid.Permutation(c.instances).Draw(rt, "instances")
		c.tasks = rapid.Permutation(c.tasks).Draw(rt, "tasks")
		if got := c.board().Move(from); !reflect.DeepEqual(got, want) {
			rt.Fatalf("%+v was %+v", got, want)
		}
	})
}

func TestAnInstanceThatIsOpenedIsAsIfItHadStood(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCluster(rt)
		from := rapid.SampledFrom(c.instances).Draw(rt, "from").ARN
		before := rapid.Bool().Draw(rt, "before the first move")
		extra := host(rapid.IntRange(0, 20).Draw(rt, "id"), "zb")
		extra.ID, extra.ARN = extra.ID+"x", extra.ARN+"x"
		b := c.board()
		if !before {
			b.Move(from)
			b.Back(from)
		}
		b.Open(extra)
		got := b.Move(from)
		c.instances = append(c.instances, extra)
		if want := c.board().Move(from); !reflect.DeepEqual(got, want) {
			rt.Fatalf("%+v, want %+v", got, want)
		}
	})
}

func TestWhatStaysAndWhatGoes(t *testing.T) {
	c := &cluster{demands: map[string]placement.Demand{}}
	for n := range 3 {
		c.instances = append(c.instances, host(n, fmt.Sprint("z", n)))
	}
	for _, name := range []string{"web", "dark"} {
		c.demands["service:"+name] = placement.Demand{Name: name, Group: "service:" + name, Room: live.Room{CPU: 512, Memory: 512}}
	}
	c.unknown = map[string]bool{"service:dark": true}
	c.demands["service:agent"] = placement.Demand{Name: "agent", Group: "service:agent", Daemon: true, Room: live.Room{CPU: 2000, Memory: 100}}
	for _, group := range []string{"service:web", "service:web", "service:agent", "family:job", "service:dark"} {
		c.run(group, &c.instances[0])
	}
	c.tasks[1].Desired = "STOPPED"
	b := c.board()
	moves := b.Move("arn:i-00000")
	var got []string
	for _, m := range moves {
		got = append(got, fmt.Sprint(m.Group, " ", m.To, " ", m.Known, " ", m.Why))
	}
	want := []string{
		"service:dark  false its task definition could not be read",
		"service:web  true no instance fits (3 of 3: 512 CPU units wanted, at most 48 free; 1 of 3: draining)",
	}
	if !slices.Equal(got, want) { // the others keep room for the daemon that they have not
		t.Errorf("%q", got)
	}
	if b.Move("arn:i-00000") != nil || b.Move("arn:nobody") != nil {
		t.Error("an instance was moved twice, or one that is not there")
	}
	if moves, fits := c.board().Try("arn:i-00000"); fits || len(moves) != 2 {
		t.Error(moves, fits)
	}
	c.demands["service:agent"] = placement.Demand{Name: "agent", Group: "service:agent", Daemon: true, Room: live.Room{CPU: 100, Memory: 100}}
	b = c.board()
	b.Close("arn:i-00001")
	if moves := b.Move("arn:i-00000"); moves[1].To != "i-00002" || moves[1].Zone != "z2" {
		t.Errorf("%+v", moves)
	}
	b = c.board()
	b.Keep(placement.Demand{Name: "logs", Group: "service:logs", Daemon: true, Room: live.Room{CPU: 1900}}, c.demands["service:agent"])
	if moves := b.Move("arn:i-00000"); moves[1].Fits() {
		t.Errorf("a daemon has no room: %+v", moves)
	}
}

// crowd is a cluster as large as they come: half of what it has is free, and each service has its own ways.
func crowd(instances, tasks, services int) *cluster {
	c := &cluster{demands: map[string]placement.Demand{}}
	for n := range services {
		d := placement.Demand{
			Name: fmt.Sprint("s", n), Group: fmt.Sprint("service:s", n), Room: live.Room{CPU: 128 + n%3*64, Memory: 256 + n%5*128},
			Requires: []string{"com.amazonaws.ecs.capability.docker-remote-api.1.18", "ecs.cpu-architecture=x86_64"},
		}
		switch n % 10 {
		case 1:
			d.Constraints = []placement.Constraint{{Type: "distinctInstance"}}
		case 2:
			d.Constraints = []placement.Constraint{{Type: "memberOf", Expression: "attribute:ecs.instance-type =~ t3.*"}}
		case 3:
			d.Strategy = []placement.Strategy{{Type: "spread", Field: "attribute:ecs.availability-zone"}, {Type: "binpack", Field: "memory"}}
		case 4:
			d.Providers = []placement.Provider{{Name: "p", Weight: 1}}
		case 5:
			d.Room.TCP = []int{8000 + n}
		}
		if n == 0 {
			d.Daemon = true
		}
		c.demands[d.Group] = d
	}
	for n := range instances {
		i := host(n, fmt.Sprint("eu-west-1", string(rune('a'+n%3))))
		for k := range 30 {
			i.Attributes[fmt.Sprint("com.amazonaws.ecs.capability.number-", k)] = ""
		}
		i.Attributes["com.amazonaws.ecs.capability.docker-remote-api.1.18"] = ""
		c.instances = append(c.instances, i)
	}
	for n := range tasks {
		c.run(fmt.Sprint("service:s", n%services), &c.instances[n*7%instances])
	}
	return c
}

func BenchmarkNewOf5000Instances20000TasksAnd1000Services(b *testing.B) {
	c := crowd(5000, 20000, 1000)
	b.ReportAllocs()
	for b.Loop() {
		c.board()
	}
}

func BenchmarkMoveOf50(b *testing.B) {
	for name, change := range map[string]func(c *cluster){
		"room": func(*cluster) {},
		"full": func(c *cluster) {
			for n := range c.instances {
				c.instances[n].Free.CPU = 100
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			c := crowd(5000, 20000, 1000)
			change(c)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				board := c.board()
				b.StartTimer()
				fits := 0
				for n := range 50 {
					for _, m := range board.Move(c.instances[n*100].ARN) {
						if m.Fits() {
							fits++
						}
					}
				}
				if name == "room" && fits < 170 || name == "full" && fits > 0 {
					b.Fatal(fits)
				}
			}
		})
	}
}

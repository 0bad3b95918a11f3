package placement

import (
	"fmt"
	"testing"

	"berth/internal/sim/world"
)

// fleet is n instances of 1 vCPU in three zones, one after the other.
func fleet(n int) *world.Cluster {
	k := &world.Cluster{}
	for j := range n {
		i := &world.ContainerInstance{
			ID: fmt.Sprintf("%032d", j), Status: "ACTIVE", AgentConnected: true, Zone: fmt.Sprintf("eu-west-1%c", 'a'+j%3), Remaining: resources(1024, 2048),
		}
		k.Instances.Put(i.ID, i)
	}
	return k
}

func site(k *world.Cluster) Site {
	throws := uint64(0)
	return Site{Cluster: k, Alive: func(i *world.ContainerInstance) bool { return i.AgentConnected }, Dice: func() uint64 {
		throws++
		return throws * 0x9e3779b97f4a7c15
	}}
}

// places places tasks one after the other and gives the numbers of their instances.
func places(s Site, n Need, times int) []int {
	var out []int
	search := NewSearch(s, n, nil)
	for range times {
		i := search.Choose()
		if i == nil {
			return append(out, -1)
		}
		var at int
		_, _ = fmt.Sscanf(i.ID, "%d", &at)
		i.Remaining[0].Integer -= n.CPU
		i.Remaining[1].Integer -= n.Memory
		search.Placed(i)
		out = append(out, at)
	}
	return out
}

func TestStrategiesPlaceAsTheGuideSays(t *testing.T) {
	// ECS developer guide, "Example Amazon ECS task placement strategies"
	zones, hosts := world.PlacementStrategy{Type: Spread, Field: FieldZone}, world.PlacementStrategy{Type: Spread, Field: FieldInstance}
	memory := world.PlacementStrategy{Type: Binpack, Field: FieldMemory}
	for name, c := range map[string]struct {
		strategy []world.PlacementStrategy
		ties     world.Ties
		want     []int
	}{
		"over the zones":                     {[]world.PlacementStrategy{zones}, world.TiesOldest, []int{0, 1, 2, 0, 1, 2, 3}},
		"over the instances":                 {[]world.PlacementStrategy{hosts}, world.TiesOldest, []int{0, 1, 2, 3, 4, 5, 0}},
		"by default":                         {Default(), world.TiesOldest, []int{0, 1, 2, 3, 4, 5, 0}},
		"by default, the newest first":       {Default(), world.TiesNewest, []int{5, 4, 3, 2, 1, 0, 5}},
		"packed by memory":                   {[]world.PlacementStrategy{memory}, world.TiesOldest, []int{0, 0, 1, 1, 2, 2, 3}},
		"over the zones, packed in each":     {[]world.PlacementStrategy{zones, memory}, world.TiesOldest, []int{0, 1, 2, 0, 1, 2, 3}},
		"without a strategy":                 {nil, world.TiesOldest, []int{0, 0, 1, 1, 2, 2, 3}},
		"without a strategy, the newest one": {nil, world.TiesNewest, []int{5, 5, 4, 4, 3, 3, 2}},
	} {
		s := site(fleet(6))
		s.Ties = c.ties
		if got := places(s, Need{CPU: 512, Memory: 1024, Strategy: c.strategy}, 7); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestDiceMeetEveryInstanceAboutAsOften(t *testing.T) {
	for name, set := range map[string]func(*Site, *Need){
		"random": func(_ *Site, n *Need) { n.Strategy = []world.PlacementStrategy{{Type: Random}} },
		"ties":   func(s *Site, _ *Need) { s.Ties = world.TiesDice },
	} {
		s, n := site(fleet(4)), Need{}
		set(&s, &n)
		counts := [4]int{}
		for _, at := range places(s, n, 4000) {
			counts[at]++
		}
		for _, c := range counts {
			if c < 900 || c > 1100 {
				t.Errorf("%s: %v", name, counts)
			}
		}
	}
}

func TestPackingGoesOnWhereItBegan(t *testing.T) {
	s := site(fleet(4))
	s.Ties = world.TiesDice
	got := places(s, Need{CPU: 64, Memory: 128, Strategy: []world.PlacementStrategy{{Type: Binpack, Field: FieldCPU}}}, 16)
	for _, at := range got {
		if at != got[0] {
			t.Errorf("got %v", got)
		}
	}
}

func TestZonesCountTheTasksOfInstancesThatGetNone(t *testing.T) {
	// ECS API reference, UpdateService: with a task in zone A and none in B and C, B and C are best
	k := fleet(4) // the first and the last are in the same zone
	first, _ := k.Instances.Get(fmt.Sprintf("%032d", 0))
	first.Status = "DRAINING"
	search := NewSearch(site(k), Need{Strategy: Default()}, []*world.Task{{Instance: first.ID, Zone: first.Zone}})
	if i := search.Choose(); i.Zone == first.Zone {
		t.Errorf("placed in %s", i.Zone)
	}
}

func TestDiceAreNotThrownForWhatIsDecided(t *testing.T) {
	s := site(fleet(3))
	s.Dice = func() uint64 { t.Error("thrown"); return 0 }
	places(s, Need{Strategy: Default()}, 3)
	Surplus(s, []*world.Task{{Instance: "x"}}, 1, Default(), func(*world.Task) int { return 0 })
}

func TestBinpackStopsWhereMostIsLeft(t *testing.T) {
	// ECS developer guide, "Use strategies to define Amazon ECS task placement"
	k := fleet(2)
	var tasks []*world.Task
	for n, on := range []int{0, 0, 1, 0} {
		i, _ := k.Instances.Get(fmt.Sprintf("%032d", on))
		i.Remaining[0].Integer -= 256
		tasks = append(tasks, &world.Task{ID: fmt.Sprint(n), Instance: i.ID, CPU: 256})
	}
	got := ""
	for _, task := range Surplus(site(k), tasks, 9, []world.PlacementStrategy{{Type: Binpack, Field: FieldCPU}}, func(*world.Task) int { return 0 }) {
		got += task.ID
	}
	if got != "2310" {
		t.Errorf("got %s", got)
	}
}

func TestConstraintsThatCannotBeReadAreRefused(t *testing.T) {
	for _, c := range []world.PlacementConstraint{{Type: "near"}, {Type: MemberOf}, {Type: MemberOf, Expression: "colour == red"}} {
		if _, err := Read([]world.PlacementConstraint{c}); err == nil {
			t.Errorf("%v is taken", c)
		}
	}
}

// large is 5,000 instances with as many attributes as an agent registers, and a task of other services on each.
func large() *world.Cluster {
	k := &world.Cluster{}
	zones := []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"}
	for j := range 5000 {
		i := &world.ContainerInstance{
			ID: fmt.Sprintf("%032x", j*7919), EC2ID: fmt.Sprintf("i-%017x", j), Status: "ACTIVE", AgentConnected: true,
			Zone: zones[j%3], Remaining: resources(2048-j%7*128, 4096-j%5*256, "22", "2375", "2376", "51678", "51679"),
		}
		for c := range 90 {
			i.Attributes = append(i.Attributes, world.ECSAttribute{Name: fmt.Sprintf("com.amazonaws.ecs.capability.docker-remote-api.1.%d", c)})
		}
		i.Attributes = append(i.Attributes, text("ecs.os-type", "linux"), text("ecs.cpu-architecture", "x86_64"), text("ecs.availability-zone", i.Zone),
			text("ecs.instance-type", []string{"t3.medium", "m5.large"}[j%2]), text("ecs.ami-id", "ami-0123456789abcdef0"), text("rack", fmt.Sprint(j%20)))
		for n := range 10 {
			id := fmt.Sprintf("%030x%02x", j, n)
			i.Tasks = append(i.Tasks, id)
			i.Groups = append(i.Groups, world.TaskGroup{Name: fmt.Sprintf("service:s%d", (j+n)%40), Tasks: 1})
			k.Tasks.Put(id, &world.Task{ID: id, Group: fmt.Sprintf("service:s%d", (j+n)%40), Desired: running, Instance: i.ID, Zone: i.Zone})
		}
		k.Instances.Put(i.ID, i)
	}
	return k
}

func BenchmarkPlace(b *testing.B) {
	k := large()
	var peers []*world.Task
	for t := range k.Tasks.Rows() {
		if t.Group == "service:s0" {
			peers = append(peers, t)
		}
	}
	requires := []world.ECSAttribute{{Name: "com.amazonaws.ecs.capability.docker-remote-api.1.18"}, {Name: "com.amazonaws.ecs.capability.docker-remote-api.1.77"}}
	for _, c := range []struct {
		name  string
		need  Need
		rule  string
		peers []*world.Task
		pass  int
	}{
		{name: "Default", need: Need{Strategy: Default()}},
		{name: "DefaultWithPeers", need: Need{Strategy: Default()}, peers: peers},
		{name: "Binpack", need: Need{Strategy: []world.PlacementStrategy{{Type: Binpack, Field: FieldMemory}}}},
		{name: "Random", need: Need{Strategy: []world.PlacementStrategy{{Type: Random}}}},
		{name: "SpreadRack", need: Need{Strategy: []world.PlacementStrategy{{Type: Spread, Field: "attribute:rack"}}}},
		{name: "MemberOfType", need: Need{Strategy: Default()}, rule: "attribute:ecs.instance-type =~ t3.* and attribute:ecs.availability-zone != eu-west-1c"},
		{name: "MemberOfNone", need: Need{Strategy: Default()}, rule: "attribute:ecs.instance-type == c5.large"},
		{name: "MemberOfAbsent", need: Need{Strategy: Default()}, rule: "attribute:gpu exists"},
		{name: "MemberOfGroup", need: Need{Strategy: Default()}, rule: "task:group == service:absent"},
		{name: "NoRoom", need: Need{CPU: 9999}},
		{name: "Pass80", need: Need{Strategy: Default()}, peers: peers, pass: 79},
		{name: "Pass80MemberOf", need: Need{Strategy: Default()}, rule: "attribute:ecs.instance-type =~ t3.*", peers: peers, pass: 79},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := site(k)
			c.need.CPU, c.need.Memory, c.need.Requires = max(c.need.CPU, 128), 256, requires
			var rules []world.PlacementConstraint
			if c.rule != "" {
				rules = []world.PlacementConstraint{{Type: MemberOf, Expression: c.rule}}
			}
			for b.Loop() {
				var err error
				if c.need.Rules, err = Read(rules); err != nil {
					b.Fatal(err)
				}
				search := NewSearch(s, c.need, c.peers)
				i := search.Choose()
				if i == nil {
					search.Closest()
				}
				for range c.pass {
					search.Placed(i)
					i = search.Choose()
				}
			}
		})
	}
}

func BenchmarkSurplus(b *testing.B) {
	k := large()
	var peers []*world.Task
	for t := range k.Tasks.Rows() {
		if t.Group == "service:s0" {
			peers = append(peers, t)
		}
	}
	for b.Loop() {
		Surplus(site(k), peers, 80, Default(), func(*world.Task) int { return 0 })
	}
}

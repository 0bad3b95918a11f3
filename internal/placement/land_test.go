package placement

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/live"
)

func TestTasksLandByTheStrategies(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Demand, s *Site)
		n      int
		want   string // "instance" per task
		why    string // of the last one
	}{
		"ECS's own":    {n: 4, want: "i-00000 i-00001 i-00002 i-00003", why: "by zone: eu-west-1a has 1, eu-west-1b 1, eu-west-1c 1; by instance: 0 there"},
		"beside peers": {change: func(_ *Demand, s *Site) { s.Tasks = []live.Task{task(1, "service:web", s.Instances[0])} }, n: 1, want: "i-00001", why: "eu-west-1b has 0, eu-west-1a 1, eu-west-1c 0"},
		"binpack": {change: func(d *Demand, s *Site) {
			d.Strategy, s.Instances[4].Free.Memory = []Strategy{{"binpack", "memory"}}, 2100
		}, n: 3, want: "i-00004 i-00004 i-00000", why: "by memory: 7600 MiB free, the least that is enough"},
		"binpack of cpu": {change: func(d *Demand, s *Site) {
			d.Strategy, s.Instances[5].Free.CPU = []Strategy{{"binpack", "cpu"}}, 600
		}, n: 2, want: "i-00005 i-00000", why: "by cpu: 2048 units free"},
		"random": {change: func(d *Demand, _ *Site) { d.Strategy = []Strategy{{Type: "random"}} }, n: 1, want: "i-00000", why: "by chance: ECS may take any other that fits"},
		"no room in the emptiest zone": {change: func(_ *Demand, s *Site) {
			s.Instances = s.Instances[:3]
			s.Instances[0].Free.CPU = 0
		}, n: 3, want: "i-00001 i-00002 i-00001", why: "eu-west-1b has 1, eu-west-1a 0 but no room, eu-west-1c 1"},
		"over an attribute that some have not": {change: func(d *Demand, s *Site) {
			d.Strategy = []Strategy{{"spread", "attribute:rack"}}
			s.Instances[0].Attributes["rack"] = "r1"
		}, n: 3, want: "i-00000 i-00001 i-00000", why: "by rack: r1 has 1, without rack 1"},
		"one on each": {change: func(d *Demand, s *Site) {
			d.Constraints, s.Instances = []Constraint{{Type: distinctInstance}}, s.Instances[:2]
		}, n: 3, want: "i-00000 i-00001 ", why: "no instance fits (2 of 2: a task of web is there already); no group grows for it"},
		"beside itself": {change: func(d *Demand, s *Site) {
			d.Constraints, d.Strategy = []Constraint{{memberOf, "task:group == service:web"}}, []Strategy{{"spread", "instanceId"}}
			s.Tasks = []live.Task{task(1, "service:web", s.Instances[2])}
		}, n: 2, want: "i-00002 i-00002", why: "by instance: 2 there"},
		"by base and weight": {change: func(d *Demand, s *Site) {
			d.Providers = []Provider{{"prod_shop_default", 1, 1}, {"spot", 0, 2}}
			for _, n := range []int{1, 4} {
				s.Instances[n].Provider, s.Instances[n].Group = "spot", "spot"
			}
		}, n: 4, want: "i-00000 i-00001 i-00002 i-00004", why: "capacity provider spot; by zone"},
		"nowhere": {change: func(_ *Demand, s *Site) {
			for n := range s.Instances {
				s.Instances[n].Free.Memory = 100 * n
			}
			s.Instances[5].Status = "DRAINING"
		}, n: 1, want: "", why: "no instance fits (6 of 6: 1024 MiB of memory wanted, at most 500 free; 1 of 6: draining); no group grows for it"},
		"without instances": {change: func(_ *Demand, s *Site) { s.Instances = nil }, n: 1, want: "", why: "there are no instances"},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := web(), Site{Instances: hosts(6)}
			if c.change != nil {
				c.change(&d, &s)
			}
			all := Land(d, c.n, s)
			var got []string
			for _, l := range all {
				got = append(got, l.Instance)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q", got)
			}
			if why := all[len(all)-1].Why; !strings.Contains(why, c.why) {
				t.Error(why)
			}
		})
	}
}

func TestGroupsGrowForTasksThatWait(t *testing.T) {
	full := func() Site {
		s := Site{Instances: hosts(3), Groups: []live.Group{{
			Name: "prod_shop_default", Provider: "prod_shop_default", Desired: 3, Max: 5, Instances: 3, Managed: true,
			Zones: []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"},
		}}}
		for n := range s.Instances {
			s.Instances[n].Free.CPU = 0
		}
		return s
	}
	d := web()
	d.Providers = []Provider{{Name: "prod_shop_default", Weight: 1}}
	all := Land(d, 10, full())
	var got []string
	for _, l := range all {
		if l.Comes != nil {
			got = append(got, fmt.Sprint(l.Comes.To, l.Zone[len(l.Zone)-1:]))
		} else {
			got = append(got, "-")
		}
	}
	if strings.Join(got, " ") != "4a 4a 4a 4a 5b 5b 5b 5b - -" {
		t.Error(got)
	}
	if !strings.HasSuffix(all[0].Why, "comes when prod_shop_default grows from 3 to 4") || !strings.HasSuffix(all[9].Why, "prod_shop_default may have no more than 5") {
		t.Error(all[0].Why, all[9].Why)
	}

	d.Room.CPU = 3000
	if why := Land(d, 1, full())[0].Why; !strings.HasSuffix(why, "a new instance of prod_shop_default would not do: 3000 CPU units wanted, 2048 of 2048 free") {
		t.Error(why)
	}
	empty := full()
	empty.Instances = nil
	if why := Land(d, 1, empty)[0].Why; !strings.HasSuffix(why, "may grow from 3 to 5, but nobody knows yet what its instances are") {
		t.Error(why)
	}
	d.Room.CPU, empty.Models = 512, []live.Instance{host(0, "")}
	if l := Land(d, 1, empty)[0]; l.Comes == nil || l.Zone != "eu-west-1a" {
		t.Error(l)
	}
	d.Providers = nil
	if l := Land(d, 1, full())[0]; l.Comes != nil || !strings.HasSuffix(l.Why, "no group grows for it") {
		t.Error("a task without a capacity provider does not wait", l)
	}
}

func TestADaemonComesToEveryInstanceThatSuits(t *testing.T) {
	d, s := web(), Site{Instances: hosts(5)}
	d.Daemon, d.Constraints = true, []Constraint{{memberOf, "attribute:ecs.availability-zone != eu-west-1c"}}
	s.Instances[0].Free.CPU = 0
	s.Tasks = []live.Task{task(1, "service:web", s.Instances[1])}
	var got []string
	for _, l := range Land(d, 99, s) {
		got = append(got, l.Instance+"|"+l.Why)
	}
	want := []string{
		"|i-00000 is to have one: 512 CPU units wanted, 0 of 2048 free", "i-00003|a daemon runs on every instance that suits",
		"i-00004|a daemon runs on every instance that suits",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestALostZoneLeavesWhatFitsElsewhere(t *testing.T) {
	d, s := web(), Site{Instances: hosts(3)}
	s.Groups = []live.Group{{Name: "prod_shop_default", Desired: 3, Max: 9, Instances: 3, Zones: []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"}}}
	d.Room.CPU = 900 // two on each instance
	s.Tasks = []live.Task{task(1, "service:web", s.Instances[0])}
	s.Instances[0].Free.CPU -= 900
	got := Loss(d, Land(d, 4, s), s)
	want := []ZoneLoss{
		{
			Zone: "eu-west-1a", Lost: 2, Left: 3, Fits: 1, Comes: 1,
			Missing: "no instance fits (2 of 2: 900 CPU units wanted, at most 248 free); 1 comes when prod_shop_default has 3 instances in the other zones",
		},
		{
			Zone: "eu-west-1b", Lost: 2, Left: 3, Fits: 1, Comes: 1,
			Missing: "no instance fits (2 of 2: 900 CPU units wanted, at most 248 free); 1 comes when prod_shop_default has 3 instances in the other zones",
		},
		{
			Zone: "eu-west-1c", Lost: 1, Left: 4, Fits: 0, Comes: 1,
			Missing: "no instance fits (2 of 2: 900 CPU units wanted, at most 248 free); 1 comes when prod_shop_default has 3 instances in the other zones",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	d.Daemon = true
	if got := Loss(d, nil, s); len(got) != 1 || got[0].Fits != 0 || got[0].Missing != "" {
		t.Errorf("%+v", got)
	}
}

func TestAServiceCanBeTakenAway(t *testing.T) {
	s := Site{Instances: hosts(2)}
	d := web()
	d.Room.TCP = []int{8080}
	before := slices.Clone(s.Instances)
	after := s.after(d, Land(d, 2, s))
	for n := range after.Instances {
		after.Instances[n].Running++
	}
	got := after.Without("service:web", func(live.Task) live.Room { return d.Room })
	if !reflect.DeepEqual(got.Instances, before) || len(got.Tasks) != 0 {
		t.Errorf("%+v", got)
	}
}

// drawSite draws a small cluster with all that can be wrong in one.
func drawSite(rt *rapid.T) Site {
	var s Site
	for n := range rapid.IntRange(0, 12).Draw(rt, "instances") {
		i := host(n, "eu-west-1"+rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "zone"))
		i.Free.CPU, i.Free.Memory = rapid.IntRange(0, 2048).Draw(rt, "cpu"), rapid.IntRange(0, 7600).Draw(rt, "memory")
		i.Free.ENIs = rapid.IntRange(0, 2).Draw(rt, "enis")
		if rapid.Bool().Draw(rt, "port") {
			i.Free.TCP = append(slices.Clone(i.Free.TCP), 8080)
		}
		i.Status = rapid.SampledFrom([]string{"ACTIVE", "ACTIVE", "ACTIVE", "DRAINING", "REGISTERING"}).Draw(rt, "status")
		i.Connected = rapid.IntRange(0, 9).Draw(rt, "connected") > 0
		i.Provider = rapid.SampledFrom([]string{"p", "q"}).Draw(rt, "provider")
		i.Group = i.Provider
		if rapid.Bool().Draw(rt, "rack") {
			i.Attributes["rack"] = rapid.SampledFrom([]string{"r1", "r2"}).Draw(rt, "value")
		}
		s.Instances = append(s.Instances, i)
		for k := range rapid.IntRange(0, 2).Draw(rt, "tasks") {
			s.Tasks = append(s.Tasks, task(10*n+k, rapid.SampledFrom([]string{"service:web", "service:agent"}).Draw(rt, "group"), i))
		}
	}
	s.Groups = []live.Group{{Name: "p", Provider: "p", Desired: len(s.Instances), Max: len(s.Instances) + rapid.IntRange(0, 3).Draw(rt, "more"), Managed: true, Zones: []string{"eu-west-1a", "eu-west-1b"}}}
	return s
}

func drawDemand(rt *rapid.T) Demand {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(rt, "pick") }
	d := Demand{Name: "web", Group: "service:web", Room: live.Room{CPU: rapid.IntRange(0, 1200).Draw(rt, "cpu"), Memory: rapid.IntRange(4, 4000).Draw(rt, "memory")}}
	d.Room.ENIs = rapid.IntRange(0, 1).Draw(rt, "eni")
	if rapid.IntRange(0, 3).Draw(rt, "port") == 0 {
		d.Room.TCP = []int{8080}
	}
	for range rapid.IntRange(0, 2).Draw(rt, "constraints") {
		d.Constraints = append(d.Constraints, rapid.SampledFrom([]Constraint{
			{Type: distinctInstance},
			{memberOf, "attribute:rack exists"},
			{memberOf, "not(task:group == service:agent)"},
			{memberOf, "attribute:ecs.availability-zone != eu-west-1a"},
			{memberOf, "not(task:group == service:web)"},
		}).Draw(rt, "constraint"))
	}
	for range rapid.IntRange(0, 2).Draw(rt, "strategies") {
		d.Strategy = append(d.Strategy, rapid.SampledFrom([]Strategy{
			{"spread", fieldZone}, {"spread", fieldInstance}, {"spread", "attribute:rack"}, {"binpack", "cpu"}, {"binpack", "memory"}, {Type: "random"},
		}).Draw(rt, "strategy"))
	}
	if rapid.Bool().Draw(rt, "providers") {
		d.Providers = []Provider{{"p", rapid.IntRange(0, 2).Draw(rt, "base"), 1}, {"q", 0, rapid.IntRange(0, 2).Draw(rt, "weight")}}
	}
	d.Daemon = pick("REPLICA", "REPLICA", "REPLICA", "DAEMON") == "DAEMON"
	return d
}

func TestNoTaskLandsWhereSomethingIsLacking(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, s := drawDemand(rt), drawSite(rt)
		n := rapid.IntRange(0, 12).Draw(rt, "n")
		all := Land(d, n, s)
		if !d.Daemon && len(all) != n {
			rt.Fatalf("%d landings of %d tasks", len(all), n)
		}
		step := s
		for k, l := range all {
			if l.Why == "" {
				rt.Fatal("nobody knows why")
			}
			if l.Instance == "" {
				if len(l.Unfit) == 0 && len(s.Instances) > 0 {
					rt.Fatal("nobody knows why not")
				}
				continue
			}
			i := step.Instances[slices.IndexFunc(step.Instances, func(i live.Instance) bool { return i.ID == l.Instance })]
			if lacks := Lacks(d, i, step); len(lacks) > 0 {
				rt.Fatalf("task %d lands on %s: %s", k, l.Instance, sentence(lacks))
			}
			step = step.after(d, all[k:k+1])
		}
		for _, l := range all { // and what found none finds none
			if l.Instance == "" && !d.Daemon && len(d.Providers) == 0 {
				for _, i := range step.Instances {
					if len(Lacks(d, i, step)) == 0 {
						rt.Fatalf("there is room on %s", i.ID)
					}
				}
			}
		}
	})
}

func TestTheOrderOfInstancesAndTasksDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, s := drawDemand(rt), drawSite(rt)
		n := rapid.IntRange(0, 12).Draw(rt, "n")
		mixed := s
		mixed.Instances, mixed.Tasks = rapid.Permutation(s.Instances).Draw(rt, "instances"), rapid.Permutation(s.Tasks).Draw(rt, "tasks")
		one, other := Land(d, n, s), Land(d, n, mixed)
		if !reflect.DeepEqual(one, other) || !reflect.DeepEqual(one, Land(d, n, s)) {
			rt.Fatalf("%+v\n%+v", one, other)
		}
		if !reflect.DeepEqual(Loss(d, one, s), Loss(d, other, mixed)) {
			rt.Fatal("a lost zone leaves something else")
		}
	})
}

func TestASpreadIsEvenToOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := Site{Instances: hosts(3 * rapid.IntRange(1, 5).Draw(rt, "threes"))}
		d := web()
		d.Room = live.Room{CPU: 1}
		if rapid.Bool().Draw(rt, "said") {
			d.Strategy = []Strategy{{"spread", fieldZone}, {"spread", fieldInstance}}
		}
		all := Land(d, rapid.IntRange(0, 40).Draw(rt, "n"), s)
		zones := slices.Collect(maps.Values(perZone(all)))
		on := map[string]int{}
		for _, i := range s.Instances {
			on[i.ID] = 0
		}
		for _, l := range all {
			on[l.Instance]++
		}
		hosts := slices.Collect(maps.Values(on))
		if len(all) > 2 && slices.Max(zones)-slices.Min(zones) > 1 || slices.Max(hosts)-slices.Min(hosts) > 1 {
			rt.Fatal(zones, hosts)
		}
	})
}

func TestALossCountsEveryTaskOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, s := drawDemand(rt), drawSite(rt)
		all := Land(d, rapid.IntRange(0, 12).Draw(rt, "n"), s)
		there := len(s.after(d, all).peersOf(d.Group))
		sum := 0
		for _, l := range Loss(d, all, s) {
			sum += l.Lost
			if l.Lost+l.Left != there || l.Fits+l.Comes > l.Lost || l.Lost == 0 || (l.Fits < l.Lost) != (l.Missing != "") && !d.Daemon {
				rt.Fatalf("%+v of %d", l, there)
			}
		}
		if sum != there {
			rt.Fatal(sum, there)
		}
	})
}

// BenchmarkLand lands 1,000 tasks on 5,000 instances that have 20,000 tasks, with an expression that every instance is asked.
func BenchmarkLand(b *testing.B) {
	s := Site{Instances: hosts(5000)}
	for n := range 20000 {
		s.Tasks = append(s.Tasks, task(n, fmt.Sprint("service:s", n%200), s.Instances[n%5000]))
	}
	d := web()
	d.Requires = []string{older + "docker-remote-api.1.18"}
	d.Constraints = []Constraint{{memberOf, `attribute:ecs.instance-type =~ t[23]\..*`}}
	for name, strategy := range map[string][]Strategy{"spread": nil, "binpack": {{"spread", fieldZone}, {"binpack", "memory"}}} {
		b.Run(name, func(b *testing.B) {
			d.Strategy = strategy
			for b.Loop() {
				if all := Land(d, 1000, s); all[999].Instance == "" {
					b.Fatal(all[999])
				}
			}
		})
	}
}

// BenchmarkLacks asks 5,000 instances about one task.
func BenchmarkLacks(b *testing.B) {
	s := Site{Instances: hosts(5000)}
	for n := range 20000 {
		s.Tasks = append(s.Tasks, task(n, fmt.Sprint("service:s", n%200), s.Instances[n%5000]))
	}
	d := web()
	d.Room.CPU = 4096
	d.Constraints = []Constraint{{memberOf, `attribute:ecs.instance-type =~ m5\..*`}}
	for b.Loop() {
		j := NewJudge(d, s)
		for n := range s.Instances {
			if len(j.Lacks(&s.Instances[n])) != 2 {
				b.Fatal("it fits")
			}
		}
	}
}

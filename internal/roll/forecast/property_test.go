package forecast

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
)

// draw writes a cluster of up to 12 instances with whatever can be wrong in one.
func draw(rt *rapid.T) string {
	var b strings.Builder
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(rt, "pick") }
	n := func(low, high int, what string) int { return rapid.IntRange(low, high).Draw(rt, what) }
	fmt.Fprintf(&b, "order strategy=%s surge=%d max-unavailable=%d canary=%d standalone=%s %s %s %s\n", pick("drain", "drain", "double", "terminate"), n(0, 3, "surge"), n(0, 1, "unavailable"),
		n(0, 1, "canary"), pick("wait", "stop", "skip"), pick("fence", ""), pick("within-max", ""), pick("patch-services", ""))
	groups := []string{"one", "two"}[:n(1, 2, "groups")]
	count := 12 - n(0, 11, "fewer")
	for k, g := range groups {
		desired := (count + k) / len(groups)
		fmt.Fprintf(&b, "group %s desired=%d max=%d zones=a,b,c\n", g, max(0, desired+n(-1, 1, "amiss")), desired+n(0, 2, "more"))
	}
	for k := range count {
		fmt.Fprintf(&b, "node i-%02d %s %s %s arch=%s %s\n", k, groups[k%len(groups)], pick("a", "b", "c"), pick("outdated=ami", "outdated=ami", "outdated=age", ""), pick("x86_64", "arm64"),
			pick("", "", "", "", "silent", "unjoined", "status=DRAINING", "state=Standby", "attributes=rack:1"))
	}
	for _, name := range []string{"web", "api", "db"} {
		fmt.Fprintf(&b, "service %s desired=%d min=%s max=%s cpu=%d memory=%d %s %s\n", name, n(1, 6, "desired"), pick("100", "100", "50", "0"), pick("200", "200", "150", "100"),
			n(0, 900, "cpu"), n(4, 1500, "memory"), pick("", "", "", "port=8080", "distinct", "enis=1", "unknown", "requires=rack"), pick("", "binpack", "delay=60", "rollout=IN_PROGRESS"))
	}
	b.WriteString("service agent daemon desired=3 cpu=100 memory=100\n")
	for range 24 - n(0, 24, "tasks") {
		if name, k := pick("web", "web", "api", "db", "agent", "job"), n(0, count-1, "on"); !strings.Contains(line(b.String(), fmt.Sprintf("node i-%02d ", k)), "unjoined") {
			fmt.Fprintf(&b, "task %s i-%02d %s\n", name, k, pick("", "", "", "", "protected=5m", "protected=5h"))
		}
	}
	return b.String()
}

func line(text, begins string) string {
	_, rest, _ := strings.Cut(text, begins)
	one, _, _ := strings.Cut(rest, "\n")
	return one
}

//nolint:cyclop // one claim after the other
func TestSafetyNoTaskIsForeseenWhereItCannotBe(t *testing.T) {
	landed, gone := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		s := read(rt, draw(rt))
		f := Of(s)
		wave, nodes, old := map[string]int{}, map[string]roll.Node{}, map[string]bool{}
		for _, n := range s.Nodes {
			nodes[n.ID] = n
		}
		for _, o := range f.Olds {
			wave[o.ID], old[o.ID] = o.Wave, true
		}
		taken := map[string]live.Room{}
		for _, o := range f.Olds {
			for _, task := range o.Tasks {
				if task.To == "" {
					continue
				}
				landed++
				if n, stands := nodes[task.To]; stands && (n.Status != active || !n.Connected) || o.Wave == 0 || task.Kind != OfService {
					rt.Fatalf("%s of %s (wave %d) goes to %+v", task.Name, o.ID, o.Wave, n)
				}
				if w := wave[task.To]; w > 0 && w <= o.Wave {
					rt.Fatalf("%s of %s goes in wave %d to %s, which goes in wave %d", task.Name, o.ID, o.Wave, task.To, w)
				}
				r, want := taken[task.To], s.Demands[task.Name+":1 "+task.Name].Room
				taken[task.To] = live.Room{CPU: r.CPU + want.CPU, Memory: r.Memory + want.Memory, ENIs: r.ENIs + want.ENIs}
			}
		}
		for id, r := range taken { // unordered: each for itself
			free := live.Room{CPU: 2048, Memory: 4096, ENIs: 2}
			if n, stands := nodes[id]; stands {
				free = n.Free
			}
			if !old[id] && (r.CPU > max(0, free.CPU) || r.Memory > max(0, free.Memory) || r.ENIs > max(0, free.ENIs)) {
				rt.Fatalf("%s has %+v and gets %+v", id, free, r)
			}
		}
		gone += floors(rt, s, f)
	})
	if landed < 20 || gone < 20 {
		t.Errorf("only %d tasks landed, %d instances went", landed, gone)
	}
}

// floors follows the waves: neither a group nor a zone ever has fewer instances that work than it must.
//
//nolint:cyclop // it keeps the books of every wave
func floors(rt *rapid.T, s roll.Snapshot, f Forecast) int {
	ready := map[string]map[string]int{}
	zone := map[string]string{}
	busy := map[string]bool{}
	keys := map[string]string{}
	for _, g := range s.Groups {
		keys[g.Name], ready[g.Key] = g.Key, map[string]int{}
	}
	for _, n := range s.Nodes {
		zone[n.ID], busy[n.ID] = n.Zone, works(&n)
		if works(&n) {
			ready[keys[n.Group]][n.Zone]++
		}
	}
	sum := func(key string) int {
		total := 0
		for _, n := range ready[key] { // unordered: a sum
			total += n
		}
		return total
	}
	group := map[string]string{}
	for _, o := range f.Olds {
		group[o.ID] = o.Group
	}
	gone := 0
	for _, w := range f.Waves {
		for _, n := range w.New {
			ready[n.Group][n.Zone] += n.Count
		}
		less := map[string]int{}
		for _, id := range w.Olds {
			gone++
			if key := group[id]; busy[id] {
				ready[key][zone[id]]--
				less[key]++
				if f.Order.Strategy != roll.Terminate && ready[key][zone[id]] == 0 && sum(key) > 0 {
					rt.Fatalf("wave %d empties zone %s of %s: %+v", w.N, zone[id], key, f.Waves)
				}
			}
		}
		for _, g := range f.Groups {
			if have := sum(g.Key); less[g.Key] > 0 && have < g.Desired-g.Unavailable {
				rt.Fatalf("wave %d leaves %d of %d in %s: %+v", w.N, have, g.Desired, g.Key, f.Waves)
			}
		}
		replace(w, f, ready, group, zone)
	}
	return gone
}

// replace gives groups as many instances as they have lost beyond what stood beside them.
func replace(w Wave, f Forecast, ready map[string]map[string]int, group, zone map[string]string) {
	for _, g := range f.Groups {
		came := 0
		for _, earlier := range f.Waves[:w.N] {
			for _, n := range earlier.New {
				if n.Group == g.Key {
					came += n.Count
				}
			}
			for _, id := range earlier.Olds {
				if group[id] != g.Key {
					continue
				}
				if came--; came < 0 {
					came = 0
					if earlier.N == w.N {
						ready[g.Key][zone[id]]++
					}
				}
			}
		}
	}
}

//nolint:cyclop // one sum after the other
func TestTheSumsAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := read(rt, draw(rt))
		f := Of(s)
		seen, moves, at := map[string]int{}, 0, -1
		for k, w := range f.Waves {
			if w.N != k+1 || len(w.Olds) == 0 || w.Begins < at {
				rt.Fatalf("%+v", f.Waves)
			}
			at = w.Begins + w.Takes
			moves += w.Moves
			for _, id := range w.Olds {
				seen[id] += w.N
			}
		}
		tasks := 0
		for _, o := range f.Olds {
			if (o.Fate == Replaced) != (o.Wave > 0) || seen[o.ID] != o.Wave || o.Fate != Replaced && o.Why == "" {
				rt.Fatalf("%+v, %+v", o, f.Waves)
			}
			for _, task := range o.Tasks {
				if task.Kind == OfService {
					tasks++
				}
			}
		}
		of, there := 0, 0
		for _, one := range f.Services {
			of, there = of+one.Moves, there+one.Tasks
		}
		parts := 0
		for _, p := range f.Time.Parts {
			parts += p.Seconds
		}
		refuses := slices.ContainsFunc(f.Findings, func(one Finding) bool { return one.Severity == BlocksAll })
		if moves != f.Moves || of != f.Moves || there != f.Movable || tasks != f.Movable || parts != f.Time.Seconds || refuses != f.Refused || len(f.Olds) != len(roll.Targets(s)) {
			rt.Fatalf("%d %d %d moves; %d %d %d tasks; %d of %d s; %v", moves, of, f.Moves, there, tasks, f.Movable, parts, f.Time.Seconds, f.Refused)
		}
		for _, one := range f.Findings {
			if _, ok := Explain(one.Code); !ok || one.Text == "" {
				rt.Fatalf("%+v", one)
			}
		}
	})
}

func TestTheOrderOfWhatWasSeenDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := read(rt, draw(rt))
		before, err := json.Marshal(s)
		if err != nil {
			rt.Fatal(err)
		}
		want, _ := json.Marshal(Of(s))
		if after, _ := json.Marshal(s); string(after) != string(before) {
			rt.Fatal("the snapshot was changed")
		}
		s.Nodes = rapid.Permutation(s.Nodes).Draw(rt, "nodes")
		s.Tasks = rapid.Permutation(s.Tasks).Draw(rt, "tasks")
		s.Services = rapid.Permutation(s.Services).Draw(rt, "services")
		s.Groups = rapid.Permutation(s.Groups).Draw(rt, "groups")
		if got, _ := json.Marshal(Of(s)); string(got) != string(want) {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			rt.Fatalf("%.200s\nwas\n%.200s", got[max(0, at-80):], want[max(0, at-80):])
		}
	})
}

// fleet is a cluster as large as they come.
func fleet(instances, tasks, services int) roll.Snapshot {
	s := roll.Snapshot{At: noon, Order: roll.Defaults(), Demands: map[string]roll.Need{}}
	g := roll.Group{Key: "default"}
	g.Name, g.Desired, g.Max, g.Zones = "g", instances, instances, []string{"a", "b", "c"}
	s.Groups = []roll.Group{g}
	for n := range instances {
		one := roll.Node{State: inService, Arch: "x86_64", Outdated: []model.Reason{{Kind: model.OldAMI}}, Launched: noon}
		one.ID, one.ARN, one.Status, one.Connected, one.Group, one.Zone = fmt.Sprintf("i-%05d", n), fmt.Sprint("ci/", n), active, true, "g", g.Zones[n%3]
		one.Total, one.Attributes = live.Room{CPU: 4096, Memory: 16000}, map[string]string{"ecs.availability-zone": one.Zone}
		one.Free = live.Room{CPU: 2048, Memory: 8000}
		s.Nodes = append(s.Nodes, one)
	}
	for n := range services {
		sv := roll.Service{MinPct: 100, MaxPct: 200, Healthy: tasks / services}
		sv.Name, sv.Status, sv.Desired, sv.Definition = fmt.Sprint("s", n), active, tasks/services, fmt.Sprintf("s%d:1", n)
		s.Services = append(s.Services, sv)
		s.Demands[sv.Definition+" "+sv.Name] = roll.Need{Known: true, Demand: placement.Demand{Name: sv.Name, Group: "service:" + sv.Name, Room: live.Room{CPU: 256, Memory: 512}}}
	}
	for n := range tasks {
		name := fmt.Sprint("s", n%services)
		s.Tasks = append(s.Tasks, live.Task{ID: fmt.Sprint(n), ARN: fmt.Sprintf("t%05d", n), Group: "service:" + name, Definition: name + ":1", Last: "RUNNING", Desired: "RUNNING", Instance: fmt.Sprint("ci/", n*7%instances)})
	}
	return s
}

func BenchmarkForecastOf2400Instances10000TasksAnd500Services(b *testing.B) {
	s := fleet(2400, 10000, 500)
	for b.Loop() {
		if f := Of(s); len(f.Waves) < 10 || f.Movable != 10000 {
			b.Fatal(len(f.Waves), f.Movable)
		}
	}
}

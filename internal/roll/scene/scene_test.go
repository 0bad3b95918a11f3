package scene

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
)

const (
	group = "acc_acc_default"
	other = "acc_acc_arm"
)

func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC) }

// part is something that stands on a scene.
type part func(*roll.Snapshot)

// stage is a scene in the middle of a roll that may have two instances more than is meant, in a group of three zones.
func stage(parts ...part) *Scene {
	s := roll.Snapshot{
		At: noon(), Groups: []roll.Group{{Group: live.Group{Name: group, Min: 1, Desired: 3, Max: 3, Zones: []string{"a", "b", "c"}}, Key: "default"}},
		Memory: roll.Memory{
			Stage: roll.Onward, Pools: []roll.Pool{{Key: "default", Group: group}},
			Order: roll.Order{Run: "run-1", Strategy: roll.Drain, Surge: roll.Amount{N: 2}, BeyondMax: true},
		},
	}
	for _, p := range parts {
		p(&s)
	}
	return New(s)
}

func nodes(all ...roll.Node) part {
	return func(s *roll.Snapshot) { s.Nodes = append(s.Nodes, all...) }
}

func olds(all ...roll.Old) part {
	return func(s *roll.Snapshot) { s.Memory.Olds = append(s.Memory.Olds, all...) }
}

func news(all ...roll.New) part {
	return func(s *roll.Snapshot) { s.Memory.News = append(s.Memory.News, all...) }
}

func tasks(all ...live.Task) part {
	return func(s *roll.Snapshot) { s.Tasks = append(s.Tasks, all...) }
}

func services(all ...roll.Service) part {
	return func(s *roll.Snapshot) { s.Services = append(s.Services, all...) }
}

func order(change func(*roll.Order)) part {
	return func(s *roll.Snapshot) { change(&s.Memory.Order) }
}

func pool(change func(*roll.Pool)) part {
	return func(s *roll.Snapshot) { change(&s.Memory.Pools[0]) }
}

// sized is how many instances the group is to have, and may have.
func sized(desired, most int) part {
	return func(s *roll.Snapshot) { s.Groups[0].Desired, s.Groups[0].Max = desired, most }
}

// node is an instance that works, or what the changes make of it.
func node(id, zone string, changes ...func(*roll.Node)) roll.Node {
	n := roll.Node{Instance: live.Instance{
		ID: id, ARN: "ci/" + id, Status: roll.NodeActive, Connected: true, Group: group, Zone: zone, Free: live.Room{CPU: 1024, Memory: 1024},
		Attributes: map[string]string{},
	}, State: roll.InService}
	for _, change := range changes {
		change(&n)
	}
	return n
}

func state(to string) func(*roll.Node)  { return func(n *roll.Node) { n.State = to } }
func status(to string) func(*roll.Node) { return func(n *roll.Node) { n.Status = to } }
func in(group string) func(*roll.Node)  { return func(n *roll.Node) { n.Group = group } }
func deaf(n *roll.Node)                 { n.Connected = false }
func alien(n *roll.Node)                { n.ARN, n.Status, n.Connected = "", "", false }
func drainedBy(run string) func(*roll.Node) {
	return func(n *roll.Node) { n.Status, n.Attributes = roll.NodeDraining, map[string]string{roll.AttrDrain: run} }
}

func old(id, zone string, state roll.OldState) roll.Old {
	return roll.Old{ID: id, ARN: "ci/" + id, Group: group, Zone: zone, State: state}
}

func fresh(id, zone string, state roll.NewState) roll.New {
	return roll.New{ID: id, ARN: "ci/" + id, Group: group, Zone: zone, State: state}
}

// task runs on an instance; its name is that of its service, or with a colon its whole group.
func task(id, on, name string, changes ...func(*live.Task)) live.Task {
	t := live.Task{ID: id, ARN: "t/" + id, Group: "service:" + name, Definition: name + ":1", Last: roll.TaskRunning, Desired: roll.TaskRunning, Instance: "ci/" + on}
	if strings.Contains(name, ":") {
		t.Group = name
	}
	for _, change := range changes {
		change(&t)
	}
	return t
}

func last(status string) func(*live.Task) { return func(t *live.Task) { t.Last = status } }

// service is one that has all it wants, and whose deployment is done.
func service(name string, count int, changes ...func(*roll.Service)) roll.Service {
	s := roll.Service{Service: live.Service{
		Name: name, Status: roll.NodeActive, Desired: count, Running: count, Definition: name + ":1",
		Revisions: []live.RevisionRunning{{Status: "PRIMARY", Rollout: "COMPLETED"}},
	}, Healthy: count, MinPct: 100, MaxPct: 200}
	for _, change := range changes {
		change(&s)
	}
	return s
}

func daemon(s *roll.Service) { s.Daemon = true }

func gone(s *roll.Service) { s.Status = "DRAINING" }

func bounds(least, most int) func(*roll.Service) {
	return func(s *roll.Service) { s.MinPct, s.MaxPct = least, most }
}

func healthy(n int) func(*roll.Service) { return func(s *roll.Service) { s.Healthy = n } }

func rollout(state string) func(*roll.Service) {
	return func(s *roll.Service) { s.Revisions[0].Rollout = state }
}

// same wants two values to be alike.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestASceneFindsEverything(t *testing.T) {
	x := stage(nodes(node("i-1", "a"), node("i-2", "b", alien), node("", "c", in(""), func(n *roll.Node) { n.ARN = "ci/external" })),
		tasks(task("1", "i-1", "web"), task("2", "i-1", "web", last(roll.TaskStopped)), task("3", "", "web", func(t *live.Task) { t.Instance = "" })),
		services(service("web", 2)), olds(old("i-1", "a", roll.Waiting)), news(fresh("i-2", "b", roll.Booting)))
	same(t, "instances by id", []bool{x.Node["i-1"] != nil, x.Node["i-2"] != nil, x.Node[""] != nil}, []bool{true, true, false})
	same(t, "instances by ARN", []bool{x.Joined["ci/i-1"] != nil, x.Joined["ci/external"] != nil, x.Joined[""] != nil}, []bool{true, true, false})
	same(t, "tasks on an instance, without what has stopped", len(x.On["ci/i-1"]), 1)
	same(t, "tasks that are nowhere", len(x.On[""]), 0)
	same(t, "tasks, whatever they do", len(x.Task), 3)
	same(t, "services, groups, old ones, new ones", []bool{x.Served["web"] != nil, x.Group[group] != nil, x.Old["i-1"] != nil, x.Fresh["i-2"] != nil}, []bool{true, true, true, true})
	same(t, "pools", []bool{x.Pool(group) == &x.M.Pools[0], x.Pool(other) == nil}, []bool{true, true})
	same(t, "edits", x.Edit("web"), (*roll.Edit)(nil))
	x.M.Edits = []roll.Edit{{Service: "api"}, {Service: "web"}}
	same(t, "edits of that service", x.Edit("web") == &x.M.Edits[1], true)
}

func TestARollThatHasBegunKeepsItsOrder(t *testing.T) {
	s := roll.Snapshot{Order: roll.Order{Run: "now"}, Memory: roll.Memory{Order: roll.Order{Run: "then"}}}
	same(t, "before it begins", New(s).Order.Run, "now")
	s.Memory.Stage = roll.Leaving
	same(t, "afterwards", New(s).Order.Run, "then")
}

func TestAScenesMemoryMayChangeWithoutTheSnapshot(t *testing.T) {
	s := roll.Snapshot{Memory: roll.Memory{
		Pools: []roll.Pool{{}}, Olds: []roll.Old{{ID: "i-1"}}, News: []roll.New{{ID: "i-2"}}, Launches: []roll.Launch{{}},
		Services: []roll.Baseline{{}}, Edits: []roll.Edit{{}},
	}}
	x := New(s)
	x.M.Pools[0].Group, x.Old["i-1"].State, x.Fresh["i-2"].State = "x", roll.Gone, roll.Ended
	x.M.Launches[0].Group, x.M.Services[0].Name, x.M.Edits[0].Service = "x", "x", "x"
	want := roll.Memory{
		Pools: []roll.Pool{{}}, Olds: []roll.Old{{ID: "i-1"}}, News: []roll.New{{ID: "i-2"}}, Launches: []roll.Launch{{}},
		Services: []roll.Baseline{{}}, Edits: []roll.Edit{{}},
	}
	same(t, "the snapshot's memory", s.Memory, want)
	same(t, "what is found is what is remembered", []any{x.M.Olds[0].State, x.M.News[0].State}, []any{roll.Gone, roll.Ended})
	x.M.News = append(x.M.News, roll.New{ID: "i-3"})
	x.Remember()
	same(t, "what was added", x.Fresh["i-3"] == &x.M.News[1], true)
}

func TestNamesOfTasks(t *testing.T) {
	for in, want := range map[string][3]any{ // unordered: each by itself
		"service:web":         {"web", true, "web"},
		"service:":            {"", true, ""},
		"family:batch":        {"family:batch", false, "batch"},
		"mine":                {"mine", false, ""},
		"":                    {"", false, ""},
		"service:a:b":         {"a:b", true, "a:b"},
		"family:service:fake": {"family:service:fake", false, "service:fake"},
	} {
		name, of := ServiceName(&live.Task{Group: in})
		same(t, in, [3]any{name, of, TaskName(&live.Task{Group: in})}, want)
	}
	same(t, "of a service's task", WantOf(task("1", "i-1", "web")), DemandKey(new(service("web", 1))))
	same(t, "of another task", WantOf(live.Task{Group: "family:batch", Definition: "batch:3"}), "batch:3")
	same(t, "words", []string{Instances(0), Instances(1), Instances(2)}, []string{"instances", "instance", "instances"})
}

func TestTasksAreJoinedOnceAndNothingIsOverwritten(t *testing.T) {
	known := append(make([]string, 0, 8), "t/1")
	one := Join(known, []*live.Task{{ARN: "t/1"}, {ARN: "t/2"}})
	two := Join(known, []*live.Task{{ARN: "t/3"}})
	same(t, "one", one, []string{"t/1", "t/2"})
	same(t, "two", two, []string{"t/1", "t/3"})
	same(t, "nothing", Join(nil, nil), []string(nil))
}

func TestConstraintsAreReadAndTakenOff(t *testing.T) {
	fence := placement.Constraint{Type: "memberOf", Expression: "attribute:berth.generation == run-1"}
	apart := placement.Constraint{Type: "distinctInstance"}
	same(t, "of a service without any", ConstraintsOf(new(service("web", 1))), []placement.Constraint{})
	same(t, "the fence alone", Without([]placement.Constraint{apart, fence, {Type: "memberOf", Expression: "a == b"}}, fence.Expression),
		[]placement.Constraint{apart, {Type: "memberOf", Expression: "a == b"}})
	same(t, "an empty expression is no fence", Without([]placement.Constraint{apart}, ""), []placement.Constraint{apart})
}

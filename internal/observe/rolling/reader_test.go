package rolling_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/rolling"
	"berth/internal/roll"
)

func daemon(in *ecs.CreateServiceInput) {
	in.SchedulingStrategy, in.DesiredCount = types.SchedulingStrategyDaemon, nil
}

// busy is a cluster with services, a daemon and a stand-alone task, whose instances are outdated.
func busy(t *testing.T) (*stage, model.Inventory) {
	t.Helper()
	s := newStage(t)
	s.serve("web", 6, func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: new(int32(50)), MaximumPercent: new(int32(150))}
	})
	s.serve("agent", 0, daemon)
	_, err := s.c.ECS.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: new("shop"), TaskDefinition: new("web"), LaunchType: types.LaunchTypeEc2})
	s.must(err)
	s.pass(5 * time.Minute)
	return s, s.apply(`custom_userdata = "echo newer"`)
}

func (s *stage) look(r *rolling.Reader, m roll.Memory, scope roll.Scope) roll.Snapshot {
	s.Helper()
	o := roll.Defaults()
	o.Run = "r1"
	out, calls, err := r.Look(s.Context(), o, m, scope)
	s.must(err)
	if calls == 0 {
		s.Error("the look took no call")
	}
	return out
}

// same wants two snapshots to be equal, but for when they were made.
func (s *stage) same(got, want roll.Snapshot, what string) {
	s.Helper()
	got.At = want.At
	a, err := json.MarshalIndent(got, "", " ")
	s.must(err)
	b, err := json.MarshalIndent(want, "", " ")
	s.must(err)
	if string(a) == string(b) {
		return
	}
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for n := range min(len(x), len(y)) {
		if x[n] != y[n] {
			s.Errorf("%s: line %d differs: %s\nand not: %s\nafter %s", what, n, x[n], y[n], strings.Join(x[max(0, n-6):n], "\n"))
			return
		}
	}
	s.Errorf("%s: %d lines, and not %d", what, len(x), len(y))
}

func TestALookTellsWhatARollNeeds(t *testing.T) { //nolint:cyclop // one branch for each thing that a look tells
	s, have := busy(t)
	got := s.look(s.reader(have), roll.Memory{}, roll.Scope{})
	if len(got.Groups) != 1 || got.Groups[0].Key != "default" || got.Groups[0].Desired != 4 || got.Groups[0].Max != 8 || len(got.Groups[0].Hooks) == 0 && got.Groups[0].ProtectNew {
		t.Errorf("groups: %+v", got.Groups)
	}
	if len(got.Nodes) != 4 {
		t.Fatalf("%d nodes", len(got.Nodes))
	}
	for _, n := range got.Nodes {
		if n.State != "InService" || n.ARN == "" || n.Status != "ACTIVE" || !n.Connected || n.Zone == "" || n.AMI == "" || n.Arch != "x86_64" || n.Launched.IsZero() || n.Group != got.Groups[0].Name {
			t.Errorf("node %+v", n)
		}
		if len(n.Outdated) == 0 {
			t.Errorf("%s is outdated, and nothing says so", n.ID)
		}
	}
	bounds := map[string][3]int{}
	for _, sv := range got.Services {
		bounds[sv.Name] = [3]int{sv.MinPct, sv.MaxPct, sv.Healthy}
	}
	if want := fmt.Sprint(map[string][3]int{"agent": {0, 100, 4}, "web": {50, 150, 6}}); fmt.Sprint(bounds) != want {
		t.Errorf("services %v, want %s", bounds, want)
	}
	if len(got.Tasks) != 11 {
		t.Errorf("%d tasks, want 6 of web, 4 of agent, one alone", len(got.Tasks))
	}
	for _, task := range got.Tasks {
		key := task.Definition
		if name, of := strings.CutPrefix(task.Group, "service:"); of {
			key += " " + name
		}
		if need, there := got.Demands[key]; !there || !need.Known || need.Room.CPU != 64 || need.Group != task.Group {
			t.Errorf("%s wants %+v", key, need)
		}
	}
}

// changes are what happens in a cluster, and what a decision would want to see of it.
func changes(s *stage, seen roll.Snapshot) (what []string, steps []func() roll.Scope) {
	cluster := new("shop")
	node := seen.Nodes[0]
	add := func(name string, f func() roll.Scope) { what, steps = append(what, name), append(steps, f) }
	add("nothing", func() roll.Scope { return roll.Scope{} })
	add("an instance drains", func() roll.Scope {
		_, err := s.c.ECS.UpdateContainerInstancesState(s.Context(), &ecs.UpdateContainerInstancesStateInput{Cluster: cluster, ContainerInstances: []string{node.ARN}, Status: "DRAINING"})
		s.must(err)
		s.pass(time.Second)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web", "agent"}}
	})
	add("its tasks stop", func() roll.Scope {
		s.pass(10 * time.Second)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web", "agent"}}
	})
	add("its tasks have stopped", func() roll.Scope {
		s.pass(2 * time.Minute)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web", "agent"}}
	})
	add("it gets an attribute", func() roll.Scope {
		_, err := s.c.ECS.PutAttributes(s.Context(), &ecs.PutAttributesInput{Cluster: cluster, Attributes: []types.Attribute{
			{Name: new("berth.drain"), Value: new("r1"), TargetId: &node.ARN, TargetType: types.TargetTypeContainerInstance},
		}})
		s.must(err)
		return roll.Scope{Instances: []string{node.ARN}}
	})
	add("it is given back", func() roll.Scope {
		_, err := s.c.ECS.UpdateContainerInstancesState(s.Context(), &ecs.UpdateContainerInstancesStateInput{Cluster: cluster, ContainerInstances: []string{node.ARN}, Status: "ACTIVE"})
		s.must(err)
		s.pass(time.Minute)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web", "agent"}}
	})
	add("a service comes", func() roll.Scope {
		s.serve("late", 3, nil)
		s.pass(time.Minute)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web", "agent"}}
	})
	add("a service shrinks", func() roll.Scope {
		_, err := s.c.ECS.UpdateService(s.Context(), &ecs.UpdateServiceInput{Cluster: cluster, Service: new("web"), DesiredCount: new(int32(2))})
		s.must(err)
		s.pass(time.Minute)
		return roll.Scope{Nodes: arns(seen), Services: []string{"web"}}
	})
	return what, steps
}

func arns(s roll.Snapshot) []string {
	var out []string
	for _, n := range s.Nodes {
		out = append(out, n.ARN)
	}
	return out
}

func TestAScopedLookSeesWhatAFullOneSees(t *testing.T) {
	for _, size := range []string{"small", "large", "huge"} {
		t.Run(size, func(t *testing.T) {
			s, have := busy(t)
			r := s.reader(have)
			if size != "small" {
				r.Crowd(size == "huge")
			}
			first := s.look(r, roll.Memory{}, roll.Scope{})
			memory := roll.Memory{Order: roll.Order{Run: "r1"}}
			for _, task := range first.Tasks {
				if task.Instance == first.Nodes[0].ARN {
					memory.Olds = append(memory.Olds, roll.Old{ARN: task.Instance, Tasks: []string{task.ARN}})
				}
			}
			what, steps := changes(s, first)
			for n, step := range steps {
				scope := step()
				s.same(s.look(r, memory, scope), s.look(s.reader(have), memory, roll.Scope{}), what[n])
			}
		})
	}
}

func TestInstancesThatComeAndGoAreNoticedWithoutBeingAskedFor(t *testing.T) {
	for _, large := range []bool{false, true} {
		s, have := busy(t)
		r := s.reader(have)
		if large {
			r.Crowd(true)
		}
		s.look(r, roll.Memory{}, roll.Scope{})
		s.resize(6)
		s.pass(10 * time.Second)
		if got := s.look(r, roll.Memory{}, roll.Scope{}); len(got.Nodes) != 6 || slices.ContainsFunc(got.Nodes[4:], func(n roll.Node) bool { return n.ID == "" }) {
			t.Errorf("large %v: %d nodes while two boot", large, len(got.Nodes))
		}
		s.pass(4 * time.Minute)
		got := s.look(r, roll.Memory{}, roll.Scope{})
		joined := 0
		for _, n := range got.Nodes {
			if n.ARN != "" {
				joined++
			}
		}
		if joined != 6 {
			t.Errorf("large %v: %d have joined", large, joined)
		}
		s.terminate(got.Nodes[0].ID)
		s.pass(15 * time.Minute)
		if got := s.look(r, roll.Memory{}, roll.Scope{}); len(got.Nodes) != 5 {
			t.Errorf("large %v: %d nodes after one went", large, len(got.Nodes))
		}
	}
}

func TestTasksThatTheMemoryNamesAreSeenUntilAWSForgetsThem(t *testing.T) {
	s, have := busy(t)
	r := s.reader(have)
	first := s.look(r, roll.Memory{}, roll.Scope{})
	task := first.Tasks[0]
	memory := roll.Memory{Olds: []roll.Old{{ARN: task.Instance, Tasks: []string{task.ARN, strings.Replace(task.ARN, task.ID, strings.Repeat("0", 32), 1)}}}}
	_, err := s.c.ECS.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: new("shop"), Task: &task.ARN})
	s.must(err)
	if got := s.look(s.reader(have), roll.Memory{}, roll.Scope{}); !slices.ContainsFunc(got.Tasks, func(x live.Task) bool { return x.ARN == task.ARN }) {
		t.Error("a task that is to stop, and still runs, is not seen")
	}
	for _, want := range []string{"RUNNING STOPPED", "STOPPED STOPPED"} {
		got := s.look(r, memory, roll.Scope{Tasks: []string{task.ARN}})
		i := slices.IndexFunc(got.Tasks, func(x live.Task) bool { return x.ARN == task.ARN })
		if i < 0 || got.Tasks[i].Last+" "+got.Tasks[i].Desired != want {
			t.Errorf("it is at %d, want %s", i, want)
		}
		s.pass(2 * time.Minute)
	}
	calls := s.calls["DescribeTasks"]
	s.pass(2 * time.Minute)
	s.look(r, memory, roll.Scope{})
	if again := s.calls["DescribeTasks"] - calls; again != 1 {
		t.Errorf("it asks %d times for what never changes", again)
	}
	if got := s.look(s.reader(have), roll.Memory{}, roll.Scope{}); slices.ContainsFunc(got.Tasks, func(x live.Task) bool { return x.ARN == task.ARN }) {
		t.Error("a task that has stopped is shown although nobody asks for it")
	}
}

func TestCommandsComeFromTheTagsOfGroups(t *testing.T) {
	s, have := busy(t)
	name := groups(have)[0].Name
	for value, want := range map[string]roll.Command{
		"r1": roll.GoOn, "pause r1": roll.Pause, "abort r1": roll.Abort, "undo r1": roll.Undo, "abort r0": roll.GoOn, "nonsense": roll.GoOn,
	} {
		s.tag(name, roll.TagRoll, value)
		got := s.look(s.reader(have), roll.Memory{}, roll.Scope{})
		if got.Command != want || got.Groups[0].Tag != value {
			t.Errorf("%q is %q, want %q", value, got.Command, want)
		}
	}
}

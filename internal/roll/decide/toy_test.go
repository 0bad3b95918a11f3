package decide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// toy is a cluster that is as simple as one can be: instances boot, tasks of a drained instance move one after the other under their
// service's bounds. It is no AWS; it is there to ask Decide many questions fast.
type toy struct {
	t        *testing.T
	now      time.Time
	groups   []*roll.Group
	nodes    []*toyNode
	services []*roll.Service
	tasks    []*toyTask
	made     map[string][]string // instances by token
	order    roll.Order
	memory   roll.Memory
	ids      int
	command  roll.Command
	refuse   string // why nothing can be launched
	dud      bool   // what is launched never joins
	lose     func(verb roll.Verb) (before, after bool)
	acted    []roll.Action
	trouble  []string
	boot     time.Duration
	failed   bool // AWS has refused the last action
}

type toyNode struct {
	roll.Node

	joins, gone time.Time
}

type toyTask struct {
	live.Task

	well, ends time.Time
}

const (
	toyStart = 30 * time.Second
	toyStop  = 90 * time.Second
)

func newToy(t *testing.T, zones, each int) *toy {
	w := &toy{t: t, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), made: map[string][]string{}, order: roll.Defaults(), boot: 2 * time.Minute}
	w.order.Run = "run-1"
	g := &roll.Group{Group: live.Group{Name: "acc_acc_default", Min: 1, Desired: zones * each, Max: zones * each}, Key: "default", ProtectNew: true}
	for z := range zones {
		g.Zones = append(g.Zones, "eu-west-1"+string(rune('a'+z)))
	}
	w.groups = []*roll.Group{g}
	for range each {
		for z := range zones {
			n := w.launch(g, g.Zones[z])
			n.joins = w.now
			n.Outdated = []model.Reason{{Kind: model.OldAMI}}
		}
	}
	w.pass()
	return w
}

func (w *toy) id(kind string) string {
	w.ids++
	return fmt.Sprintf("%s-%04d", kind, w.ids)
}

func (w *toy) launch(g *roll.Group, zone string) *toyNode {
	n := &toyNode{joins: w.now.Add(w.boot)}
	n.ID, n.Group, n.Zone, n.State, n.Launched, n.Arch = w.id("i"), g.Name, zone, "Pending", w.now, "x86_64"
	if w.dud {
		n.joins = w.now.Add(1000 * time.Hour)
	}
	n.Protected = g.ProtectNew
	w.nodes = append(w.nodes, n)
	return n
}

// serve adds a service with its tasks spread over what there is.
func (w *toy) serve(name string, count, minPct, maxPct int) {
	s := &roll.Service{Service: live.Service{Name: name, Status: roll.NodeActive, Desired: count, Definition: name + ":1", Revisions: []live.RevisionRunning{{Status: "PRIMARY", Rollout: "COMPLETED"}}}, MinPct: minPct, MaxPct: maxPct}
	w.services = append(w.services, s)
	for range count {
		if t := w.start(s); t != nil {
			t.well, t.Last = w.now, roll.TaskRunning
		}
	}
	w.pass()
}

// start places a task of a service on the instance with the most room.
func (w *toy) start(s *roll.Service) *toyTask {
	var best *toyNode
	for _, n := range w.nodes {
		if n.ARN != "" && n.Status == roll.NodeActive && n.Connected && n.Free.CPU >= 256 && (best == nil || n.Free.CPU > best.Free.CPU) {
			best = n
		}
	}
	if best == nil {
		return nil
	}
	id := w.id("task")
	t := &toyTask{Task: live.Task{ID: id, ARN: id, Group: "service:" + s.Name, Definition: s.Definition, Last: "PENDING", Desired: roll.TaskRunning, Instance: best.ARN}, well: w.now.Add(toyStart)}
	w.tasks = append(w.tasks, t)
	best.Free.CPU -= 256
	return t
}

func (w *toy) node(arn string) *toyNode {
	for _, n := range w.nodes {
		if n.ARN == arn || n.ID == arn {
			return n
		}
	}
	return nil
}

// pass lets happen what is due.
func (w *toy) pass() {
	for _, n := range w.nodes {
		if n.ARN == "" && !n.joins.After(w.now) && n.gone.IsZero() {
			n.ARN, n.Status, n.Connected, n.State = "ci/"+n.ID, roll.NodeActive, true, roll.InService
			n.Total = live.Room{CPU: 2048, Memory: 4096}
			n.Free, n.Attributes = n.Total, map[string]string{}
		}
	}
	for _, t := range w.tasks {
		if t.Last == "PENDING" && !t.well.After(w.now) {
			t.Last = roll.TaskRunning
		}
		if !t.ends.IsZero() && !t.ends.After(w.now) && t.Last != roll.TaskStopped {
			t.Last = roll.TaskStopped
			if n := w.node(t.Instance); n != nil {
				n.Free.CPU += 256
			}
		}
	}
	for _, s := range w.services {
		w.schedule(s)
	}
	w.nodes = slices.DeleteFunc(w.nodes, func(n *toyNode) bool { return !n.gone.IsZero() && !n.gone.After(w.now) })
	for _, g := range w.groups {
		w.reconcile(g)
	}
	w.figures()
}

// reconcile gives a group what it is to have.
func (w *toy) reconcile(g *roll.Group) {
	count := 0
	for _, n := range w.nodes {
		if n.Group == g.Name && n.gone.IsZero() {
			count++
		}
	}
	for ; count < g.Desired; count++ {
		w.launch(g, g.Zones[count%len(g.Zones)])
	}
}

func (w *toy) of(s *roll.Service) (all, healthy, leaving []*toyTask) {
	for _, t := range w.tasks {
		if t.Group != "service:"+s.Name || t.Desired == roll.TaskStopped {
			continue
		}
		all = append(all, t)
		if t.Last == roll.TaskRunning {
			healthy = append(healthy, t)
		}
		if n := w.node(t.Instance); n != nil && n.Status == roll.NodeDraining {
			leaving = append(leaving, t)
		}
	}
	return all, healthy, leaving
}

func (w *toy) schedule(s *roll.Service) {
	for {
		all, healthy, leaving := w.of(s)
		stays := len(all) - len(leaving)
		switch {
		case stays < s.Desired && len(all) < max(s.Desired, s.Desired*s.MaxPct/100) && w.start(s) != nil:
			continue
		case len(leaving) > 0 && (leaving[0].Last != roll.TaskRunning || len(healthy)-1 >= (s.Desired*s.MinPct+99)/100):
			leaving[0].Desired, leaving[0].ends, leaving[0].Last = roll.TaskStopped, w.now.Add(toyStop), "DEACTIVATING"
			continue
		}
		return
	}
}

func (w *toy) figures() {
	for _, s := range w.services {
		all, healthy, _ := w.of(s)
		s.Running, s.Healthy, s.Pending = len(healthy), len(healthy), len(all)-len(healthy)
		if least := (s.Desired*s.MinPct + 99) / 100; s.Healthy < least {
			w.trouble = append(w.trouble, fmt.Sprintf("%s has %d healthy tasks at %s", s.Name, s.Healthy, w.now.Format("15:04:05")))
		}
	}
	for _, n := range w.nodes {
		n.Running, n.Pending = 0, 0
		for _, t := range w.tasks {
			if t.Instance == n.ARN && t.Last == "PENDING" {
				n.Pending++
			} else if t.Instance == n.ARN && t.Last != roll.TaskStopped {
				n.Running++
			}
		}
	}
}

func (w *toy) snapshot() roll.Snapshot {
	s := roll.Snapshot{At: w.now, Order: w.order, Memory: w.memory, Command: w.command, Demands: map[string]roll.Need{}}
	for _, g := range w.groups {
		s.Groups = append(s.Groups, *g)
	}
	for _, n := range w.nodes {
		s.Nodes = append(s.Nodes, n.Node)
	}
	for _, sv := range w.services {
		s.Services = append(s.Services, *sv)
		s.Demands[scene.DemandKey(sv)] = roll.Need{Demand: placement.Demand{Name: sv.Name, Group: "service:" + sv.Name, Room: live.Room{CPU: 256, Memory: 128}}, Known: true}
	}
	for _, t := range w.tasks {
		s.Tasks = append(s.Tasks, t.Task)
	}
	slices.SortFunc(s.Nodes, func(a, b roll.Node) int { return strings.Compare(a.ID, b.ID) })
	return s
}

// roll goes round until it is over.
func (w *toy) roll() roll.Decision {
	w.t.Helper()
	for range 5000 {
		d := Decide(w.snapshot())
		w.memory = d.Memory
		if d.Outcome != roll.Running {
			return d
		}
		for _, a := range d.Actions {
			before, after := false, false
			if w.lose != nil {
				before, after = w.lose(a.Verb)
			}
			if before {
				break
			}
			w.failed = false
			made := w.act(a)
			if after || w.failed {
				break
			}
			w.memory = w.memory.After(a, made, w.now)
		}
		w.now = w.now.Add(max(d.Again, time.Second))
		w.pass()
	}
	w.t.Fatalf("it does not end: %s %+v %+v\n%+v", w.memory.Stage, w.memory.Pools, Decide(w.snapshot()).Why, w.acted[max(0, len(w.acted)-4):])
	return roll.Decision{}
}

func (w *toy) group(name string) *roll.Group {
	for _, g := range w.groups {
		if g.Name == name {
			return g
		}
	}
	return nil
}

func (w *toy) act(a roll.Action) roll.Made {
	w.acted = append(w.acted, a)
	g := w.group(a.Group)
	switch a.Verb {
	case roll.Mark, roll.Unmark, roll.SetMax, roll.Suspend, roll.Resume:
		set(g, a)
	case roll.LaunchNew:
		return w.comes(g, a)
	case roll.Give:
		return w.goes(g, a)
	default:
		w.change(a)
	}
	return roll.Made{}
}

// set changes a group.
func set(g *roll.Group, a roll.Action) {
	switch {
	case a.Verb == roll.SetMax:
		g.Max, g.Desired = a.Count, min(g.Desired, a.Count) // as AWS does it
	case a.Verb == roll.Suspend:
		g.Suspended = append(g.Suspended, a.Names...)
	case a.Verb == roll.Resume:
		g.Suspended = nil
	case a.Key == roll.TagRoll:
		g.Tag = a.Value
	default:
		g.Surge = a.Value
	}
}

// change changes what is in the cluster.
func (w *toy) change(a roll.Action) {
	switch a.Verb {
	case roll.SetMark, roll.DropMark, roll.StartDrain, roll.Activate:
		for _, arn := range a.ARNs {
			w.mark(a, w.node(arn))
		}
	case roll.EditService:
		for _, s := range w.services {
			if s.Name == a.Service && a.Count > 0 {
				s.MaxPct = a.Count
			}
		}
	case roll.StopTasks:
		for _, t := range w.tasks {
			if slices.Contains(a.ARNs, t.ARN) {
				t.Desired, t.ends = roll.TaskStopped, w.now.Add(toyStop)
			}
		}
	case roll.Protect, roll.Unprotect:
		for _, id := range a.Instances {
			w.node(id).Protected = a.Verb == roll.Protect
		}
	default:
	}
}

func (w *toy) mark(a roll.Action, n *toyNode) {
	switch {
	case n == nil:
	case a.Verb == roll.SetMark:
		n.Attributes[a.Key] = a.Value
	case a.Verb == roll.DropMark:
		delete(n.Attributes, a.Key)
	case a.Verb == roll.StartDrain:
		n.Status = roll.NodeDraining
	default:
		n.Status = roll.NodeActive
	}
}

func (w *toy) comes(g *roll.Group, a roll.Action) roll.Made {
	if w.refuse != "" {
		return roll.Made{Refused: map[string]string{a.Zone: w.refuse}}
	}
	if ids, known := w.made[a.Token]; known {
		return roll.Made{Instances: ids}
	}
	if w.failed = g.Desired+a.Count > g.Max; w.failed {
		return roll.Made{}
	}
	for range a.Count {
		w.made[a.Token] = append(w.made[a.Token], w.launch(g, a.Zone).ID)
		g.Desired++
	}
	return roll.Made{Instances: w.made[a.Token]}
}

func (w *toy) goes(g *roll.Group, a roll.Action) roll.Made {
	n := w.node(a.Instances[0])
	if n == nil || !n.gone.IsZero() {
		return roll.Made{Refused: map[string]string{a.Instances[0]: "gone"}}
	}
	for _, t := range w.tasks {
		if t.Instance == n.ARN && n.ARN != "" && t.Last != roll.TaskStopped && w.order.Strategy != roll.Terminate {
			w.trouble = append(w.trouble, n.ID+" is terminated with "+t.ID)
		}
		if t.Instance == n.ARN && n.ARN != "" {
			t.Last, t.Desired = roll.TaskStopped, roll.TaskStopped
		}
	}
	n.State, n.gone, n.ARN = "Terminating", w.now.Add(time.Minute), ""
	if a.Decrement {
		g.Desired--
	}
	return roll.Made{}
}

// clean fails the test unless everything is as it was meant to be.
func (w *toy) clean(desired, most int) {
	w.t.Helper()
	for _, line := range w.trouble {
		w.t.Error(line)
	}
	for _, g := range w.groups {
		if g.Desired != desired || g.Max != most || g.Tag != "" || g.Surge != "" || len(g.Suspended) > 0 {
			w.t.Errorf("the group is %+v", *g)
		}
	}
	for _, n := range w.nodes {
		if n.ARN != "" && (n.Status != roll.NodeActive || len(n.Attributes) > 0) {
			w.t.Errorf("%s is %s with %v", n.ID, n.Status, n.Attributes)
		}
	}
	for _, e := range w.memory.Edits {
		w.t.Errorf("an edit is left: %+v", e)
	}
}

func (w *toy) outdated() string {
	n := 0
	for _, node := range w.nodes {
		if len(node.Outdated) > 0 && node.gone.IsZero() {
			n++
		}
	}
	return strconv.Itoa(n)
}

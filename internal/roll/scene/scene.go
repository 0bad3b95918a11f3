// Package scene answers what a roll must know to decide: which instances work, what hangs on them, how much room there is, how the
// services are.
//
// In: a roll.Snapshot. Out: answers to questions about it and about the memory as it changes. It decides nothing, and changes nothing.
package scene

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/live"
	"berth/internal/roll"
)

// Scene is a snapshot in which everything is found at once.
type Scene struct {
	roll.Snapshot

	M      roll.Memory              // what is remembered from now on
	Group  map[string]*roll.Group   // by the name of the Auto Scaling group
	Node   map[string]*roll.Node    // by EC2 id
	Joined map[string]*roll.Node    // by the ARN of the container instance
	On     map[string][]*live.Task  // that have not stopped, by the ARN of their container instance
	Task   map[string]*live.Task    // by ARN
	Served map[string]*roll.Service // by name
	Old    map[string]*roll.Old     // by EC2 id
	Fresh  map[string]*roll.New     // by EC2 id
	Taken  map[string]bool          // EC2 ids of the instances that go by the decision that is being made

	protects map[string]bool // groups of tasks of which some are, or were, protected from scale-in
}

// New makes a snapshot's scene. The memory in it may be changed: it shares no list with the snapshot's.
func New(s roll.Snapshot) *Scene {
	x := &Scene{
		Snapshot: s, M: s.Memory, Taken: map[string]bool{},
		Group: map[string]*roll.Group{}, Node: make(map[string]*roll.Node, len(s.Nodes)), Joined: make(map[string]*roll.Node, len(s.Nodes)),
		On: make(map[string][]*live.Task, len(s.Nodes)), Task: make(map[string]*live.Task, len(s.Tasks)), Served: make(map[string]*roll.Service, len(s.Services)),
	}
	if x.M.Stage != roll.Begin {
		x.Order = x.M.Order
	}
	x.M.Pools, x.M.Olds, x.M.News = slices.Clone(x.M.Pools), slices.Clone(x.M.Olds), slices.Clone(x.M.News)
	x.M.Launches, x.M.Services, x.M.Edits = slices.Clone(x.M.Launches), slices.Clone(x.M.Services), slices.Clone(x.M.Edits)
	for n := range s.Groups {
		x.Group[s.Groups[n].Name] = &s.Groups[n]
	}
	for n := range s.Nodes {
		one := &s.Nodes[n]
		if one.ID != "" {
			x.Node[one.ID] = one
		}
		if one.ARN != "" {
			x.Joined[one.ARN] = one
		}
	}
	for n := range s.Tasks {
		t := &s.Tasks[n]
		x.Task[t.ARN] = t
		if t.Instance != "" && t.Last != roll.TaskStopped {
			x.On[t.Instance] = append(x.On[t.Instance], t)
		}
	}
	for n := range s.Services {
		x.Served[s.Services[n].Name] = &s.Services[n]
	}
	x.Remember()
	return x
}

// WantOf is the key of what a task wants.
func WantOf(t live.Task) string {
	if name, of := ServiceName(&t); of {
		return t.Definition + " " + name
	}
	return t.Definition
}

// Remember makes what the memory names findable; it is to be called again when instances are added to it.
func (x *Scene) Remember() {
	x.Old, x.Fresh = make(map[string]*roll.Old, len(x.M.Olds)), make(map[string]*roll.New, len(x.M.News))
	for n := range x.M.Olds {
		x.Old[x.M.Olds[n].ID] = &x.M.Olds[n]
	}
	for n := range x.M.News {
		x.Fresh[x.M.News[n].ID] = &x.M.News[n]
	}
}

// Pool is what is remembered of a group.
func (x *Scene) Pool(group string) *roll.Pool {
	for n := range x.M.Pools {
		if x.M.Pools[n].Group == group {
			return &x.M.Pools[n]
		}
	}
	return nil
}

// ServiceName is the name of the service that a task belongs to; false: it belongs to none.
func ServiceName(t *live.Task) (string, bool) { return strings.CutPrefix(t.Group, "service:") }

// TaskName is the name of the service or the family that a task is of.
func TaskName(t *live.Task) string {
	_, name, _ := strings.Cut(t.Group, ":")
	return name
}

// Instances is the word for so many of them.
func Instances(n int) string {
	if n == 1 {
		return "instance"
	}
	return "instances"
}

// Tasks counts tasks in words.
func Tasks(n int) string {
	if n == 1 {
		return "1 task"
	}
	return fmt.Sprintf("%d tasks", n)
}

// Join adds the ARNs of tasks to those that are known.
func Join(known []string, tasks []*live.Task) []string {
	for _, t := range tasks {
		if !slices.Contains(known, t.ARN) {
			known = append(slices.Clone(known), t.ARN)
		}
	}
	return known
}

// DemandKey is the key of what a service's tasks want.
func DemandKey(s *roll.Service) string { return s.Definition + " " + s.Name }

// Edit is what was changed of a service; nil: nothing.
func (x *Scene) Edit(name string) *roll.Edit {
	for n := range x.M.Edits {
		if x.M.Edits[n].Service == name {
			return &x.M.Edits[n]
		}
	}
	return nil
}

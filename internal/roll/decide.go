package roll

import (
	"slices"
	"strings"
	"time"

	"berth/internal/live"
)

// Decide says what to do next.
func Decide(s Snapshot) Decision {
	x := newMind(s)
	if x.m.Stage == Over {
		return x.decision()
	}
	x.notice()
	x.floors()
	switch {
	case x.m.Stage == Begin && (x.Interrupted || x.Command == Abort || x.Command == Undo):
		x.refuse(Interrupted, "", "it was interrupted before anything was touched")
	case x.m.Stage == Begin:
		x.begin()
	case x.m.Stage != Leaving && !x.told():
		x.advance()
	}
	if x.m.Stage == Leaving {
		x.leave()
	}
	x.sweep()
	return x.decision()
}

// mind is one decision on its way.
type mind struct {
	Snapshot

	m     Memory // what is remembered from now on
	acts  []Action
	why   []Line
	watch Scope
	again time.Duration

	groups map[string]*Group
	nodes  map[string]*Node // by EC2 id
	joined map[string]*Node // by the ARN of the container instance
	on     map[string][]*live.Task
	task   map[string]*live.Task
	served map[string]*Service
	old    map[string]*Old // by EC2 id
	fresh  map[string]*New
	board  board
	back   []string // ARNs of the instances that this decision gives back
}

func newMind(s Snapshot) *mind {
	x := &mind{
		Snapshot: s, m: s.Memory, again: often,
		groups: map[string]*Group{}, nodes: make(map[string]*Node, len(s.Nodes)), joined: make(map[string]*Node, len(s.Nodes)),
		on: make(map[string][]*live.Task, len(s.Nodes)), task: make(map[string]*live.Task, len(s.Tasks)), served: make(map[string]*Service, len(s.Services)),
	}
	if x.m.Stage != Begin {
		x.Order = x.m.Order
	}
	x.m.Pools, x.m.Olds, x.m.News = slices.Clone(x.m.Pools), slices.Clone(x.m.Olds), slices.Clone(x.m.News)
	x.m.Launches, x.m.Services, x.m.Edits = slices.Clone(x.m.Launches), slices.Clone(x.m.Services), slices.Clone(x.m.Edits)
	for n := range s.Groups {
		x.groups[s.Groups[n].Name] = &s.Groups[n]
	}
	for n := range s.Nodes {
		one := &s.Nodes[n]
		if one.ID != "" {
			x.nodes[one.ID] = one
		}
		if one.ARN != "" {
			x.joined[one.ARN] = one
		}
	}
	for n := range s.Tasks {
		t := &s.Tasks[n]
		x.task[t.ARN] = t
		if t.Instance != "" && t.Last != stopped {
			x.on[t.Instance] = append(x.on[t.Instance], t)
		}
	}
	for n := range s.Services {
		x.served[s.Services[n].Name] = &s.Services[n]
	}
	x.remember()
	return x
}

// remember makes what the memory names findable; it is to be called again when instances are added to it.
func (x *mind) remember() {
	x.old, x.fresh = make(map[string]*Old, len(x.m.Olds)), make(map[string]*New, len(x.m.News))
	for n := range x.m.Olds {
		x.old[x.m.Olds[n].ID] = &x.m.Olds[n]
	}
	for n := range x.m.News {
		x.fresh[x.m.News[n].ID] = &x.m.News[n]
	}
}

// The states of tasks that matter here (ECS API reference, Task).
const (
	running = "RUNNING"
	stopped = "STOPPED"
)

// pauses between looks.
const (
	soon  = time.Second // after a write
	often = 5 * time.Second
)

// fullEvery is how old what was seen of everything may be.
const fullEvery = 5 * time.Minute

// decision is what came out.
func (x *mind) decision() Decision {
	d := Decision{Memory: x.m, Actions: x.acts, Again: x.again, Watch: x.watch, Why: x.why}
	if len(x.acts) > 0 {
		d.Again = soon
	}
	if x.m.Stage == Over {
		d.Outcome = x.m.End
	}
	if x.At.Sub(x.m.Full) >= fullEvery {
		x.m.Full, d.Watch.Full, d.Memory.Full = x.At, true, x.At
	}
	for _, list := range []*[]string{&d.Watch.Instances, &d.Watch.Nodes, &d.Watch.Services, &d.Watch.Tasks} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return d
}

// do adds an action.
func (x *mind) do(a Action) { x.acts = append(x.acts, a) }

// say adds a line about what happens.
func (x *mind) say(subject, text string) { x.why = append(x.why, Line{subject, text}) }

// moved notes that something went on.
func (x *mind) moved() { x.m.Moved = x.At }

// stage goes to another stage.
func (x *mind) stage(s Stage) {
	x.m.Stage, x.m.Since = s, x.At
	x.moved()
}

// end begins to put everything back, and says how the roll will have ended.
func (x *mind) end(o Outcome, fix string, why ...string) {
	if x.m.Stage == Leaving {
		return
	}
	early := x.m.Stage == Canary || x.m.Stage == Bake
	x.m.Back = o == Undone || early && (o == Failed || o == Aborted || o == Interrupted)
	x.m.End, x.m.Why, x.m.Fix = o, why, fix
	x.watch.Full = true
	x.stage(Leaving)
}

// told obeys who wants the roll to end.
func (x *mind) told() bool {
	switch {
	case x.Interrupted:
		x.end(Interrupted, "berth roll --yes begins again", "it was interrupted")
	case x.Command == Undo:
		x.end(Undone, "", "somebody wants it undone")
	case x.Command == Abort:
		x.end(Aborted, "berth roll --yes begins again", "somebody has aborted it")
	}
	return x.m.Stage == Leaving
}

// pool is what is remembered of a group.
func (x *mind) pool(group string) *Pool {
	for n := range x.m.Pools {
		if x.m.Pools[n].Group == group {
			return &x.m.Pools[n]
		}
	}
	return nil
}

// service is the name of the service that a task belongs to; false: it belongs to none.
func service(t *live.Task) (string, bool) { return strings.CutPrefix(t.Group, "service:") }

// daemon tells whether a task belongs to a daemon service.
func (x *mind) daemon(t *live.Task) bool {
	name, of := service(t)
	s := x.served[name]
	return of && s != nil && s.Daemon
}

// alone tells whether a task belongs to no service, and nobody but whoever started it knows when it ends.
func (x *mind) alone(t *live.Task) bool {
	_, of := service(t)
	return !of && !x.probing(t)
}

// probing tells whether a task is the roll's own.
func (x *mind) probing(t *live.Task) bool {
	return strings.HasPrefix(t.StartedBy, probePrefix)
}

// probePrefix is what startedBy of the roll's own tasks begins with.
const probePrefix = "berth-roll/"

// Package plan decides what must change: from what is wanted and what was found to an ordered list of changes, and
// from there, while they are carried out, to what may start now.
//
// In: a model.Set, a model.Inventory and how far the changes are. Out: a Plan; the changes that are ready. It never
// reads the clock, calls AWS, or remembers anything: equal inputs give equal answers.
package plan

import (
	"time"

	"berth/internal/model"
)

// Verb is what a change does.
type Verb string

// The verbs. A replacement is a Delete and a Create of one key, both with Replaces set. Wait changes nothing: the
// resource is as wanted but not ready yet, and others need it.
const (
	Create Verb = "create"
	Update Verb = "update"
	Delete Verb = "delete"
	Wait   Verb = "wait"
)

// Impact is what a change does to the traffic that the cluster serves.
type Impact int

// The impacts, from harmless to bad.
const (
	None    Impact = iota // nobody notices
	Rolling               // instances are exchanged one after the other
	Brief                 // seconds of disturbance
	Outage                // minutes without service
)

// String is the impact as the plan prints it.
func (i Impact) String() string { return [...]string{"none", "rolling", "brief", "outage"}[i] }

// Field is one setting that differs.
type Field struct {
	Name, From, To string
	Replaces       bool   // it cannot be changed in place
	Why            string // what the setting is good for
}

// Step names one change of a plan.
type Step struct {
	Verb Verb
	Key  model.Key
}

// Change is one step from what is to what shall be.
type Change struct {
	Step
	From     model.Resource // nil for Create
	To       model.Resource // nil for Delete
	Fields   []Field        // Update, and the Create of a replacement
	Needs    []Step         // changes of the same plan that must be done before
	Why      string
	Impact   Impact
	Replaces bool
}

// Plan is all changes that lead from the inventory to the wanted set, in an order in which people read them.
type Plan struct {
	Base    string // fingerprint of what the plan was made from
	Changes []Change
}

// Empty tells whether there is nothing to change; resources that are still on their way do not count.
func (p Plan) Empty() bool {
	for _, c := range p.Changes {
		if c.Verb != Wait {
			return false
		}
	}
	return true
}

// Find is the change with that step.
func (p Plan) Find(s Step) (Change, bool) {
	for _, c := range p.Changes {
		if c.Step == s {
			return c, true
		}
	}
	return Change{}, false
}

// Impact is the worst impact of all changes.
func (p Plan) Impact() Impact {
	worst := None
	for _, c := range p.Changes {
		worst = max(worst, c.Impact)
	}
	return worst
}

// Duration is how long the plan usually takes on AWS: its longest chain of waits.
func (p Plan) Duration() time.Duration {
	done := map[Step]time.Duration{}
	var end func(Step) time.Duration
	end = func(s Step) time.Duration {
		if d, ok := done[s]; ok {
			return d
		}
		c, ok := p.Find(s)
		if !ok {
			return 0
		}
		done[s] = 0 // a plan has no cycle; if it had one this would still end
		var start time.Duration
		for _, n := range c.Needs {
			start = max(start, end(n))
		}
		done[s] = start + Usual(s)
		return done[s]
	}
	var last time.Duration
	for _, c := range p.Changes {
		last = max(last, end(c.Step))
	}
	return last
}

// Usual is how long AWS takes for a step after it was called, seen in public logs; what takes seconds counts as zero.
func Usual(s Step) time.Duration {
	switch {
	case s.Key.Kind == model.KindNATGateway && s.Verb == Create:
		return 105 * time.Second
	case s.Key.Kind == model.KindNATGateway && s.Verb == Delete:
		return 52 * time.Second
	case interfaceEndpoint(s.Key) && s.Verb == Create:
		return 90 * time.Second
	case interfaceEndpoint(s.Key) && s.Verb == Delete:
		return 60 * time.Second
	case s.Key.Kind == model.KindLoadBalancer && s.Verb == Create:
		return 150 * time.Second
	case s.Key.Kind == model.KindLoadBalancer && s.Verb == Delete, s.Key.Kind == model.KindClassic && s.Verb == Delete:
		return 45 * time.Second
	case s.Key.Kind == model.KindCapacity && s.Verb != Delete:
		return 75 * time.Second
	case s.Key.Kind == model.KindDaemonService:
		return 30 * time.Second
	case s.Key.Kind == model.KindCapacity:
		return 60 * time.Second
	}
	return 0
}

// interfaceEndpoint tells an endpoint that takes AWS a while: a gateway endpoint stands, and goes, at once.
func interfaceEndpoint(k model.Key) bool {
	return k.Kind == model.KindEndpoint && model.EndpointType(k.Name) == model.InterfaceEndpoint
}

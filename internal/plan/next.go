package plan

import (
	"berth/internal/model"
)

// Phase is how far one change is.
type Phase int

// The phases; a change that was not started is Open.
const (
	Open Phase = iota
	Running
	Done
	Broken
)

// State is how far the changes of a plan are.
type State map[Step]Phase

// Next are the changes that may start now: not started, and all they need is done.
func Next(p Plan, s State) []Change {
	var ready []Change
	for _, c := range p.Changes {
		if s[c.Step] == Open && allDone(c.Needs, s) {
			ready = append(ready, c)
		}
	}
	return ready
}

func allDone(needs []Step, s State) bool {
	for _, n := range needs {
		if s[n] != Done {
			return false
		}
	}
	return true
}

// Settle tells how far a started change is, from what is on AWS now, and why it is broken if it is.
func Settle(c Change, have model.Inventory) (Phase, string) {
	h := have.Handle(c.Key)
	switch {
	case c.Verb == Delete && !have.Has(c.Key):
		return Done, ""
	case c.Verb == Delete:
		return Running, ""
	case !have.Has(c.Key):
		return Running, "AWS does not show it yet"
	case h.Status == model.Failed:
		return Broken, h.Reason
	case h.Status == model.Ready && wentBack(c, have):
		return Broken, "its tasks failed to start, and ECS went back to the revision before"
	case h.Status == model.Ready:
		return Done, ""
	}
	return Running, h.Reason
}

// wentBack tells whether a service that was given another revision runs the one before again.
func wentBack(c Change, have model.Inventory) bool {
	to, ok := c.To.(model.DaemonService)
	now, found := model.Find[model.DaemonService](&have.Set, c.Key)
	return ok && found && now.Definition != to.Definition
}

// Blocked are the changes that were never started. Once nothing runs and Next is empty, they are those that wait for
// something broken.
func Blocked(p Plan, s State) []Change {
	var out []Change
	for _, c := range p.Changes {
		if s[c.Step] == Open {
			out = append(out, c)
		}
	}
	return out
}

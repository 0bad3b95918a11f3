package decide

import (
	"fmt"
	"slices"
	"time"

	"berth/internal/roll"
)

// asking is how old an answer about the protection of tasks may be. They protect themselves while they work, at any time.
const asking = 30 * time.Second

// shields says what keeps an instance from being drained for the sake of tasks that are protected from scale-in; empty: nothing does.
// AWS documents that scale-in and deployments spare them; nowhere that a drain does.
func (x *mind) shields(o *roll.Old) string {
	if slices.Contains(x.Order.Force, o.ID) {
		return ""
	}
	until, name := x.Protected(o.ARN)
	if old := x.At.Sub(o.Asked) > asking; old && (!until.IsZero() || x.Protects(o.ARN)) {
		o.Asked = x.At
		x.watch.Nodes = append(x.watch.Nodes, o.ARN)
		if until.IsZero() {
			x.again = soon
			return "asks whether its tasks are protected"
		}
	}
	if until.IsZero() {
		return ""
	}
	if o.Until.IsZero() {
		o.Until = until
	}
	return fmt.Sprintf("drains when a task of %s is protected no more (until %s)", name, until.UTC().Format(minute))
}

// minute is a time as people read it.
const minute = "2006-01-02 15:04"

// stays says why an instance whose turn it is stays as it is; empty: it does not.
func (x *mind) stays(o *roll.Old) string {
	if node := x.Node[o.ID]; node.Status == roll.NodeDraining && node.DrainedBy() != x.Order.Run {
		return "somebody else drains it"
	}
	until, name := x.Protected(o.ARN)
	if !until.IsZero() && !o.Until.IsZero() && x.At.Sub(o.Until) > x.Order.DrainTimeout {
		return fmt.Sprintf("a task of %s was protected until %s, and is again until %s", name, o.Until.UTC().Format(minute), until.UTC().Format(minute))
	}
	return x.Stays(o)
}

// rested is when something last went on, or was waited for that has a time of its own.
func (x *mind) rested() time.Time {
	last := x.M.Moved
	for _, o := range x.M.Olds {
		if due := o.Until; o.State == roll.Waiting && due.After(last) {
			if last = due; due.After(x.At) {
				return x.At
			}
		}
	}
	return last
}

// shielded tells whether a new instance that is to go has tasks that are protected, or may have for all that is known.
func (x *mind) shielded(n *roll.New) bool {
	until, name := x.Protected(n.ARN)
	if !until.IsZero() {
		x.say(n.ID, fmt.Sprintf("goes again when a task of %s is protected no more (until %s)", name, until.UTC().Format(minute)))
		return true
	}
	return x.At.Equal(n.Since) && x.Protects(n.ARN) // the next look sees it
}

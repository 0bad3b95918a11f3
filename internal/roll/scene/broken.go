package scene

import (
	"time"

	"berth/internal/roll"
)

// recovery is how long a new instance may not work, once it was proved, before another one comes in its place: an agent that is
// restarted or updated is away for less.
const recovery = 5 * time.Minute

// Falters tells whether a new instance that was proved works no more, and its group does nothing about it: somebody drains it, or its
// agent does not answer.
func (x *Scene) Falters(n *roll.New, node *roll.Node) bool {
	return n.State == roll.Working && node.State == roll.InService && !node.Unhealthy && !x.Works(node) && node.DrainedBy() != x.Order.Run
}

// Broken tells whether a new instance has not worked for so long, though it was proved, that it counts as lost.
func (x *Scene) Broken(n *roll.New) bool {
	if n.Off.IsZero() || n.Stays {
		return false
	}
	return n.State == roll.Retiring || n.State == roll.Working && x.At.Sub(n.Off) > recovery
}

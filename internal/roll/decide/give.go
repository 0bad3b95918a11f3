package decide

import (
	"fmt"
	"slices"
	"time"

	"berth/internal/roll"
)

// give gives up drained instances for good, once everything that they held has been well for the hold time.
func (x *mind) give() {
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		switch o.State {
		case roll.Drained:
			if left := max(x.Order.Hold-x.At.Sub(o.Emptied), x.Order.Hold-x.WellFor()); left > 0 && x.Hung(o) {
				x.say(o.ID, fmt.Sprintf("drained; goes when all has been well for %s more", left.Round(time.Second)))
				x.again = min(x.again, max(soon, left))
				continue
			}
			x.lastLook(o)
		case roll.Ending:
			if !o.Sure { // the call may not have been sent
				x.terminate(o)
			}
		case roll.Waiting, roll.Draining, roll.Gone, roll.Stuck, roll.Skipped:
		}
	}
}

// lastLook makes sure that an instance is still empty before it goes.
func (x *mind) lastLook(o *roll.Old) {
	node := x.Node[o.ID]
	if node == nil {
		return
	}
	if node.Connected && node.Running+node.Pending > 0 && !slices.Contains(x.Order.Force, o.ID) {
		x.watch.Nodes = append(x.watch.Nodes, o.ARN)
		x.say(o.ID, "drained, and yet tasks are counted there")
		return
	}
	if x.replacing(o.Group, node) {
		return
	}
	o.Minus = x.Pool(o.Group).Extra() > x.Leaving(o.Group)
	if o.Minus {
		x.lower(x.Pool(o.Group))
	}
	x.set(o, roll.Ending, "")
	x.terminate(o)
}

func (x *mind) terminate(o *roll.Old) {
	x.say(o.ID, "terminates")
	if o.Minus {
		x.below(x.Pool(o.Group))
	}
	x.do(roll.Action{Verb: roll.Give, Group: o.Group, Instances: []string{o.ID}, Decrement: o.Minus})
}

// strike terminates instances as they are: the strategy for those who bear it.
func (x *mind) strike() {
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		g := x.Group[p.Group]
		ready, busy := 0, 0
		for k := range x.Nodes {
			if node := &x.Nodes[k]; node.Group == p.Group && x.Ready(node) {
				ready++
			}
		}
		for _, o := range x.M.Olds {
			if o.Group == p.Group && o.State == roll.Ending {
				busy++
			}
		}
		least := g.Desired - max(1, x.Order.MaxUnavailable.Of(g.Desired))
		for k := range x.M.Olds {
			o := &x.M.Olds[k]
			if o.Group != p.Group || o.State != roll.Waiting {
				continue
			}
			if idle := !x.Ready(x.Node[o.ID]); !idle {
				if ready-busy <= least || x.M.Well.IsZero() && busy > 0 {
					x.say(p.String(), "the next one goes when the group is whole again")
					break
				}
				busy++
			}
			x.set(o, roll.Ending, "")
			x.terminate(o)
		}
	}
}

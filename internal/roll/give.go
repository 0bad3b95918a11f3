package roll

import (
	"fmt"
	"slices"
	"time"
)

// give gives up drained instances for good, once everything that they held has been well for the hold time.
func (x *mind) give() {
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		switch o.State {
		case Drained:
			if left := max(x.Order.Hold-x.At.Sub(o.Emptied), x.Order.Hold-x.wellFor()); left > 0 && x.hung(o) {
				x.say(o.ID, fmt.Sprintf("drained; goes when all has been well for %s more", left.Round(time.Second)))
				x.again = min(x.again, max(soon, left))
				continue
			}
			x.lastLook(o)
		case Ending:
			if !o.Sure { // the call may not have been sent
				x.terminate(o)
			}
		case Waiting, Draining, Gone, Stuck, Skipped:
		}
	}
}

// hung tells whether anything hung on a drained instance: of one that never joined, or goes by force, nothing does.
func (x *mind) hung(o *Old) bool { return len(o.Held) > 0 || o.ARN != "" }

// lastLook makes sure that an instance is still empty before it goes.
func (x *mind) lastLook(o *Old) {
	node := x.nodes[o.ID]
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
	o.Minus = x.pool(o.Group).Extra() > x.leaving(o.Group)
	if o.Minus {
		x.lower(x.pool(o.Group))
	}
	x.set(o, Ending, "")
	x.terminate(o)
}

// leaving is how many terminations, each of which takes one off the surge, AWS has not taken yet.
func (x *mind) leaving(group string) int {
	n := 0
	for _, o := range x.m.Olds {
		if o.Group == group && o.State == Ending && o.Minus && !o.Sure {
			n++
		}
	}
	for _, one := range x.m.News {
		if one.Group == group && one.State == Retiring && !one.Began.IsZero() && !one.Sure {
			n++
		}
	}
	return n
}

func (x *mind) terminate(o *Old) {
	x.say(o.ID, "terminates")
	x.release(o.ID)
	if o.Minus {
		x.below(x.pool(o.Group))
	}
	x.do(Action{Verb: Give, Group: o.Group, Instances: []string{o.ID}, Decrement: o.Minus})
}

// release takes an instance whose agent does not answer out of the cluster before it is terminated: the hook of managed draining would
// wait two days for the agent to say that its tasks have stopped (ECS developer guide, "Safely stop Amazon ECS workloads running on EC2
// instances").
func (x *mind) release(id string) {
	if node := x.nodes[id]; node != nil && node.ARN != "" && !node.Connected {
		x.do(Action{Verb: Deregister, ARNs: []string{node.ARN}})
	}
}

// strike terminates instances as they are: the strategy for those who bear it.
func (x *mind) strike() {
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		g := x.groups[p.Group]
		ready, busy := 0, 0
		for k := range x.Nodes {
			if node := &x.Nodes[k]; node.Group == p.Group && x.ready(node) {
				ready++
			}
		}
		for _, o := range x.m.Olds {
			if o.Group == p.Group && o.State == Ending {
				busy++
			}
		}
		least := g.Desired - max(1, x.Order.MaxUnavailable.Of(g.Desired))
		for k := range x.m.Olds {
			o := &x.m.Olds[k]
			if o.Group != p.Group || o.State != Waiting {
				continue
			}
			if idle := !x.ready(x.nodes[o.ID]); !idle {
				if ready-busy <= least || x.m.Well.IsZero() && busy > 0 {
					x.say(p.String(), "the next one goes when the group is whole again")
					break
				}
				busy++
			}
			x.set(o, Ending, "")
			x.terminate(o)
		}
	}
}

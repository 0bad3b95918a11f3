package decide

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// leave puts everything back as it was meant to be, whatever the roll came to.
func (x *mind) leave(swept bool) {
	x.settle()
	if x.M.Stage != roll.Leaving {
		return
	}
	x.unfence()
	if x.M.Back {
		x.takeBack()
	}
	if x.At.Sub(x.M.Since) > settling && x.M.Well.IsZero() {
		x.M.Back = true // what stands by is of more use at work than gone
	}
	x.give()
	x.askAgain()
	moving := x.inFlight()
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		if !moving && x.shrink(p) {
			moving = true
		}
	}
	if moving {
		return
	}
	if clean := x.putBack(); clean && swept && x.settled() {
		x.M.Ended = x.At
		x.stage(roll.Over)
	}
}

// putBack puts back what the roll has set; it tells whether nothing is left. What is given back is looked at once more.
func (x *mind) putBack() bool {
	clean := len(x.acts) == 0
	clean = x.unpatch() && clean
	clean = x.unmark() && clean
	for n := range x.M.Pools {
		clean = x.close(&x.M.Pools[n]) && clean
	}
	return clean
}

// unfence gives services their constraints back.
func (x *mind) unfence() {
	for _, e := range x.M.Edits {
		if e.Fence != "" {
			x.unmake(e, true)
		}
	}
}

// unpatch gives services their maximumPercent back; it tells whether all have it.
func (x *mind) unpatch() bool {
	for _, e := range x.M.Edits {
		if e.Fence == "" {
			x.unmake(e, false)
		}
	}
	return len(x.M.Edits) == 0
}

// takeBack gives old instances that stand by, or drain, their work again.
func (x *mind) takeBack() {
	var arns []string
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		if o.State != roll.Draining && o.State != roll.Drained {
			continue
		}
		if o.State == roll.Draining && x.Halfway(o) && x.At.Sub(x.M.Since) < illness {
			x.say(o.ID, "works again once what has been started in place of its tasks is healthy")
			continue
		}
		if o.ARN != "" {
			arns = append(arns, o.ARN)
		}
		x.set(o, roll.Waiting, "it works again")
	}
	x.restore(arns)
}

// askAgain asks once more for launches without an answer: only then is it known how many instances must go.
func (x *mind) askAgain() {
	for _, l := range x.M.Launches {
		if l.Refused == "" {
			x.raise(x.Pool(l.Group), l.Count)
			x.ask(l)
		}
	}
}

// inFlight tells whether something must end before the surge can go.
func (x *mind) inFlight() bool {
	if slices.ContainsFunc(x.M.Launches, func(l roll.Launch) bool { return l.Refused == "" }) {
		return true
	}
	return slices.ContainsFunc(x.M.Olds, func(o roll.Old) bool {
		return o.State == roll.Draining || o.State == roll.Drained || o.State == roll.Ending
	})
}

// shrink takes the surge away, and what others have added meanwhile beyond the maximum that is to be put back. It tells whether there
// is something left to do.
func (x *mind) shrink(p *roll.Pool) bool {
	g := x.Group[p.Group]
	if p.Raised > 0 && g.Max == p.Max+p.Raised {
		if over := g.Desired - p.Max - p.Kept; over > p.Extra() {
			p.Launched += over - p.Extra()
		}
	}
	leaving := 0
	for n := range x.M.News {
		one := &x.M.News[n]
		if one.Group == p.Group && one.State == roll.Retiring {
			leaving++
		}
	}
	for ; leaving < p.Extra(); leaving++ {
		x.adopt(p)
		one := x.Spare(p)
		if one == nil && x.Boots(p) && x.At.Sub(x.M.Since) < x.Order.JoinTimeout {
			x.say(p.String(), "the surge goes when an instance that boots has joined")
			break
		}
		if one == nil {
			x.M.Why = append(x.M.Why, fmt.Sprintf("group %s keeps %d more than it had: no other can go without leaving a zone empty", p, p.Extra()-leaving))
			p.Kept += p.Extra() - leaving
			p.Launched -= p.Extra() - leaving
			break
		}
		x.retire(one, cmp.Or(one.Why, "it is not needed any more"))
	}
	return p.Extra() > 0
}

// patience is how long a group may take to replace an instance.
const patience = 10 * time.Minute

// replacing tells whether an instance is being replaced by its group, or another one is: the group stands above its desired capacity
// then, and to take one off as well would cost another instance.
func (x *mind) replacing(group string, node *roll.Node) bool {
	g := x.Group[group]
	if g == nil || !node.Unhealthy && x.Over(g) <= 0 || x.At.Sub(x.M.Moved) > patience {
		return false
	}
	x.say(node.ID, "its group is replacing an instance")
	return true
}

// adopt takes up an instance that its group has launched by itself, where no new one is left that could go.
func (x *mind) adopt(p *roll.Pool) {
	for _, one := range x.M.News {
		if one.Group == p.Group && one.State != roll.Ended && one.State != roll.Retiring {
			return
		}
	}
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group == p.Group && x.Old[node.ID] == nil && x.Fresh[node.ID] == nil && !roll.LeavesAlone(node.State) {
			x.M.News = append(x.M.News, roll.New{ID: node.ID, ARN: node.ARN, Group: node.Group, Zone: node.Zone, State: roll.Working, At: x.At, Since: x.At})
			x.Remember()
			return
		}
	}
}

// retire lets a new instance go: what runs there moves first.
func (x *mind) retire(n *roll.New, why string) {
	n.Began, n.Tasks, n.Sure = time.Time{}, nil, false
	x.put(n, roll.Retiring, why)
	x.followNew(n)
}

// followNew follows a new instance on its way out. It stays where others have meanwhile taken as much as the surge was.
func (x *mind) followNew(n *roll.New) {
	node := x.Node[n.ID]
	if node == nil {
		return
	}
	if n.Began.IsZero() && x.Retiring(n.Group) > x.Pool(n.Group).Extra() {
		x.put(n, roll.Working, "it is needed after all")
		if n.ARN != "" {
			x.restore([]string{n.ARN})
		}
		return
	}
	x.stopProbe(n)
	if n.ARN != "" && x.At.Sub(n.Since) <= x.Order.DrainTimeout && !x.emptied(n, node) {
		return
	}
	if n.ARN != "" && !x.emptied(n, node) {
		x.restore([]string{n.ARN})
		x.put(n, roll.Working, "it could not be drained, and stays")
		n.Stays = true
		p := x.Pool(n.Group)
		p.Launched, p.Kept = p.Launched-1, p.Kept+1
		x.M.Why = append(x.M.Why, fmt.Sprintf("%s could not be drained and stays: group %s keeps one more than it had", n.ID, p))
		return
	}
	if n.Sure || x.replacing(n.Group, node) {
		return
	}
	p := x.Pool(n.Group)
	if n.Began.IsZero() {
		n.Began = x.At
		x.lower(p)
	}
	x.below(p)
	x.do(roll.Action{Verb: roll.Give, Group: n.Group, Instances: []string{n.ID}, Decrement: true})
}

// stopProbe ends the roll's own probe on a new instance that goes: nobody else would.
func (x *mind) stopProbe(n *roll.New) {
	if t := x.Task[n.Probe]; n.Probe != "" && t != nil && t.Last != roll.TaskStopped && t.Desired != roll.TaskStopped {
		x.do(roll.Action{Verb: roll.StopTasks, ARNs: []string{n.Probe}, Value: "the instance " + n.ID + " goes"})
		x.watch.Tasks = append(x.watch.Tasks, n.Probe)
	}
}

// emptied tells whether nothing runs any more on a new instance that goes; it drains it first.
func (x *mind) emptied(n *roll.New, node *roll.Node) bool {
	n.Tasks = scene.Join(n.Tasks, x.On[n.ARN])
	x.watch.Nodes = append(x.watch.Nodes, n.ARN)
	x.watch.Tasks = append(x.watch.Tasks, n.Tasks...)
	if node.Status != roll.NodeDraining {
		if x.shielded(n) {
			return false
		}
		if node.Status == roll.NodeActive {
			x.do(roll.Action{Verb: roll.SetMark, ARNs: []string{n.ARN}, Key: roll.AttrDrain, Value: x.Order.Run})
			x.do(roll.Action{Verb: roll.StartDrain, ARNs: []string{n.ARN}})
		}
		return node.Status != roll.NodeActive
	}
	left := x.Left(n.Tasks, node)
	if len(left) > 0 || node.Connected && node.Running+node.Pending > 0 {
		x.say(n.ID, "goes again: "+x.Waits(left, node))
		return false
	}
	return true
}

// unmark takes the roll's attributes off instances, and its protection; it tells whether nothing is left.
func (x *mind) unmark() bool {
	var drained, fenced []string
	clean := true
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.ARN == "" || roll.LeavesAlone(node.State) && node.State != "" {
			continue
		}
		if node.DrainedBy() == x.Order.Run && node.Status == roll.NodeActive {
			drained = append(drained, node.ARN)
		}
		if node.Attributes[roll.AttrFence] == x.Order.Run {
			fenced = append(fenced, node.ARN)
		}
	}
	for _, one := range []struct {
		arns []string
		key  string
	}{{drained, roll.AttrDrain}, {fenced, roll.AttrFence}} {
		if len(one.arns) > 0 {
			x.do(roll.Action{Verb: roll.DropMark, ARNs: one.arns, Key: one.key})
			x.watch.Instances = append(x.watch.Instances, one.arns...)
			clean = false
		}
	}
	return x.unshield() && clean
}

// unshield takes the roll's protection from scale-in off instances; it tells whether none has it.
func (x *mind) unshield() bool {
	clean := true
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		if node := x.Node[o.ID]; o.Guarded && o.State != roll.Gone && node != nil && node.Protected {
			x.do(roll.Action{Verb: roll.Unprotect, Group: o.Group, Instances: []string{o.ID}})
			clean = false
		}
	}
	for n := range x.M.News {
		one := &x.M.News[n]
		node := x.Node[one.ID]
		if one.Guarded && one.State != roll.Ended && node != nil && node.Protected {
			x.together(roll.Unprotect, one)
			clean = false
		}
	}
	return clean
}

// close puts a group back; it tells whether it is so. The tags go last.
func (x *mind) close(p *roll.Pool) bool {
	g := x.Group[p.Group]
	if g == nil {
		return true // somebody has deleted it
	}
	clean := x.unfloor(p)
	if most := max(p.Max, g.Desired); p.Raised > 0 && g.Max == p.Max+p.Raised && most < g.Max {
		x.do(roll.Action{Verb: roll.SetMax, Group: p.Group, Count: most})
		clean = false
	} else if g.Surge != "" {
		x.do(roll.Action{Verb: roll.Unmark, Group: p.Group, Key: roll.TagSurge})
		clean = false
	}
	if len(p.Suspended) > 0 {
		x.do(roll.Action{Verb: roll.Resume, Group: p.Group, Names: p.Suspended})
		clean = false
	}
	if clean && g.Tag != "" {
		x.do(roll.Action{Verb: roll.Unmark, Group: p.Group, Key: roll.TagRoll})
		clean = false
	}
	return clean
}

// settling is how long services may take to be as they were once everything else is done.
const settling = 10 * time.Minute

// settled waits until the services are as they were, and well for the hold time.
func (x *mind) settled() bool {
	ill := x.Unsettled()
	for n := range x.M.Services {
		if x.M.Services[n].Moved > 0 {
			x.watch.Services = append(x.watch.Services, x.M.Services[n].Name)
		}
	}
	if len(ill) == 0 {
		return true
	}
	for _, l := range ill {
		x.say(l.Subject, l.Text)
		x.watch.Services = append(x.watch.Services, l.Subject)
	}
	if x.At.Sub(x.M.Moved) < settling {
		return false
	}
	if x.M.End == roll.Replaced {
		x.M.End, x.M.Fix = roll.Failed, "berth why "+ill[0].Subject
	}
	for _, l := range ill {
		x.M.Why = append(x.M.Why, l.Subject+": "+l.Text)
	}
	return true
}

// make changes a service as an edit says.
func (x *mind) make(e roll.Edit) {
	a := roll.Action{Verb: roll.EditService, Service: e.Service, Count: e.SetPct}
	if e.Fence != "" {
		a.Constraints = append(slices.Clone(e.Constraints), placement.Constraint{Type: "memberOf", Expression: e.Fence})
	}
	if e.Still {
		a.Zones = roll.ZonesStill
	}
	x.do(a)
	x.say(e.Service, "its settings are changed for the time of the roll")
	x.watch.Services = append(x.watch.Services, e.Service)
}

// unmake changes a service back; of one that is fenced and patched only the fence if that is all that can go now. What somebody else
// has changed meanwhile stays.
func (x *mind) unmake(e roll.Edit, fence bool) {
	s := x.Served[e.Service]
	if s == nil || s.Status != roll.NodeActive {
		x.forget(e.Service)
		return
	}
	a := roll.Action{Verb: roll.EditService, Service: e.Service, Key: roll.Restore}
	if fence {
		a.Constraints = scene.Without(scene.ConstraintsOf(s), e.Fence)
	} else if s.MaxPct == e.SetPct || !e.Made {
		a.Count = e.MaxPct
	}
	if e.Still {
		a.Zones = roll.ZonesMove
	}
	if e.Apart && a.Zones != "" {
		a.Constraints, a.Count = nil, 0
	}
	x.watch.Services = append(x.watch.Services, e.Service)
	x.do(a)
}

func (x *mind) forget(name string) {
	x.M.Edits = slices.DeleteFunc(slices.Clone(x.M.Edits), func(e roll.Edit) bool { return e.Service == name })
}

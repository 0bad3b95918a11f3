package roll

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/placement"
)

// leave puts everything back as it was meant to be, whatever the roll came to.
func (x *mind) leave() {
	x.settle()
	if x.m.Stage != Leaving {
		return
	}
	x.unfence()
	if x.m.Back {
		x.takeBack()
	}
	if x.At.Sub(x.m.Since) > settling && x.m.Well.IsZero() {
		x.m.Back = true // what stands by is of more use at work than gone
	}
	x.give()
	x.askAgain()
	moving := x.inFlight()
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		if !moving && x.shrink(p) {
			moving = true
		}
	}
	if moving {
		return
	}
	clean := len(x.acts) == 0 // what is given back is looked at once more
	clean = x.unpatch() && clean
	clean = x.unmark() && clean
	for n := range x.m.Pools {
		clean = x.close(&x.m.Pools[n]) && clean
	}
	if clean && x.settled() {
		x.m.Ended = x.At
		x.stage(Over)
	}
}

// unfence gives services their constraints back.
func (x *mind) unfence() {
	for _, e := range x.m.Edits {
		if e.Fence != "" {
			x.unmake(e, true)
		}
	}
}

// unpatch gives services their maximumPercent back; it tells whether all have it.
func (x *mind) unpatch() bool {
	for _, e := range x.m.Edits {
		if e.Fence == "" {
			x.unmake(e, false)
		}
	}
	return len(x.m.Edits) == 0
}

// takeBack gives old instances that stand by, or drain, their work again.
func (x *mind) takeBack() {
	var arns []string
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if o.State != Draining && o.State != Drained {
			continue
		}
		if o.State == Draining && x.halfway(o) && x.At.Sub(x.m.Since) < illness {
			x.say(o.ID, "works again once what has been started in place of its tasks is healthy")
			continue
		}
		if o.ARN != "" {
			arns = append(arns, o.ARN)
		}
		x.set(o, Waiting, "it works again")
	}
	x.restore(arns)
}

// halfway tells whether a service has more tasks than it is to have and not all of them are healthy: once the old ones are to stay, ECS
// stops what there is too much of, and that may be those that work.
func (x *mind) halfway(o *Old) bool {
	for _, group := range o.Held {
		s := x.served[strings.TrimPrefix(group, "service:")]
		if s != nil && s.Running+s.Pending > s.Desired && s.Healthy < s.Running+s.Pending {
			return true
		}
	}
	return false
}

// askAgain asks once more for launches without an answer: only then is it known how many instances must go.
func (x *mind) askAgain() {
	for _, l := range x.m.Launches {
		if l.Refused == "" {
			x.raise(x.pool(l.Group), l.Count)
			x.ask(l)
		}
	}
}

// inFlight tells whether something must end before the surge can go.
func (x *mind) inFlight() bool {
	if slices.ContainsFunc(x.m.Launches, func(l Launch) bool { return l.Refused == "" }) {
		return true
	}
	return slices.ContainsFunc(x.m.Olds, func(o Old) bool {
		return o.State == Draining || o.State == Drained || o.State == Ending
	})
}

// shrink takes the surge away, and what others have added meanwhile beyond the maximum that is to be put back. It tells whether there
// is something left to do.
func (x *mind) shrink(p *Pool) bool {
	g := x.groups[p.Group]
	if p.Raised > 0 && g.Max == p.Max+p.Raised {
		if over := g.Desired - p.Max - p.Kept; over > p.Extra() {
			p.Launched += over - p.Extra()
		}
	}
	leaving := 0
	for n := range x.m.News {
		one := &x.m.News[n]
		if one.Group == p.Group && one.State == Retiring {
			leaving++
			x.followNew(one)
		}
	}
	for ; leaving < p.Extra(); leaving++ {
		one := x.spare(p)
		if one == nil {
			x.m.Why = append(x.m.Why, fmt.Sprintf("group %s keeps %d more than it had: none of its instances can go", p, p.Extra()-leaving))
			p.Kept += p.Extra() - leaving
			p.Launched -= p.Extra() - leaving
			break
		}
		x.retire(one, cmp.Or(one.Why, "it is not needed any more"))
	}
	return p.Extra() > 0
}

// spare is the instance of a group that goes with the least ado: a new one that holds nothing, else the one that holds the least. One
// that is the last to work in its zone goes after the others, and among those first where an old one stays.
func (x *mind) spare(p *Pool) *New {
	x.adopt(p)
	working, stays := x.zones(p)
	var best *New
	var least int
	for n := range x.m.News {
		one := &x.m.News[n]
		if one.Group != p.Group || one.State == Ended || one.State == Retiring || one.Sure {
			continue
		}
		held, node := len(x.on[one.ARN]), x.nodes[one.ID]
		if working[one.Zone] == 1 && node != nil && x.ready(node) {
			held += lastThere
			if stays[one.Zone] {
				held -= lastThere / 2
			}
		}
		if best == nil || held < least {
			best, least = one, held
		}
	}
	return best
}

// zones are how many instances of a group work in each zone, and in which ones an old instance stays, whatever it is worth.
func (x *mind) zones(p *Pool) (working map[string]int, stays map[string]bool) {
	working, stays = map[string]int{}, map[string]bool{}
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group != p.Group {
			continue
		}
		back := false
		if o := x.old[node.ID]; o != nil {
			stays[node.Zone] = stays[node.Zone] || o.State == Stuck || o.State == Skipped
			back = (o.State == Stuck || o.State == Waiting) && node.State == inService && node.Connected // it works again
		}
		if back || x.ready(node) && !x.going(node.ID) {
			working[node.Zone]++
		}
	}
	return working, stays
}

// patience is how long a group may take to replace an instance.
const patience = 10 * time.Minute

// replacing tells whether an instance is being replaced by its group, or another one is: the group stands above its desired capacity
// then, and to take one off as well would cost another instance.
func (x *mind) replacing(group string, node *Node) bool {
	g, members := x.groups[group], 0
	for n := range x.Nodes {
		if one := &x.Nodes[n]; one.Group == group && !leavesAlone(one.State) {
			members++
		}
	}
	if g == nil || !node.Unhealthy && members <= g.Desired || x.At.Sub(x.m.Moved) > patience {
		return false
	}
	x.say(node.ID, "its group is replacing an instance")
	return true
}

// lastThere is as many tasks as the last instance of a zone that works counts for.
const lastThere = 1 << 20

// adopt takes up an instance that its group has launched by itself, where no new one is left that could go.
func (x *mind) adopt(p *Pool) {
	for _, one := range x.m.News {
		if one.Group == p.Group && one.State != Ended && one.State != Retiring {
			return
		}
	}
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group == p.Group && x.old[node.ID] == nil && x.fresh[node.ID] == nil && !leavesAlone(node.State) {
			x.m.News = append(x.m.News, New{ID: node.ID, ARN: node.ARN, Group: node.Group, Zone: node.Zone, State: Working, At: x.At, Since: x.At})
			x.remember()
			return
		}
	}
}

// retire lets a new instance go: what runs there moves first.
func (x *mind) retire(n *New, why string) {
	n.Began, n.Tasks, n.Sure = time.Time{}, nil, false
	x.put(n, Retiring, why)
	x.followNew(n)
}

// followNew follows a new instance on its way out.
func (x *mind) followNew(n *New) {
	node := x.nodes[n.ID]
	if node == nil {
		return
	}
	x.stopProbe(n)
	if n.ARN != "" && x.At.Sub(n.Since) <= x.Order.DrainTimeout && !x.emptied(n, node) {
		return
	}
	if n.ARN != "" && !x.emptied(n, node) {
		x.restore([]string{n.ARN})
		x.put(n, Working, "it could not be drained, and stays")
		p := x.pool(n.Group)
		p.Launched, p.Kept = p.Launched-1, p.Kept+1
		x.m.Why = append(x.m.Why, fmt.Sprintf("%s could not be drained and stays: group %s keeps one more than it had", n.ID, p))
		return
	}
	if n.Sure || x.replacing(n.Group, node) {
		return
	}
	p := x.pool(n.Group)
	if n.Began.IsZero() {
		n.Began = x.At
		x.lower(p)
	}
	x.below(p)
	x.release(n.ID)
	x.do(Action{Verb: Give, Group: n.Group, Instances: []string{n.ID}, Decrement: true})
}

// stopProbe ends the roll's own probe on a new instance that goes: nobody else would.
func (x *mind) stopProbe(n *New) {
	if t := x.task[n.Probe]; n.Probe != "" && t != nil && t.Last != stopped && t.Desired != stopped {
		x.do(Action{Verb: StopTasks, ARNs: []string{n.Probe}, Value: "the instance " + n.ID + " goes"})
		x.watch.Tasks = append(x.watch.Tasks, n.Probe)
	}
}

// emptied tells whether nothing runs any more on a new instance that goes; it drains it first.
func (x *mind) emptied(n *New, node *Node) bool {
	n.Tasks = join(n.Tasks, x.on[n.ARN])
	x.watch.Nodes = append(x.watch.Nodes, n.ARN)
	x.watch.Tasks = append(x.watch.Tasks, n.Tasks...)
	if node.Status != draining {
		if node.Status == active {
			x.do(Action{Verb: SetMark, ARNs: []string{n.ARN}, Key: AttrDrain, Value: x.Order.Run})
			x.do(Action{Verb: StartDrain, ARNs: []string{n.ARN}})
		}
		return node.Status != active
	}
	left := x.left(n.Tasks, node)
	if len(left) > 0 || node.Connected && node.Running+node.Pending > 0 {
		x.say(n.ID, "goes again: "+x.waits(left, node))
		return false
	}
	return true
}

// unmark takes the roll's attributes off instances, and its protection; it tells whether none is left.
func (x *mind) unmark() bool {
	var drained, fenced []string
	clean := true
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.ARN == "" || leavesAlone(node.State) && node.State != "" {
			continue
		}
		if node.DrainedBy() == x.Order.Run && node.Status == active {
			drained = append(drained, node.ARN)
		}
		if node.Attributes[AttrFence] == x.Order.Run {
			fenced = append(fenced, node.ARN)
		}
	}
	for _, one := range []struct {
		arns []string
		key  string
	}{{drained, AttrDrain}, {fenced, AttrFence}} {
		if len(one.arns) > 0 {
			x.do(Action{Verb: DropMark, ARNs: one.arns, Key: one.key})
			x.watch.Instances = append(x.watch.Instances, one.arns...)
			clean = false
		}
	}
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if node := x.nodes[o.ID]; o.Guarded && o.State != Gone && node != nil && node.Protected {
			x.do(Action{Verb: Unprotect, Group: o.Group, Instances: []string{o.ID}})
			clean = false
		}
	}
	for n := range x.m.News {
		one := &x.m.News[n]
		node := x.nodes[one.ID]
		if one.Guarded && one.State != Ended && node != nil && node.Protected {
			x.together(Unprotect, one)
			clean = false
		}
	}
	return clean
}

// close puts a group back; it tells whether it is so. The tags go last.
func (x *mind) close(p *Pool) bool {
	g := x.groups[p.Group]
	if g == nil {
		return true // somebody has deleted it
	}
	clean := x.unfloor(p)
	if most := max(p.Max, g.Desired); p.Raised > 0 && g.Max == p.Max+p.Raised && most < g.Max {
		x.do(Action{Verb: SetMax, Group: p.Group, Count: most})
		clean = false
	} else if g.Surge != "" {
		x.do(Action{Verb: Unmark, Group: p.Group, Key: TagSurge})
		clean = false
	}
	if len(p.Suspended) > 0 {
		x.do(Action{Verb: Resume, Group: p.Group, Names: p.Suspended})
		clean = false
	}
	if clean && g.Tag != "" {
		x.do(Action{Verb: Unmark, Group: p.Group, Key: TagRoll})
		clean = false
	}
	return clean
}

// settling is how long services may take to be as they were once everything else is done.
const settling = 10 * time.Minute

// settled waits until the services are as they were, and well for the hold time.
func (x *mind) settled() bool {
	ill := x.unsettled()
	for n := range x.m.Services {
		if x.m.Services[n].Moved > 0 {
			x.watch.Services = append(x.watch.Services, x.m.Services[n].Name)
		}
	}
	if len(ill) == 0 {
		return true
	}
	for _, l := range ill {
		x.say(l.Subject, l.Text)
		x.watch.Services = append(x.watch.Services, l.Subject)
	}
	if x.At.Sub(x.m.Moved) < settling {
		return false
	}
	if x.m.End == Replaced {
		x.m.End, x.m.Fix = Failed, "berth why "+ill[0].Subject
	}
	for _, l := range ill {
		x.m.Why = append(x.m.Why, l.Subject+": "+l.Text)
	}
	return true
}

// constraintsOf are a service's own placement constraints.
func constraintsOf(s *Service) []placement.Constraint {
	out := []placement.Constraint{}
	for _, c := range s.Spec.Get("placementConstraints").Items {
		out = append(out, placement.Constraint{Type: c.Get("type").Text, Expression: c.Get("expression").Text})
	}
	return out
}

// make changes a service as an edit says.
func (x *mind) make(e Edit) {
	a := Action{Verb: EditService, Service: e.Service, Count: e.SetPct}
	if e.Fence != "" {
		a.Constraints = append(slices.Clone(e.Constraints), placement.Constraint{Type: "memberOf", Expression: e.Fence})
	}
	x.do(a)
	x.say(e.Service, "its settings are changed for the time of the roll")
	x.watch.Services = append(x.watch.Services, e.Service)
}

// unmake changes a service back; of one that is fenced and patched only the fence if that is all that can go now. What somebody else
// has changed meanwhile stays.
func (x *mind) unmake(e Edit, fence bool) {
	s := x.served[e.Service]
	if s == nil || s.Status != active {
		x.forget(e.Service)
		return
	}
	a := Action{Verb: EditService, Service: e.Service, Key: Restore}
	if fence {
		a.Constraints = without(constraintsOf(s), e.Fence)
	} else if s.MaxPct == e.SetPct || !e.Made {
		a.Count = e.MaxPct
	}
	x.watch.Services = append(x.watch.Services, e.Service)
	x.do(a)
}

// Restore is the Key of an action that puts back what a roll had changed.
const Restore = "restore"

func without(all []placement.Constraint, expression string) []placement.Constraint {
	return slices.DeleteFunc(all, func(c placement.Constraint) bool { return c.Type == "memberOf" && c.Expression == expression })
}

func (x *mind) forget(name string) {
	x.m.Edits = slices.DeleteFunc(slices.Clone(x.m.Edits), func(e Edit) bool { return e.Service == name })
}

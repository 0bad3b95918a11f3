package roll

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/live"
)

// room is how many more instances of a group may be taken out of work now: others must work in their place.
func (x *mind) room(p *Pool) int {
	ready, short := 0, 0
	for n := range x.Nodes {
		switch node := &x.Nodes[n]; {
		case node.Group != p.Group:
		case x.ready(node):
			ready++
		case x.idle(node):
			short++
		}
	}
	return ready - (x.meant(p) - short) + x.unavailable(p)
}

// idle tells whether an instance of the group takes no tasks for a reason that is not the roll's: somebody else drains it, or its agent
// does not answer. The roll can make up for its own doings only.
func (x *mind) idle(node *Node) bool {
	if x.fresh[node.ID] != nil || x.going(node.ID) {
		return false
	}
	return node.State == inService && node.ARN != "" && (node.Status != active || !node.Connected)
}

// meant is how many instances a group is to have without the surge. An instance that AWS does not show yet is not in the desired
// capacity that it shows either.
func (x *mind) meant(p *Pool) int {
	n := x.groups[p.Group].Desired - p.Extra()
	for _, one := range x.m.News {
		if one.Group == p.Group && one.State == Booting && x.nodes[one.ID] == nil {
			n++
		}
	}
	return n
}

// ready tells whether an instance works: it is no new one that has still to prove itself, and none that is on its way out, whatever AWS
// shows yet.
func (x *mind) ready(node *Node) bool {
	if one := x.fresh[node.ID]; one != nil && one.State != Working {
		return false
	}
	if o := x.old[node.ID]; o != nil && (o.State == Draining || o.State == Drained || o.State == Ending) {
		return false
	}
	return x.works(node)
}

// drain begins with as many old instances as there is room for.
func (x *mind) drain() {
	if x.Order.Strategy == Terminate {
		x.strike()
		return
	}
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		if x.proven(p) {
			x.drainSome(p)
		}
	}
}

// proven tells whether the new instances of a group have stood long enough: the first ones for the time that everything must be
// well, and with the strategy double all of them.
func (x *mind) proven(p *Pool) bool {
	olds := 0
	for _, one := range x.m.News {
		if one.Group != p.Group || one.State != Working {
			continue
		}
		if left := x.Order.Hold - x.At.Sub(one.Since); one.Canary && x.m.Stage == Canary && left > 0 {
			x.say(one.ID, fmt.Sprintf("proves itself for %s more", left.Round(time.Second)))
			x.watch.Instances = append(x.watch.Instances, one.ARN)
			return false
		}
	}
	if x.Order.Strategy != Double || x.m.Stage == Canary {
		return true
	}
	for _, o := range x.m.Olds {
		if o.Group == p.Group && o.State == Waiting {
			olds++
		}
	}
	return x.room(p)-x.unavailable(p) >= olds
}

func (x *mind) drainSome(p *Pool) {
	room := x.room(p)
	if room <= 0 {
		return
	}
	if ill := x.m.Well.IsZero(); ill {
		x.say(p.String(), "no further instance is drained until everything is well")
		return
	}
	var chosen []*Old
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if o.Group != p.Group || o.State != Waiting || !x.turn(*o) {
			continue
		}
		if why := x.stays(o); why != "" {
			x.set(o, Skipped, why)
			continue
		}
		if node := x.nodes[o.ID]; node.Status == draining && node.DrainedBy() != x.Order.Run {
			x.set(o, Skipped, "somebody else drains it")
			continue
		}
		idle := !x.ready(x.nodes[o.ID]) // it works for nobody, so nothing is lost with it
		if room <= 0 && !idle {
			break
		}
		if why := x.hinders(o); why != "" {
			if o.Why != why {
				o.Why = why
			}
			x.say(o.ID, why)
			continue
		}
		chosen = append(chosen, o)
		if !idle {
			room--
		}
	}
	x.begins(chosen)
}

// hinders is why an old instance cannot be drained now; empty: it can.
func (x *mind) hinders(o *Old) string {
	for _, t := range x.on[o.ARN] {
		if name, of := service(t); of && x.served[name] != nil && deploying(x.served[name]) {
			x.watch.Services = append(x.watch.Services, name)
			return "a deployment of " + name + " is under way"
		}
	}
	if node := x.nodes[o.ID]; node.ARN != "" {
		if x.board.of == nil {
			x.board.open(x)
		}
		if x.lastOfZone(o) {
			return "no other instance works in " + o.Zone
		}
		return x.board.move(o)
	}
	return ""
}

// lastOfZone tells whether a zone would be left without an instance that works, where there are others that have some. A group that may
// have no more instances than it has can do without one of three zones for a while, never without one of two.
func (x *mind) lastOfZone(o *Old) bool {
	others := map[string]bool{}
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Group != o.Group || node.ID == o.ID || !x.ready(node) || x.going(node.ID) {
			continue
		}
		if node.Zone == o.Zone {
			return false
		}
		others[node.Zone] = true
	}
	if x.surge(x.pool(o.Group)) == 0 && len(others) > 1 {
		return false // nothing can come before one goes, and two zones are left
	}
	return len(others) > 0 && x.ready(x.nodes[o.ID])
}

// going tells whether an instance has just been chosen, or is on its way out.
func (x *mind) going(id string) bool {
	o := x.old[id]
	return x.board.taken[id] || o != nil && o.State != Waiting && o.State != Skipped && o.State != Stuck
}

// begins drains instances: they are marked as ours first.
func (x *mind) begins(olds []*Old) {
	var arns []string
	for _, o := range olds {
		o.Began, o.Seen, o.Tasks, o.Held = x.At, false, nil, nil
		x.set(o, Draining, "")
		for _, t := range x.on[o.ARN] {
			o.Tasks = append(o.Tasks, t.ARN)
			name, of := service(t)
			if !of || x.daemon(t) {
				continue
			}
			x.m.Count.Moves++
			x.movedOf(name)
			if !slices.Contains(o.Held, t.Group) {
				o.Held = append(o.Held, t.Group)
			}
		}
		if o.ARN == "" {
			o.Emptied = x.At
			x.set(o, Drained, "it never joined the cluster")
			continue
		}
		arns = append(arns, o.ARN)
		x.say(o.ID, "drains")
	}
	x.drainAll(arns)
}

func (x *mind) movedOf(name string) {
	for n := range x.m.Services {
		if x.m.Services[n].Name == name {
			x.m.Services[n].Moved++
		}
	}
}

func (x *mind) drainAll(arns []string) {
	if len(arns) > 0 {
		x.do(Action{Verb: SetMark, ARNs: arns, Key: AttrDrain, Value: x.Order.Run})
		x.do(Action{Verb: StartDrain, ARNs: arns})
		x.watch.Instances = append(x.watch.Instances, arns...)
	}
}

// settle follows what drains, and what is new.
func (x *mind) settle() {
	shown := 0
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if o.State == Draining {
			x.follow(o, shown < mostShown)
			shown++
		}
	}
	for n := range x.m.News {
		x.attend(&x.m.News[n])
	}
	x.watchServices()
	x.strays()
}

// strays gives instances back that the roll drains and does not want to: the call that was to do it got lost.
func (x *mind) strays() {
	var arns []string
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Status != draining || node.DrainedBy() != x.Order.Run || leavesAlone(node.State) {
			continue
		}
		if o := x.old[node.ID]; o != nil && (o.State == Draining || o.State == Drained || o.State == Ending) {
			continue
		}
		if one := x.fresh[node.ID]; one == nil || one.State != Retiring {
			arns = append(arns, node.ARN)
		}
	}
	x.restore(arns)
}

// mostShown is of how many draining instances the tasks are looked at at every look, so that people see what is waited for. Of the
// others ECS's own counts must be 0 first.
const mostShown = 20

func (x *mind) follow(o *Old, shown bool) {
	node := x.nodes[o.ID]
	x.watch.Instances = append(x.watch.Instances, o.ARN)
	if shown || node.Running+node.Pending == 0 {
		x.watch.Tasks = append(x.watch.Tasks, o.Tasks...)
	}
	if node.Running+node.Pending == 0 {
		x.watch.Nodes = append(x.watch.Nodes, o.ARN)
	}
	left := x.left(o.Tasks, node)
	if !o.Seen && node.Status == active {
		x.drainAll([]string{o.ARN}) // AWS has not taken it, or has not shown it yet
		return
	}
	x.say(o.ID, x.waits(left, node))
	x.stopAlone(o, left)
	if x.At.Sub(o.Began) > x.Order.DrainTimeout {
		x.giveUp(o, left)
	}
}

// waits says what a drain waits for.
func (x *mind) waits(left []*live.Task, node *Node) string {
	if len(left) == 0 {
		return fmt.Sprintf("draining: %d tasks left", node.Running+node.Pending)
	}
	var parts []string
	for _, t := range left {
		text := name(t)
		switch {
		case t.Last == "DEACTIVATING" && !t.Stopping.IsZero():
			text += fmt.Sprintf(" (deregistering %s)", x.At.Sub(t.Stopping).Round(time.Second))
		case t.Last != running:
			text += " (" + strings.ToLower(t.Last) + ")"
		case t.Protected.After(x.At):
			text += " (protected until " + t.Protected.UTC().Format("15:04") + ")"
		case x.alone(t):
			text += " (stand-alone)"
		}
		parts = append(parts, text)
	}
	slices.Sort(parts)
	if more := len(parts) - mostNamed; more > 0 {
		parts = append(parts[:mostNamed], fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("draining: %d tasks left: %s", len(left), strings.Join(parts, ", "))
}

const mostNamed = 5

func name(t *live.Task) string {
	_, name, _ := strings.Cut(t.Group, ":")
	return name
}

// stopAlone stops stand-alone tasks where that was ordered, once all else has left.
func (x *mind) stopAlone(o *Old, left []*live.Task) {
	if x.Order.Standalone != StopThem {
		return
	}
	var arns []string
	for _, t := range left {
		switch {
		case x.daemon(t):
		case !x.alone(t):
			return
		case t.Desired != stopped:
			arns = append(arns, t.ARN)
		}
	}
	if len(arns) > 0 {
		x.do(Action{Verb: StopTasks, ARNs: arns, Value: "the instance " + o.ID + " is replaced"})
		x.watch.Tasks = append(x.watch.Tasks, arns...)
	}
}

// giveUp undoes a drain that does not end, and names what keeps it. Nothing is killed, unless somebody has said so of just this
// instance.
func (x *mind) giveUp(o *Old, left []*live.Task) {
	why := fmt.Sprintf("its drain did not end within %s: %s", x.Order.DrainTimeout, x.keeps(left, x.nodes[o.ID]))
	if slices.Contains(x.Order.Force, o.ID) {
		o.Emptied = x.At
		x.set(o, Drained, why+"; it goes by force")
		return
	}
	if x.halfway(o) && x.At.Sub(o.Began) < x.Order.DrainTimeout+illness {
		return
	}
	x.restore([]string{o.ARN})
	x.set(o, Stuck, why)
	for _, t := range left {
		if name, of := service(t); of && !x.daemon(t) && !t.Protected.After(x.At) {
			x.end(Failed, "berth why "+name, o.ID+": "+why)
			return
		}
	}
}

func (x *mind) keeps(left []*live.Task, node *Node) string {
	_, text, found := strings.Cut(x.waits(left, node), "left: ")
	if !found {
		return "nobody knows what keeps it"
	}
	return text
}

// restore gives instances back to the cluster. The mark goes last: as long as it is there the drain is ours.
func (x *mind) restore(arns []string) {
	arns = slices.DeleteFunc(arns, func(arn string) bool { return slices.Contains(x.back, arn) })
	x.back = append(x.back, arns...)
	if len(arns) > 0 {
		x.do(Action{Verb: Activate, ARNs: arns})
		x.do(Action{Verb: DropMark, ARNs: arns, Key: AttrDrain})
		x.watch.Instances = append(x.watch.Instances, arns...)
	}
}

// attend looks after a new instance: it is kept from scale-in until it holds a task, and is asked to prove itself.
func (x *mind) attend(n *New) {
	node := x.nodes[n.ID]
	if n.State == Ended || node == nil {
		return
	}
	if n.State == Booting || n.State == Proving {
		x.watch.Nodes = append(x.watch.Nodes, n.ARN)
		x.say(n.ID, "new: "+x.missing(n))
	}
	x.guard(n, node)
	if n.State == Proving && n.Canary && x.Order.Probe != "" && n.Probe == "" && n.ARN != "" {
		x.do(Action{Verb: RunProbe, ARNs: []string{n.ARN}, Instances: []string{n.ID}, Value: x.Order.Probe, Token: probePrefix + x.Order.Run + "/" + n.ID})
	}
	if n.Probe != "" && n.State == Proving {
		x.watch.Tasks = append(x.watch.Tasks, n.Probe)
	}
}

// guard protects a new instance from scale-in where its group does not do that by itself.
func (x *mind) guard(n *New, node *Node) {
	g := x.groups[n.Group]
	if g == nil || g.ProtectNew || node.State != inService || x.m.Stage == Leaving {
		return
	}
	switch holds := x.holds(node); {
	case !holds && !node.Protected && n.State != Retiring:
		n.Guarded = true
		x.together(Protect, n)
	case holds && n.Guarded && node.Protected:
		x.together(Unprotect, n)
	case holds && n.Guarded:
		n.Guarded = false
	}
	if n.Guarded {
		x.watch.Nodes = append(x.watch.Nodes, n.ARN)
	}
}

// together does the same to all new instances of a group at once: AWS takes many in a call.
func (x *mind) together(verb Verb, n *New) {
	for i := range x.acts {
		if a := &x.acts[i]; a.Verb == verb && a.Group == n.Group {
			a.Instances = append(a.Instances, n.ID)
			return
		}
	}
	x.do(Action{Verb: verb, Group: n.Group, Instances: []string{n.ID}})
}

// holds tells whether an instance has tasks that are no daemons.
func (x *mind) holds(node *Node) bool {
	return slices.ContainsFunc(x.on[node.ARN], func(t *live.Task) bool { return !x.daemon(t) && !x.probing(t) })
}

package decide

import (
	"fmt"
	"slices"
	"time"

	"berth/internal/live"
	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// drain begins with as many old instances as there is room for.
func (x *mind) drain() {
	if x.Order.Strategy == roll.Terminate {
		x.strike()
		return
	}
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		if x.proven(p) {
			x.drainSome(p)
		}
	}
}

// proven tells whether the new instances of a group have stood long enough: the first ones for the time that everything must be
// well, and with the strategy double all of them.
func (x *mind) proven(p *roll.Pool) bool {
	olds := 0
	for _, one := range x.M.News {
		if one.Group != p.Group || one.State != roll.Working {
			continue
		}
		if left := x.Order.Hold - x.At.Sub(one.Since); one.Canary && x.M.Stage == roll.Canary && left > 0 {
			x.say(one.ID, fmt.Sprintf("proves itself for %s more", left.Round(time.Second)))
			x.watch.Instances = append(x.watch.Instances, one.ARN)
			return false
		}
	}
	if x.Order.Strategy != roll.Double || x.M.Stage == roll.Canary {
		return true
	}
	for _, o := range x.M.Olds {
		if o.Group == p.Group && o.State == roll.Waiting {
			olds++
		}
	}
	return x.Room(p)-x.Unavailable(p) >= olds
}

func (x *mind) drainSome(p *roll.Pool) {
	room := x.Room(p)
	if room <= 0 {
		return
	}
	if ill := x.M.Well.IsZero(); ill {
		x.say(p.String(), "no further instance is drained until everything is well")
		return
	}
	var chosen []*roll.Old
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		if o.Group != p.Group || o.State != roll.Waiting || !x.Turn(*o) {
			continue
		}
		if why := x.stays(o); why != "" {
			x.set(o, roll.Skipped, why)
			continue
		}
		idle := !x.Ready(x.Node[o.ID]) // it works for nobody, so nothing is lost with it
		if room <= 0 && !idle {
			break
		}
		if why := x.hinders(o); why != "" {
			if lasting := x.Misfit(o); lasting != "" {
				x.set(o, roll.Skipped, lasting)
				continue
			}
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
func (x *mind) hinders(o *roll.Old) string {
	for _, t := range x.On[o.ARN] {
		if name, of := scene.ServiceName(t); of && x.Served[name] != nil && scene.Deploying(x.Served[name]) {
			x.watch.Services = append(x.watch.Services, name)
			return "a deployment of " + name + " is under way"
		}
	}
	if node := x.Node[o.ID]; node.ARN != "" {
		if why := x.shields(o); why != "" {
			return why
		}
		x.board.Open(x.Scene)
		if x.LastOfZone(o) {
			return "no other instance works in " + o.Zone
		}
		return x.board.Move(o)
	}
	return ""
}

// begins drains instances: they are marked as ours first.
func (x *mind) begins(olds []*roll.Old) {
	var arns []string
	for _, o := range olds {
		o.Began, o.Seen, o.Tasks, o.Held = x.At, false, nil, nil
		x.set(o, roll.Draining, "")
		for _, t := range x.On[o.ARN] {
			o.Tasks = append(o.Tasks, t.ARN)
			name, of := scene.ServiceName(t)
			if !of || x.Daemon(t) {
				continue
			}
			x.M.Count.Moves++
			x.movedOf(name)
			if !slices.Contains(o.Held, t.Group) {
				o.Held = append(o.Held, t.Group)
			}
		}
		if o.ARN == "" {
			o.Emptied = x.At
			x.set(o, roll.Drained, "it never joined the cluster")
			continue
		}
		arns = append(arns, o.ARN)
		x.say(o.ID, "drains")
	}
	x.drainAll(arns)
}

func (x *mind) movedOf(name string) {
	for n := range x.M.Services {
		if x.M.Services[n].Name == name {
			x.M.Services[n].Moved++
		}
	}
}

func (x *mind) drainAll(arns []string) {
	if len(arns) > 0 {
		x.do(roll.Action{Verb: roll.SetMark, ARNs: arns, Key: roll.AttrDrain, Value: x.Order.Run})
		x.do(roll.Action{Verb: roll.StartDrain, ARNs: arns})
		x.watch.Instances = append(x.watch.Instances, arns...)
	}
}

// settle follows what drains, and what is new.
func (x *mind) settle() {
	shown := 0
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		if o.State == roll.Draining {
			x.follow(o, shown < mostShown)
			shown++
		}
	}
	for _, p := range x.M.Pools {
		if id := x.Group[p.Group].Refresh; id != "" {
			x.say(p.String(), "the instance refresh "+id+" waits until the roll is over")
		}
	}
	x.strays() // before anything else is taken out of work
	for n := range x.M.News {
		x.attend(&x.M.News[n])
	}
	x.watchServices()
}

// strays gives instances back that the roll drains and does not want to: the call that was to do it got lost.
func (x *mind) strays() {
	var arns []string
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if node.Status != roll.NodeDraining || node.DrainedBy() != x.Order.Run || roll.LeavesAlone(node.State) {
			continue
		}
		if o := x.Old[node.ID]; o != nil && (o.State == roll.Draining || o.State == roll.Drained || o.State == roll.Ending) {
			continue
		}
		if one := x.Fresh[node.ID]; one == nil || one.State != roll.Retiring {
			arns = append(arns, node.ARN)
		}
	}
	x.restore(arns)
}

// mostShown is of how many draining instances the tasks are looked at at every look, so that people see what is waited for. Of the
// others ECS's own counts must be 0 first.
const mostShown = 20

func (x *mind) follow(o *roll.Old, shown bool) {
	node := x.Node[o.ID]
	x.watch.Instances = append(x.watch.Instances, o.ARN)
	if shown || node.Running+node.Pending == 0 {
		x.watch.Tasks = append(x.watch.Tasks, o.Tasks...)
	}
	if node.Running+node.Pending == 0 {
		x.watch.Nodes = append(x.watch.Nodes, o.ARN)
	}
	left := x.Left(o.Tasks, node)
	if !o.Seen && node.Status == roll.NodeActive {
		x.drainAll([]string{o.ARN}) // AWS has not taken it, or has not shown it yet
		return
	}
	x.say(o.ID, x.Waits(left, node))
	x.stopAlone(o, left)
	if x.At.Sub(o.Began) > x.Order.DrainTimeout {
		x.giveUp(o, left)
	}
}

// stopAlone stops stand-alone tasks where that was ordered, once all else has left.
func (x *mind) stopAlone(o *roll.Old, left []*live.Task) {
	if x.Order.Standalone != roll.StopThem {
		return
	}
	var arns []string
	for _, t := range left {
		switch {
		case x.Daemon(t):
		case !x.Alone(t):
			return
		case t.Desired != roll.TaskStopped:
			arns = append(arns, t.ARN)
		}
	}
	if len(arns) > 0 {
		x.do(roll.Action{Verb: roll.StopTasks, ARNs: arns, Value: "the instance " + o.ID + " is replaced"})
		x.watch.Tasks = append(x.watch.Tasks, arns...)
	}
}

// giveUp undoes a drain that does not end, and names what keeps it. Nothing is killed, unless somebody has said so of just this
// instance.
func (x *mind) giveUp(o *roll.Old, left []*live.Task) {
	why := fmt.Sprintf("its drain did not end within %s: %s", x.Order.DrainTimeout, x.Keeps(left, x.Node[o.ID]))
	if slices.Contains(x.Order.Force, o.ID) {
		o.Emptied = x.At
		x.set(o, roll.Drained, why+"; it goes by force")
		return
	}
	if x.Halfway(o) && x.At.Sub(o.Began) < x.Order.DrainTimeout+illness {
		return
	}
	x.restore([]string{o.ARN})
	x.set(o, roll.Stuck, why)
	for _, t := range left {
		if name, of := scene.ServiceName(t); of && !x.Daemon(t) && !t.Protected.After(x.At) {
			x.end(roll.Failed, "berth why "+name, o.ID+": "+why)
			return
		}
	}
}

// restore gives instances back to the cluster. The mark goes last: as long as it is there the drain is ours.
func (x *mind) restore(arns []string) {
	arns = slices.DeleteFunc(arns, func(arn string) bool { return slices.Contains(x.back, arn) })
	x.back = append(x.back, arns...)
	if len(arns) > 0 {
		x.do(roll.Action{Verb: roll.Activate, ARNs: arns})
		x.do(roll.Action{Verb: roll.DropMark, ARNs: arns, Key: roll.AttrDrain})
		x.watch.Instances = append(x.watch.Instances, arns...)
	}
}

// attend looks after a new instance: it is kept from scale-in until it holds a task, and is asked to prove itself.
func (x *mind) attend(n *roll.New) {
	node := x.Node[n.ID]
	if n.State == roll.Ended || node == nil {
		return
	}
	if n.State == roll.Retiring {
		x.followNew(n)
	}
	if n.State == roll.Booting || n.State == roll.Proving {
		x.watch.Nodes = append(x.watch.Nodes, n.ARN)
		x.say(n.ID, "new: "+x.Lacks(n))
	}
	if n.State == roll.Working && !n.Off.IsZero() {
		x.watch.Instances = append(x.watch.Instances, n.ARN)
		x.say(n.ID, "works no more: "+x.Lacks(n))
	}
	x.guard(n, node)
	if n.State == roll.Proving && n.Canary && x.Order.Probe != "" && n.Probe == "" && n.ARN != "" {
		x.do(roll.Action{Verb: roll.RunProbe, ARNs: []string{n.ARN}, Instances: []string{n.ID}, Value: x.Order.Probe, Token: roll.ProbePrefix + x.Order.Run + "/" + n.ID})
	}
	if n.Probe != "" && n.State == roll.Proving {
		x.watch.Tasks = append(x.watch.Tasks, n.Probe)
	}
}

// guard protects a new instance from scale-in where its group does not do that by itself.
func (x *mind) guard(n *roll.New, node *roll.Node) {
	g := x.Group[n.Group]
	if g == nil || g.ProtectNew || node.State != roll.InService || x.M.Stage == roll.Leaving {
		return
	}
	switch holds := x.Holds(node); {
	case !holds && !node.Protected && n.State != roll.Retiring:
		n.Guarded = true
		x.together(roll.Protect, n)
	case holds && n.Guarded && node.Protected:
		x.together(roll.Unprotect, n)
	case holds && n.Guarded:
		n.Guarded = false
	}
	if n.Guarded {
		x.watch.Nodes = append(x.watch.Nodes, n.ARN)
	}
}

// together does the same to all new instances of a group at once: AWS takes many in a call.
func (x *mind) together(verb roll.Verb, n *roll.New) {
	for i := range x.acts {
		if a := &x.acts[i]; a.Verb == verb && a.Group == n.Group {
			a.Instances = append(a.Instances, n.ID)
			return
		}
	}
	x.do(roll.Action{Verb: verb, Group: n.Group, Instances: []string{n.ID}})
}

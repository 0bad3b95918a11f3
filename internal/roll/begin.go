package roll

import (
	"fmt"
	"slices"
	"strings"
)

// begin chooses what is to be done, and touches nothing where it cannot be done.
func (x *mind) begin() {
	if x.m.Began.IsZero() {
		x.m = Memory{Version: Version, Order: x.Order, Began: x.At, Since: x.At, Moved: x.At, Full: x.At}
		x.baseline()
	}
	x.m.Olds = Targets(x.Snapshot)
	x.remember()
	x.pools()
	if len(x.m.Olds) == 0 {
		x.refuse(Nothing, "", "no instance is outdated")
		return
	}
	if x.m.Services == nil {
		x.baseline()
	}
	if why, fix := x.forbidden(); why != "" {
		x.refuse(Refused, fix, why)
		return
	}
	if busy := x.busy(); len(busy) > 0 {
		x.waitForDeployments(busy)
		return
	}
	x.baseline()
	x.open()
}

// refuse ends a roll that has touched nothing.
func (x *mind) refuse(o Outcome, fix string, why ...string) {
	x.m.Stage, x.m.End, x.m.Why, x.m.Fix, x.m.Ended = Over, o, why, fix, x.At
}

// pools are the groups that have old instances.
func (x *mind) pools() {
	x.m.Pools = nil
	for _, g := range x.Groups {
		if slices.ContainsFunc(x.m.Olds, func(o Old) bool { return o.Group == g.Name }) {
			x.m.Pools = append(x.m.Pools, Pool{Key: g.Key, Group: g.Name, Max: g.Max, Min: g.Min})
		}
	}
}

// forbidden is why the roll as a whole would lose availability, or cannot be done.
func (x *mind) forbidden() (why, fix string) {
	if x.Order.Strategy == Terminate && !x.Order.AllowOutage {
		return "the strategy terminate ends what runs on the instances", "--allow-outage, or the strategy drain"
	}
	for _, p := range x.m.Pools {
		g := x.groups[p.Group]
		for _, process := range []string{"Launch", "Terminate"} {
			if slices.Contains(g.Suspended, process) {
				return fmt.Sprintf("the process %s of group %s is suspended", process, p), "aws autoscaling resume-processes --auto-scaling-group-name " + p.Group + " --scaling-processes " + process
			}
		}
		olds := 0
		for _, o := range x.m.Olds {
			if o.Group == p.Group {
				olds++
			}
		}
		if n := x.surge(&p); x.Order.Strategy == Double && n < olds {
			return fmt.Sprintf("group %s may have no more than %d instances, too few for as many new ones as there are old ones", p, g.Max), moreRoom
		} else if n > 0 || x.Order.Strategy == Terminate {
			continue
		}
		if x.unavailable(&p) == 0 || x.unavailable(&p) >= g.Desired {
			return fmt.Sprintf("group %s may have no more than %d instances, and none can be spared", p, g.Max), moreRoom
		}
		if why := x.crowded(p); why != "" {
			return why, moreRoom
		}
	}
	return "", ""
}

const moreRoom = "a larger max_size, or surge_beyond_max = true"

// crowded tells which instance of a group that gets no others could not be drained for want of room; empty: each could.
func (x *mind) crowded(p Pool) string {
	x.board.open(x)
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if o.Group != p.Group || o.ARN == "" {
			continue
		}
		why := x.board.move(o)
		if x.board.back(o); why == "" && x.lastOfZone(o) {
			why = "no other instance works in " + o.Zone + ", and none but in one zone would be left"
		}
		if why != "" {
			return fmt.Sprintf("group %s may have no more than %d instances, and %s cannot be spared: %s", p, x.groups[p.Group].Max, o.ID, why)
		}
	}
	x.board = board{}
	return ""
}

// busy are the services on old instances that are being deployed.
func (x *mind) busy() []string {
	var out []string
	for _, o := range x.m.Olds {
		for _, t := range x.on[o.ARN] {
			if name, of := service(t); of && x.served[name] != nil && deploying(x.served[name]) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// waitForDeployments waits before anything is touched, and gives up when it takes too long.
func (x *mind) waitForDeployments(names []string) {
	for _, name := range names {
		x.say(name, "a deployment is under way")
	}
	x.watch.Services = append(x.watch.Services, names...)
	if x.At.Sub(x.m.Began) > x.Order.DrainTimeout {
		x.refuse(Failed, "berth services "+names[0], "a deployment of "+strings.Join(names, ", ")+" is under way and does not end")
	}
}

// open is the first step: the groups are marked, nothing else may move instances meanwhile, and what cannot be drained is left out.
func (x *mind) open() {
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		for _, t := range x.on[o.ARN] {
			if _, of := service(t); of && !x.daemon(t) {
				x.m.Count.Movable++
			}
		}
		if node := x.nodes[o.ID]; node.Status == draining && node.DrainedBy() != x.Order.Run {
			x.set(o, Skipped, "somebody else drains it")
		} else if why := x.stays(o); why != "" && x.Order.Strategy != Terminate {
			x.set(o, Skipped, why)
		}
	}
	x.canaries()
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		x.do(Action{Verb: Mark, Group: p.Group, Key: TagRoll, Value: x.Order.Run})
		if g := x.groups[p.Group]; !slices.Contains(g.Suspended, rebalance) {
			p.Suspended = []string{rebalance}
			x.do(Action{Verb: Suspend, Group: p.Group, Names: p.Suspended})
		}
	}
	x.shield()
	x.plan()
	if x.Order.Canary == 0 || x.Order.Strategy == Terminate {
		x.stage(Onward)
	} else {
		x.stage(Canary)
	}
}

// shield keeps old instances from scale-in where their group does not do that: whatever makes a group too large for a moment, such as the
// replacement of an instance that never boots, must not cost one that works.
func (x *mind) shield() {
	for _, p := range x.m.Pools {
		var ids []string
		for n := range x.m.Olds {
			o := &x.m.Olds[n]
			if node := x.nodes[o.ID]; o.Group == p.Group && !x.groups[p.Group].ProtectNew && node.State == inService && !node.Protected {
				o.Guarded = true
				ids = append(ids, o.ID)
			}
		}
		if len(ids) > 0 && x.Order.Strategy != Terminate {
			x.do(Action{Verb: Protect, Group: p.Group, Instances: ids})
		}
	}
}

// rebalance is the process that moves instances between zones (Auto Scaling user guide, "Suspend and resume processes").
const rebalance = "AZRebalance"

// canaries chooses the old instances that go first: some of each architecture.
func (x *mind) canaries() {
	chosen := map[string]int{}
	for n := range x.m.Olds {
		o := &x.m.Olds[n]
		if o.State == Waiting && chosen[o.Arch] < x.Order.Canary {
			o.Canary = true
			chosen[o.Arch]++
		}
	}
}

// plan says which settings of services must be other ones during the roll.
func (x *mind) plan() {
	if x.Order.Strategy == Terminate {
		return
	}
	touched := x.touched()
	for n := range x.Services {
		s := &x.Services[n]
		if !touched[s.Name] || s.Daemon {
			continue
		}
		e := Edit{Service: s.Name}
		if x.Order.Patch && !movable(s, s.MaxPct) {
			e.MaxPct, e.SetPct = s.MaxPct, patched(s)
		}
		if need := x.Demands[demandKey(s)]; x.Order.Fence && need.Known && len(need.Constraints) < mostConstraints {
			e.Fence, e.Constraints = "attribute:"+AttrFence+" == "+x.Order.Run, constraintsOf(s)
		}
		if e.SetPct > 0 || e.Fence != "" {
			x.m.Edits = append(x.m.Edits, e)
		}
	}
}

// touched are the services that have tasks on instances that are to go.
func (x *mind) touched() map[string]bool {
	out := map[string]bool{}
	for _, o := range x.m.Olds {
		for _, t := range x.on[o.ARN] {
			if name, of := service(t); of && o.State == Waiting {
				out[name] = true
			}
		}
	}
	return out
}

// mostConstraints is how many a task may have (ECS API reference, UpdateService).
const mostConstraints = 10

package decide

import (
	"slices"
	"strings"

	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// begin chooses what is to be done, and touches nothing where it cannot be done.
func (x *mind) begin() {
	if x.M.Began.IsZero() {
		x.M = roll.Memory{Version: roll.Version, Order: x.Order, Began: x.At, Since: x.At, Moved: x.At, Full: x.At}
		x.M.Services = x.Baselines()
	}
	x.M.Olds = roll.Targets(x.Snapshot)
	x.Remember()
	x.pools()
	if len(x.M.Olds) == 0 {
		x.refuse(roll.Nothing, "", "no instance is outdated")
		return
	}
	if x.M.Services == nil {
		x.M.Services = x.Baselines()
	}
	if why, fix := x.Forbidden(); why != "" {
		x.refuse(roll.Refused, fix, why)
		return
	}
	if busy := x.Busy(); len(busy) > 0 {
		x.waitForDeployments(busy)
		return
	}
	x.M.Services = x.Baselines()
	x.open()
}

// refuse ends a roll that has touched nothing.
func (x *mind) refuse(o roll.Outcome, fix string, why ...string) {
	x.M.Stage, x.M.End, x.M.Why, x.M.Fix, x.M.Ended = roll.Over, o, why, fix, x.At
}

// pools are the groups that have old instances.
func (x *mind) pools() {
	x.M.Pools = nil
	for _, g := range x.Groups {
		if slices.ContainsFunc(x.M.Olds, func(o roll.Old) bool { return o.Group == g.Name }) {
			x.M.Pools = append(x.M.Pools, roll.Pool{Key: g.Key, Group: g.Name, Max: g.Max, Min: g.Min, Base: g.Desired})
		}
	}
}

// waitForDeployments waits before anything is touched, and gives up when it takes too long.
func (x *mind) waitForDeployments(names []string) {
	for _, name := range names {
		x.say(name, "a deployment is under way")
	}
	x.watch.Services = append(x.watch.Services, names...)
	if x.At.Sub(x.M.Began) > x.Order.DrainTimeout {
		x.refuse(roll.Failed, "berth services "+names[0], "a deployment of "+strings.Join(names, ", ")+" is under way and does not end")
	}
}

// open is the first step: the groups are marked, nothing else may move or replace instances meanwhile, and what cannot be drained is left
// out.
func (x *mind) open() {
	for n := range x.M.Olds {
		o := &x.M.Olds[n]
		for _, t := range x.On[o.ARN] {
			if _, of := scene.ServiceName(t); of && !x.Daemon(t) {
				x.M.Count.Movable++
			}
		}
		if node := x.Node[o.ID]; node.Status == roll.NodeDraining && node.DrainedBy() != x.Order.Run {
			x.set(o, roll.Skipped, "somebody else drains it")
		} else if why := x.Stays(o); why != "" && x.Order.Strategy != roll.Terminate {
			x.set(o, roll.Skipped, why)
		}
	}
	if n := len(x.M.Olds); !slices.ContainsFunc(x.M.Olds, func(o roll.Old) bool { return o.State == roll.Waiting }) {
		x.refuse(roll.Incomplete, "berth roll", x.left(n, n)...)
		return
	}
	x.canaries()
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		x.do(roll.Action{Verb: roll.Mark, Group: p.Group, Key: roll.TagRoll, Value: x.Order.Run})
		x.suspend(p)
	}
	x.shield()
	if x.Order.Strategy != roll.Terminate {
		x.M.Edits = x.Edits()
	}
	if x.Order.Canary == 0 || x.Order.Strategy == roll.Terminate {
		x.stage(roll.Onward)
	} else {
		x.stage(roll.Canary)
	}
}

// suspend keeps a group from moving instances between zones, and from replacing them: an instance refresh that somebody starts during the
// roll waits until its process is resumed (Auto Scaling user guide, "Suspend and resume Amazon EC2 Auto Scaling processes").
func (x *mind) suspend(p *roll.Pool) {
	for _, process := range []string{"AZRebalance", "InstanceRefresh"} {
		if !slices.Contains(x.Group[p.Group].Suspended, process) {
			p.Suspended = append(p.Suspended, process)
		}
	}
	if len(p.Suspended) > 0 {
		x.do(roll.Action{Verb: roll.Suspend, Group: p.Group, Names: p.Suspended})
	}
}

// shield keeps old instances from scale-in where their group does not do that: whatever makes a group too large for a moment, such as the
// replacement of an instance that never boots, must not cost one that works.
func (x *mind) shield() {
	for _, p := range x.M.Pools {
		var ids []string
		for n := range x.M.Olds {
			o := &x.M.Olds[n]
			if node := x.Node[o.ID]; o.Group == p.Group && !x.Group[p.Group].ProtectNew && node.State == roll.InService && !node.Protected {
				o.Guarded = true
				ids = append(ids, o.ID)
			}
		}
		if len(ids) > 0 && x.Order.Strategy != roll.Terminate {
			x.do(roll.Action{Verb: roll.Protect, Group: p.Group, Instances: ids})
		}
	}
}

// canaries chooses the old instances that go first: some of each architecture, and those before others that need not be waited for.
func (x *mind) canaries() {
	chosen := map[string]int{}
	for _, waits := range []bool{false, true} {
		for n := range x.M.Olds {
			o := &x.M.Olds[n]
			until, _ := x.Protected(o.ARN)
			if o.State == roll.Waiting && chosen[o.Arch] < x.Order.Canary && waits == !until.IsZero() {
				o.Canary = true
				chosen[o.Arch]++
			}
		}
	}
}

package roll

import (
	"fmt"
	"slices"
	"time"
)

// advance goes on.
func (x *mind) advance() {
	if !x.prepare() {
		return
	}
	if x.Command == Pause {
		x.say("", "paused; berth roll resume goes on")
		x.moved()
		x.settle()
		return
	}
	x.settle()
	if x.failures() || x.over() {
		return
	}
	switch x.m.Stage {
	case Canary:
		x.launch()
		if x.Order.Strategy != Double { // then no task moves before it can move for good
			x.drain()
		}
		x.proved()
	case Bake:
		x.bake()
	default:
		x.launch()
		x.drain()
		x.give()
		x.finish()
	}
	x.stall()
}

// prepare carries out what must be before anything moves: service settings, and the fence. It tells whether all is done.
func (x *mind) prepare() bool {
	done := true
	for _, e := range x.m.Edits {
		if !e.Made {
			x.make(e)
			done = false
		}
	}
	if x.Order.Fence && !x.m.Stamped {
		x.stamp()
	}
	for n := range x.m.News {
		one := &x.m.News[n]
		if x.Order.Fence && !one.Fenced && one.ARN != "" && one.State != Ended {
			one.Fenced = true
			x.do(Action{Verb: SetMark, ARNs: []string{one.ARN}, Key: AttrFence, Value: x.Order.Run})
		}
	}
	return done
}

// stamp lets the instances that stay take the tasks of fenced services.
func (x *mind) stamp() {
	var arns []string
	for n := range x.Nodes {
		if node := &x.Nodes[n]; x.works(node) && x.old[node.ID] == nil {
			arns = append(arns, node.ARN)
		}
	}
	x.m.Stamped = true
	if len(arns) > 0 {
		x.do(Action{Verb: SetMark, ARNs: arns, Key: AttrFence, Value: x.Order.Run})
	}
}

// over ends a roll whose time is up, once what it has begun is done.
func (x *mind) over() bool {
	if x.Order.MaxDuration == 0 || x.At.Sub(x.m.Began) < x.Order.MaxDuration {
		return false
	}
	x.end(Expired, "berth roll --yes does the rest", fmt.Sprintf("the time that it may take (%s) is over", x.Order.MaxDuration))
	return true
}

// failures ends a roll that must not go on.
func (x *mind) failures() bool {
	for n := range x.m.Pools {
		p := &x.m.Pools[n]
		if p.Refusals >= mostRefusals || p.Refusals > 0 && x.m.Stage == Canary {
			x.end(Failed, "berth explain ROL120", fmt.Sprintf("group %s gets no new instance: %s", p, x.refusal(p.Group)))
			return true
		}
	}
	for n := range x.m.News {
		one := &x.m.News[n]
		if one.State != Booting && one.State != Proving {
			continue
		}
		late := x.At.Sub(one.At) > x.Order.JoinTimeout
		if !late && !x.probeFailed(one) {
			continue
		}
		why := fmt.Sprintf("the new instance %s has not proved itself within %s: %s", one.ID, x.Order.JoinTimeout, x.missing(one))
		if one.Canary || x.m.Flops >= mostFlops {
			x.end(Failed, "berth why "+one.ID, why)
			return true
		}
		x.m.Flops++
		x.retire(one, why)
	}
	return false
}

// How much may go wrong before a roll stops.
const (
	mostRefusals = 5
	mostFlops    = 2
	retry        = time.Minute
)

func (x *mind) probeFailed(n *New) bool {
	t := x.task[n.Probe]
	return n.Probe != "" && t != nil && t.Last == stopped && !succeeded(t)
}

func (x *mind) missing(n *New) string {
	node := x.nodes[n.ID]
	switch {
	case node == nil || node.ARN == "":
		return "it has not joined the cluster"
	case !node.Connected:
		return "its ECS agent does not answer"
	case node.Status != active:
		return "it is " + node.Status
	case n.Why != "":
		return n.Why
	}
	return "it is " + node.State + " in its group"
}

func (x *mind) refusal(group string) string {
	for _, v := range slices.Backward(x.m.Launches) {
		if l := v; l.Group == group && l.Refused != "" {
			return l.Refused
		}
	}
	return "AWS does not say why"
}

// proved goes on to the bake when the canaries have taken over from the old ones.
func (x *mind) proved() {
	if x.Order.Strategy == Double {
		if !x.standing() {
			return
		}
	} else if slices.ContainsFunc(x.m.Olds, func(o Old) bool { return o.Canary && (o.State == Waiting || o.State == Draining) }) {
		return
	}
	x.stage(Bake)
}

// standing tells whether all canaries have worked for the hold time.
func (x *mind) standing() bool {
	want, have := 0, 0
	for _, o := range x.m.Olds {
		if o.Canary && x.turn(o) {
			want++
		}
	}
	for n := range x.m.Pools {
		if !x.proven(&x.m.Pools[n]) {
			return false
		}
	}
	for _, one := range x.m.News {
		if one.Canary && one.State == Working {
			have++
		}
	}
	return have >= want
}

// illness is how long something may be worse than it was while canaries work, before they are taken away again.
const illness = 5 * time.Minute

// bake lets the canaries work for a while, with the old ones standing by.
func (x *mind) bake() {
	for n := range x.m.News {
		one := &x.m.News[n]
		node := x.nodes[one.ID]
		if !one.Canary || one.State != Working {
			continue
		}
		x.watch.Instances = append(x.watch.Instances, one.ARN)
		if node == nil || !x.works(node) {
			x.say(one.ID, x.missing(one))
			x.m.Well = time.Time{}
		}
	}
	x.watchServices()
	if x.m.Well.IsZero() {
		if x.At.Sub(x.m.Moved) > illness {
			x.end(Failed, "berth services", "something is worse since the first new instances work: "+x.worse())
		}
		return
	}
	x.moved()
	if left := max(x.Order.Bake-x.At.Sub(x.m.Since), x.Order.Hold-x.wellFor()); left > 0 {
		x.say("", fmt.Sprintf("the first new instances bake for %s more", left.Round(time.Second)))
		x.again = min(x.again, left)
		return
	}
	x.stage(Onward)
}

func (x *mind) worse() string {
	for _, l := range x.why {
		if l.Subject != "" {
			return l.Subject + ": " + l.Text
		}
	}
	return "an instance does not answer"
}

// watchServices has everything that the first old instances held looked at afresh.
func (x *mind) watchServices() {
	for _, o := range x.m.Olds {
		if o.State == Draining || o.State == Drained {
			for _, group := range o.Held {
				x.watch.Services = append(x.watch.Services, group[len("service:"):])
			}
		}
	}
}

// finish ends a roll in which nothing is left to be done.
func (x *mind) finish() {
	left, done := 0, 0
	for _, o := range x.m.Olds {
		switch o.State {
		case Skipped, Stuck:
			left++
		case Gone:
			done++
		default:
			return
		}
	}
	if left > 0 {
		why := []string{fmt.Sprintf("%d of %d instances were left as they are", left, left+done)}
		for _, o := range x.m.Olds {
			if (o.State == Skipped || o.State == Stuck) && len(why) <= mostNamed {
				why = append(why, o.ID+": "+o.Why)
			}
		}
		x.end(Incomplete, "berth roll", why...)
		return
	}
	x.end(Replaced, "")
}

// stall ends a roll in which nothing goes on any more.
func (x *mind) stall() {
	if x.m.Stage == Leaving || x.At.Sub(x.m.Moved) < x.Order.DrainTimeout+x.Order.JoinTimeout {
		return
	}
	why := []string{fmt.Sprintf("nothing has gone on for %s", x.At.Sub(x.m.Moved).Round(time.Minute))}
	for _, l := range x.why {
		why = append(why, l.Subject+": "+l.Text)
	}
	x.end(Failed, "berth roll", why...)
}

package decide

import (
	"fmt"
	"slices"
	"time"

	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// advance goes on.
func (x *mind) advance() {
	if !x.prepare() {
		return
	}
	if x.Command == roll.Pause {
		x.say("", "paused; berth roll resume goes on")
		x.moved()
		x.settle()
		return
	}
	x.settle()
	if x.failures() || x.over() {
		return
	}
	switch x.M.Stage {
	case roll.Canary:
		x.launch()
		if x.Order.Strategy != roll.Double { // then no task moves before it can move for good
			x.drain()
		}
		x.proved()
	case roll.Bake:
		x.bake()
	default:
		x.launch()
		x.relieve()
		x.drain()
		x.give()
		x.finish()
	}
	x.stall()
}

// prepare carries out what must be before anything moves: service settings, and the fence. It tells whether all is done.
func (x *mind) prepare() bool {
	done := true
	for _, e := range x.M.Edits {
		if !e.Made {
			x.make(e)
			done = false
		}
	}
	if x.Order.Fence && !x.M.Stamped {
		x.stamp()
	}
	for n := range x.M.News {
		one := &x.M.News[n]
		if x.Order.Fence && !one.Fenced && one.ARN != "" && one.State != roll.Ended {
			one.Fenced = true
			x.do(roll.Action{Verb: roll.SetMark, ARNs: []string{one.ARN}, Key: roll.AttrFence, Value: x.Order.Run})
		}
	}
	return done
}

// stamp lets the instances that stay take the tasks of fenced services.
func (x *mind) stamp() {
	var arns []string
	for n := range x.Nodes {
		if node := &x.Nodes[n]; x.Works(node) && x.Old[node.ID] == nil {
			arns = append(arns, node.ARN)
		}
	}
	x.M.Stamped = true
	if len(arns) > 0 {
		x.do(roll.Action{Verb: roll.SetMark, ARNs: arns, Key: roll.AttrFence, Value: x.Order.Run})
	}
}

// over ends a roll whose time is up, unless nothing of it is left to be begun.
func (x *mind) over() bool {
	if x.Order.MaxDuration == 0 || x.At.Sub(x.M.Began) < x.Order.MaxDuration {
		return false
	}
	left := func(o roll.Old) bool { return o.State != roll.Gone && o.State != roll.Ending }
	if !slices.ContainsFunc(x.M.Olds, left) && !x.faltering() {
		return false
	}
	x.end(roll.Expired, "berth roll --yes does the rest", fmt.Sprintf("the time that it may take (%s) is over", x.Order.MaxDuration))
	return true
}

// failures ends a roll that must not go on.
func (x *mind) failures() bool {
	if x.wreck() {
		return true
	}
	for n := range x.M.Pools {
		p := &x.M.Pools[n]
		if p.Refusals >= mostRefusals || p.Refusals > 0 && x.M.Stage == roll.Canary {
			x.end(roll.Failed, "berth explain ROL120", fmt.Sprintf("group %s gets no new instance: %s", p, x.Refusal(p.Group)))
			return true
		}
	}
	for n := range x.M.News {
		one := &x.M.News[n]
		if one.State != roll.Booting && one.State != roll.Proving {
			continue
		}
		late := x.At.Sub(one.At) > x.Order.JoinTimeout
		if !late && !x.ProbeFailed(one) {
			continue
		}
		why := fmt.Sprintf("the new instance %s has not proved itself within %s: %s", one.ID, x.Order.JoinTimeout, x.Lacks(one))
		if one.Canary || x.M.Flops >= mostFlops {
			x.end(roll.Failed, "berth why "+one.ID, why)
			return true
		}
		x.M.Flops++
		x.retire(one, why)
	}
	return false
}

// How much may go wrong before a roll stops.
const (
	mostRefusals = 5
	mostFlops    = 2
)

// proved goes on to the bake when the canaries have taken over from the old ones.
func (x *mind) proved() {
	if x.Order.Strategy == roll.Double {
		if !x.standing() {
			return
		}
	} else if slices.ContainsFunc(x.M.Olds, func(o roll.Old) bool { return o.Canary && (o.State == roll.Waiting || o.State == roll.Draining) }) {
		return
	}
	x.stage(roll.Bake)
}

// standing tells whether all canaries have worked for the hold time.
func (x *mind) standing() bool {
	want, have := 0, 0
	for _, o := range x.M.Olds {
		if o.Canary && x.Turn(o) {
			want++
		}
	}
	for n := range x.M.Pools {
		if !x.proven(&x.M.Pools[n]) {
			return false
		}
	}
	for _, one := range x.M.News {
		if one.Canary && one.State == roll.Working {
			have++
		}
	}
	return have >= want
}

// illness is how long something may be worse than it was while canaries work, before they are taken away again.
const illness = 5 * time.Minute

// bake lets the canaries work for a while, with the old ones standing by.
func (x *mind) bake() {
	for n := range x.M.News {
		one := &x.M.News[n]
		node := x.Node[one.ID]
		if !one.Canary || one.State != roll.Working {
			continue
		}
		x.watch.Instances = append(x.watch.Instances, one.ARN)
		if node == nil || !x.Works(node) {
			x.say(one.ID, x.Lacks(one))
			x.M.Well = time.Time{}
		}
	}
	x.watchServices()
	if x.M.Well.IsZero() {
		if x.At.Sub(x.M.Moved) > illness {
			x.end(roll.Failed, "berth services", "something is worse since the first new instances work: "+x.worse())
		}
		return
	}
	x.moved()
	if left := max(x.Order.Bake-x.At.Sub(x.M.Since), x.Order.Hold-x.WellFor()); left > 0 {
		x.say("", fmt.Sprintf("the first new instances bake for %s more", left.Round(time.Second)))
		x.again = min(x.again, left)
		return
	}
	x.stage(roll.Onward)
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
	for _, o := range x.M.Olds {
		if o.State == roll.Draining || o.State == roll.Drained {
			for _, group := range o.Held {
				x.watch.Services = append(x.watch.Services, group[len("service:"):])
			}
		}
	}
}

// finish ends a roll in which nothing is left to be done.
func (x *mind) finish() {
	if x.faltering() {
		return
	}
	left, done := 0, 0
	for _, o := range x.M.Olds {
		switch o.State {
		case roll.Skipped, roll.Stuck:
			left++
		case roll.Gone:
			done++
		default:
			return
		}
	}
	if left > 0 {
		x.end(roll.Incomplete, "berth roll", x.left(left, left+done)...)
		return
	}
	x.end(roll.Replaced, "")
}

// left says which of the old instances stay as they are, and why.
func (x *mind) left(n, all int) []string {
	how := "were left as they are"
	if n == 1 {
		how = "was left as it is"
	}
	why := []string{fmt.Sprintf("%d of %d %s %s", n, all, scene.Instances(all), how)}
	for _, o := range x.M.Olds {
		if (o.State == roll.Skipped || o.State == roll.Stuck) && len(why) <= scene.MostNamed {
			why = append(why, o.ID+": "+o.Why)
		}
	}
	return why
}

// stall ends a roll in which nothing goes on any more.
func (x *mind) stall() {
	idle := x.At.Sub(x.rested())
	if x.M.Stage == roll.Leaving || idle < x.Order.DrainTimeout+x.Order.JoinTimeout {
		return
	}
	why := []string{fmt.Sprintf("nothing has gone on for %s", idle.Round(time.Minute))}
	for _, l := range x.why {
		why = append(why, l.Subject+": "+l.Text)
	}
	x.end(roll.Failed, "berth roll", why...)
}

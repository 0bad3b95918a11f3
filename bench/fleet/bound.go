package fleet

import (
	"math"
	"time"
)

// Policy is what a bound must know of how instances are replaced.
type Policy struct {
	Instances int
	Canaries  int           // that prove themselves first, and stand for Hold before anything moves
	Surge     int           // instances beyond what is meant; as many as there are others: all at once
	Apart     bool          // the tasks of the canaries' old instances move with all others
	Delay     time.Duration // deregistration delay of the target groups
	Hold      time.Duration
	Bake      time.Duration
}

// Delays are what the world drew for what must happen one after the other while one instance takes the place of another.
type Delays struct {
	Boot time.Duration // from the order for an instance until it has joined the cluster and its daemon runs
	Move time.Duration // from the drain of an instance until a task of it runs elsewhere and takes requests
	Stop time.Duration // from when it may stop until it has stopped, without the deregistration delay
}

// The draws of each delay, by what they are drawn for.
const (
	launches = "ec2.instance-running ec2.instance-booted ecs.agent-register"
	starts   = "ecs.task-pull ecs.task-start ecs.task-register"
	stops    = "ecs.task-stop ecs.task-exit"
	passes   = "ecs.service-pass"
	targets  = "elb.target-register"
)

// Rates are the floors: half of what AWS documents, or, of Auto Scaling, which documents nothing, of what EC2 does.
const (
	freeLaunches, launchesPerSecond = 1000, 1.0 // instances (EC2 developer guide, "Request throttling": RunInstances, 1,000 and 2 a second)
	freeDrains, drainsPerSecond     = 50, 20.0  // calls of ten instances; each takes two, a mark and the drain itself
	freeGives, givesPerSecond       = 25, 2.5   // calls, one for each instance
)

// Bound is how long replacing the instances takes at least:
//
//	canary cycle + bake + ⌈(N − canaries) / surge⌉ · (boot + task start + deregistration delay + stop + hold)
//
// The canary cycle is the boot, the time for which the first ones stand, and, unless all tasks move at once, the move of what ran
// on the old ones; where they fill the surge, also the hold before the old ones go, since nobody can follow before. Of a single
// wave the slowest of each delay counts, of several, which don't wait for one another, the mean. A wave of many is no faster than
// half of AWS's rates let it be launched, drained and terminated, nor is the whole.
func (p Policy) Bound(mean, slowest Delays) time.Duration {
	move := func(d Delays) time.Duration { return d.Move + p.Delay + d.Stop }
	canary := time.Duration(0)
	if p.Canaries > 0 {
		canary = mean.Boot + p.Hold
		if !p.Apart {
			canary += move(mean)
		}
		if !p.Apart && p.Surge <= p.Canaries {
			canary += p.Hold
		}
	}
	rest := p.Instances - p.Canaries
	waves := int(math.Ceil(float64(rest) / float64(max(1, p.Surge))))
	last, size := mean, p.Surge
	if waves == 1 {
		last, size = slowest, rest
	}
	if p.Apart {
		size = p.Instances
	}
	cycle := last.Boot + move(last) + p.Hold + p.paced(size)
	return max(canary+p.Bake+time.Duration(waves)*cycle, p.paced(p.Instances))
}

// paced is what the rates add to a wave.
func (p Policy) paced(n int) time.Duration {
	beyond := func(calls, free int, perSecond float64) time.Duration {
		return time.Duration(float64(max(0, calls-free)) / perSecond * float64(time.Second))
	}
	return beyond(n, freeLaunches, launchesPerSecond) + beyond(2*((n+9)/10), freeDrains, drainsPerSecond) + beyond(n, freeGives, givesPerSecond)
}

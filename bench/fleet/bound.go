package fleet

import "time"

// Policy is what a bound must know of how instances are replaced.
type Policy struct {
	Instances int
	Canaries  int  // that prove themselves first, and stand for Hold before anything moves
	Surge     int  // instances beyond what is meant; as many as there are others: all at once
	Ramp      bool // no more at a time than twice what has been replaced before
	Apart     bool // the tasks of the canaries' old instances move with all others
	Hold      time.Duration
	Bake      time.Duration
}

// Delays are what the world drew for what must happen one after the other while one instance takes the place of another.
type Delays struct {
	Boot  time.Duration // from the order for an instance until it has joined the cluster and its daemon runs
	Drain time.Duration // from the drain of an instance until its last task has stopped: task start, deregistration delay and stop
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
//	canary cycle + bake + waves · (boot + task start + deregistration delay + stop + hold)
//
// There are ⌈(N − canaries) / surge⌉ waves, or as many as it takes when each may be twice as large as all before it. The canary cycle is the
// boot, the time for which the first ones stand, and, unless all tasks move at once, the drain of the old ones; where they fill the
// surge, also the hold before the old ones go, since nobody can follow before. Of a single wave the slowest of each delay counts, of
// several, which don't wait for one another, the mean. A wave of many is no faster than half of AWS's rates let it be launched,
// drained and terminated, nor is the whole.
func (p Policy) Bound(mean, slowest Delays) time.Duration {
	whole := time.Duration(0)
	if p.Canaries > 0 {
		whole = mean.Boot + p.Hold
		if !p.Apart {
			whole += mean.Drain
		}
		if !p.Apart && p.Surge <= p.Canaries {
			whole += p.Hold
		}
	}
	whole += p.Bake
	waves := p.waves()
	last := mean
	if len(waves) == 1 {
		last = slowest
	}
	for _, size := range waves {
		if p.Apart {
			size = p.Instances
		}
		whole += last.Boot + last.Drain + p.Hold + p.paced(size)
	}
	return max(whole, p.paced(p.Instances))
}

// waves are how many instances are replaced at a time, one wave after the other.
func (p Policy) waves() []int {
	var out []int
	for done := p.Canaries; done < p.Instances; {
		size := min(max(1, p.Surge), p.Instances-done)
		if p.Ramp {
			size = min(size, 2*max(1, done))
		}
		out = append(out, size)
		done += size
	}
	return out
}

// paced is what the rates add to a wave.
func (p Policy) paced(n int) time.Duration {
	beyond := func(calls, free int, perSecond float64) time.Duration {
		return time.Duration(float64(max(0, calls-free)) / perSecond * float64(time.Second))
	}
	return beyond(n, freeLaunches, launchesPerSecond) + beyond(2*((n+9)/10), freeDrains, drainsPerSecond) + beyond(n, freeGives, givesPerSecond)
}

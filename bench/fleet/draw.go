package fleet

import (
	"strings"
	"time"

	"berth/internal/sim/world"
)

// home is where a task runs, and for whom.
type home struct{ service, instance string }

// people are what a census knows of tasks, by id.
type people struct {
	homes   map[string]home // of services' tasks
	daemons map[string]bool
	routed  map[string]bool // services that are behind a load balancer
}

// unproved is how long a task without health checks must run before ECS counts it as healthy (ECS API reference,
// "DeploymentConfiguration").
const unproved = 40 * time.Second

// delays follows what a trace drew, and returns the means and the largest sums. It counts only what came while the trace was written:
// instances that were launched, tasks that were started and tasks that were stopped. An instance is drained when the slowest of its
// tasks has stopped, and after it the daemon's. A service's scheduler is waited for twice, before it
// starts a task and before it stops the one that goes.
func delays(entries []world.Entry, who people, delay time.Duration) (mean, slowest Delays) {
	boot, daemon, start, stop, halt := sums{}, sums{}, sums{}, sums{}, sums{}
	var passed, target []time.Duration
	for _, e := range entries {
		if e.What != "draw" {
			continue
		}
		switch {
		case drawn(launches, e.Name):
			boot.add(e)
		case drawn(starts, e.Name) && who.daemons[e.Subject]:
			daemon.add(e)
		case drawn(starts, e.Name):
			start.add(e)
		case drawn(stops, e.Name) && who.daemons[e.Subject]:
			halt.add(e)
		case drawn(stops, e.Name):
			stop.add(e)
		case drawn(passes, e.Name):
			passed = append(passed, e.For)
		case drawn(targets, e.Name):
			target = append(target, e.For)
		}
	}
	pass := average(passed) // of many, which overlap, the slowest one tells nothing
	drains := who.drains(start, stop, 2*pass, average(target), delay)
	of := func(some func([]time.Duration) time.Duration) Delays {
		return Delays{Boot: some(boot.all()) + pass + some(daemon.all()), Drain: some(drains) + some(halt.all())}
	}
	return of(average), of(longest)
}

// drains are how long the slowest task of each instance took to move: ECS starts another one and, when that is healthy, stops it. Which
// task takes the place of which nobody knows: of a service the first that starts is taken for that of the first that stops.
func (p people) drains(start, stop sums, passes, target, delay time.Duration) []time.Duration {
	fresh := map[string][]time.Duration{}
	for n, task := range start.order {
		service := p.homes[task].service
		fresh[service] = append(fresh[service], start.sum[start.order[n]])
	}
	slowest := sums{}
	for _, task := range stop.order {
		at := p.homes[task]
		waiting := fresh[at.service]
		if at.service == "" || len(waiting) == 0 {
			continue
		}
		fresh[at.service] = waiting[1:]
		took := passes + waiting[0] + unproved + stop.sum[task]
		if p.routed[at.service] {
			took = passes + waiting[0] + target + delay + stop.sum[task]
		}
		if slowest.sum[at.instance] < took {
			slowest.set(at.instance, took)
		}
	}
	return slowest.all()
}

// sums are delays of one after the other, by what they were drawn for, in the order of the first.
type sums struct {
	sum   map[string]time.Duration
	order []string
}

func (s *sums) add(e world.Entry) { s.set(e.Subject, s.sum[e.Subject]+e.For) }

func (s *sums) set(subject string, d time.Duration) {
	if s.sum == nil {
		s.sum = map[string]time.Duration{}
	}
	if _, known := s.sum[subject]; !known {
		s.order = append(s.order, subject)
	}
	s.sum[subject] = d
}

func (s *sums) all() []time.Duration {
	var out []time.Duration
	for _, subject := range s.order {
		out = append(out, s.sum[subject])
	}
	return out
}

func drawn(names, name string) bool { return strings.Contains(" "+names+" ", " "+name+" ") }

func average(all []time.Duration) time.Duration {
	sum := time.Duration(0)
	for _, d := range all {
		sum += d
	}
	return sum / time.Duration(max(1, len(all)))
}

func longest(all []time.Duration) time.Duration {
	most := time.Duration(0)
	for _, d := range all {
		most = max(most, d)
	}
	return most
}

package container

import (
	"cmp"
	"slices"
	"time"

	"berth/internal/sim/ecs/program"
	"berth/internal/sim/world"
)

// The states of containers, and of their health where it is known.
const (
	Pending   = "PENDING"
	Running   = "RUNNING"
	Stopped   = "STOPPED"
	Healthy   = "HEALTHY"
	Unhealthy = "UNHEALTHY"
)

// Exit codes of containers that were killed, and of those that did not start because another one failed.
const (
	killed     = 137
	terminated = 143
)

// agentStopTimeout is how long the agent lets a container end by itself unless its definition says otherwise.
const agentStopTimeout = 30

// StopTimeout is how long a container has to end by itself when it is told to.
func StopTimeout(spec world.ContainerSpec) time.Duration {
	return time.Duration(cmp.Or(spec.StopTimeout, agentStopTimeout)) * time.Second
}

// crew are the containers of a task at a moment.
type crew struct {
	t        *world.Task
	d        *world.TaskDefinition
	programs []program.Program
	now      time.Time
}

func crewOf(t *world.Task, d *world.TaskDefinition, now time.Time) crew {
	c := crew{t: t, d: d, now: now}
	for _, x := range t.Containers {
		c.programs = append(c.programs, programOf(x))
	}
	return c
}

func programOf(x world.TaskContainer) program.Program {
	p, _ := program.Parse(x.Image) // definitions with other images are refused
	return p
}

// Step brings the containers of a task up to a moment; it must be called at every moment that Next names.
func Step(t *world.Task, d *world.TaskDefinition, now time.Time) {
	c := crewOf(t, d, now)
	for changed := true; changed; {
		changed = false
		for n := range t.Containers {
			changed = c.move(n) || changed
		}
	}
}

// move lets one container do what is due, and tells whether it did anything.
func (c crew) move(n int) bool {
	x := &c.t.Containers[n]
	switch x.Status {
	case Pending:
		return c.begin(n)
	case Stopped:
		return false
	}
	if !c.t.EndingAt.IsZero() && x.SignalAt.IsZero() && !c.needed(n) {
		x.SignalAt = c.now
		return true
	}
	if m := c.end(n); m.due(c.now) {
		c.exit(n, m)
		return true
	}
	return c.serve(n) || c.check(n)
}

// moment is when something happens; the zero moment never comes.
type moment time.Time

func (m moment) due(now time.Time) bool { return !time.Time(m).IsZero() && !time.Time(m).After(now) }

// earlier is the first of two moments.
func earlier(a, b moment) moment {
	if time.Time(a).IsZero() || !time.Time(b).IsZero() && time.Time(b).Before(time.Time(a)) {
		return b
	}
	return a
}

// begin starts a container when nothing keeps it. A container that can never start has ended.
func (c crew) begin(n int) bool {
	x := &c.t.Containers[n]
	if !c.t.EndingAt.IsZero() {
		x.Status = Stopped
		return true
	}
	switch ready, failure := c.ready(n); {
	case failure != "":
		x.Status, x.Reason, x.Exited, x.ExitCode = Stopped, failure, true, terminated
	case !ready:
		return false
	default:
		c.start(x)
	}
	return true
}

func (c crew) start(x *world.TaskContainer) {
	x.Status, x.StartedAt, x.Since = Running, c.now, c.now
	x.Listens, x.Sick, x.Passing, x.Health = false, false, false, ""
}

// ready tells whether all that a container waits for has come, and what will never come.
func (c crew) ready(n int) (ready bool, failure string) {
	ready = true
	for _, link := range c.d.Containers[n].After {
		on := c.named(link.Name)
		came, never := came(c.t.Containers[on], link.Condition)
		about := "container ordering dependency [" + link.Name + "] for target [" + c.d.Containers[n].Name + "] "
		switch {
		case came:
			continue
		case never:
			return false, "dependency graph: failed to resolve the " + about + "as dependency did not exit successfully."
		case c.patience(on).due(c.now):
			return false, "dependency graph: " + about + "has timed out."
		}
		ready = false
	}
	return ready, ""
}

// came tells whether a container is as far as another one wants it, or can never be.
func came(on world.TaskContainer, condition string) (came, never bool) {
	switch condition {
	case "START":
		return on.Status != Pending, false
	case "COMPLETE":
		return on.Status == Stopped, false
	case "SUCCESS":
		done := on.Status == Stopped
		return done && on.Exited && on.ExitCode == 0, done && on.ExitCode != 0
	default:
		return on.Health == Healthy && on.Status == Running, on.Status == Stopped
	}
}

// patience is when those that wait for a running container give up.
func (c crew) patience(n int) moment {
	x, limit := c.t.Containers[n], c.d.Containers[n].StartTimeout
	if limit == 0 || x.Status != Running {
		return moment{}
	}
	return moment(x.StartedAt.Add(time.Duration(limit) * time.Second))
}

func (c crew) named(name string) int {
	return slices.IndexFunc(c.d.Containers, func(s world.ContainerSpec) bool { return s.Name == name })
}

// needed tells whether a container that runs depends on one; it ends first.
func (c crew) needed(n int) bool {
	for m, spec := range c.d.Containers {
		if c.t.Containers[m].Status == Running && slices.ContainsFunc(spec.After, func(l world.ContainerLink) bool { return l.Name == c.d.Containers[n].Name }) {
			return true
		}
	}
	return false
}

// own is when a container's program ends by itself.
func (c crew) own(n int) moment {
	if p := c.programs[n]; p.Ends {
		return moment(c.t.Containers[n].StartedAt.Add(p.After))
	}
	return moment{}
}

// told is when a container that was told to end has ended.
func (c crew) told(n int) moment {
	x := c.t.Containers[n]
	if x.SignalAt.IsZero() {
		return moment{}
	}
	takes, _ := c.takes(n)
	return moment(x.SignalAt.Add(takes))
}

// takes is how long a container takes to end when it is told to, and whether it is killed.
func (c crew) takes(n int) (takes time.Duration, kill bool) {
	p, limit := c.programs[n], StopTimeout(c.d.Containers[n])
	takes = cmp.Or(p.Slow, c.t.Takes)
	if p.Deaf || takes > limit {
		return limit, true
	}
	return takes, false
}

func (c crew) end(n int) moment { return earlier(c.own(n), c.told(n)) }

// exit ends a container, or starts it again where its restart policy says so.
func (c crew) exit(n int, at moment) {
	x, p, spec := &c.t.Containers[n], c.programs[n], c.d.Containers[n]
	if at == c.told(n) {
		x.ExitCode = 0
		if _, kill := c.takes(n); kill {
			x.ExitCode = killed
		}
	} else {
		x.ExitCode = p.Exit
		if r := spec.Restart; r != nil && x.SignalAt.IsZero() && !slices.Contains(r.Ignored, p.Exit) && p.After >= time.Duration(r.After)*time.Second {
			x.Restarts++
			c.start(x)
			return
		}
		if p.OOM {
			x.Reason = "OutOfMemoryError: Container killed due to memory usage"
		}
	}
	x.Status, x.Exited, x.Listens = Stopped, true, false
}

// boots and sickens are when a container's program begins to listen, and to answer with errors.
func (c crew) boots(n int) moment { return moment(c.t.Containers[n].StartedAt.Add(c.programs[n].Boot)) }

func (c crew) sickens(n int) moment {
	if p := c.programs[n]; p.Sick {
		return moment(c.t.Containers[n].StartedAt.Add(p.Boot + p.SickAfter))
	}
	return moment{}
}

// serve lets a container's program begin to listen, or fall ill.
func (c crew) serve(n int) bool {
	x := &c.t.Containers[n]
	switch {
	case !x.Listens && c.boots(n).due(c.now):
		x.Listens = true
	case !x.Sick && c.sickens(n).due(c.now):
		x.Sick = true
	default:
		return false
	}
	return true
}

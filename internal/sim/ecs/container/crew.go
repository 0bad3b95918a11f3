package container

import (
	"net/http"
	"slices"
	"time"

	"berth/internal/sim/world"
)

// Next is when the containers of a task do something by themselves next, and whether they will.
func Next(t *world.Task, d *world.TaskDefinition) (time.Time, bool) {
	c, next := crewOf(t, d, time.Time{}), moment{}
	for n, x := range t.Containers {
		switch {
		case x.Status == Running:
			next = earlier(next, c.running(n))
		case x.Status == Pending && t.EndingAt.IsZero():
			for _, link := range d.Containers[n].After {
				next = earlier(next, c.patience(c.named(link.Name)))
			}
		}
	}
	return time.Time(next), next != moment{}
}

// running is when a running container does something next.
func (c crew) running(n int) moment {
	x, next := c.t.Containers[n], c.end(n)
	if !x.Listens {
		next = earlier(next, c.boots(n))
	}
	if !x.Sick {
		next = earlier(next, c.sickens(n))
	}
	return earlier(next, c.turns(n))
}

// Up tells whether every container of a task has started.
func Up(t *world.Task) bool {
	return !slices.ContainsFunc(t.Containers, func(x world.TaskContainer) bool { return x.Status == Pending })
}

// Done tells whether every container of a task has ended.
func Done(t *world.Task) bool {
	return !slices.ContainsFunc(t.Containers, func(x world.TaskContainer) bool { return x.Status != Stopped })
}

// Fallen tells whether a container has ended without which its task must end.
func Fallen(t *world.Task, d *world.TaskDefinition) bool {
	for n, x := range t.Containers {
		if x.Status == Stopped && d.Containers[n].Essential {
			return true
		}
	}
	return false
}

// Health is that of a task: the worst of its essential containers that are checked; empty while one of them is not known,
// or none is checked.
func Health(t *world.Task, d *world.TaskDefinition) string {
	health, unknown := "", false
	for n, x := range t.Containers {
		switch spec := d.Containers[n]; {
		case !spec.Essential || spec.CheckEvery == 0:
		case x.Health == Unhealthy:
			return Unhealthy
		case x.Health == "":
			unknown = true
		default:
			health = x.Health
		}
	}
	if unknown {
		return ""
	}
	return health
}

// Checked tells whether the health of a definition's tasks is checked by the agent.
func Checked(d *world.TaskDefinition) bool {
	return slices.ContainsFunc(d.Containers, func(s world.ContainerSpec) bool { return s.Essential && s.CheckEvery > 0 })
}

// Answer is how the ports of a container answer at present; nil: they are closed. A program that was told to end finishes
// what it works on, unless it drops it or does not listen to anybody.
func Answer(x world.TaskContainer) *world.Answer {
	p := programOf(x)
	told := !x.SignalAt.IsZero()
	if x.Status != Running || !x.Listens || told && p.Drops {
		return nil
	}
	a := &world.Answer{Status: p.Status, Silent: p.Silent, Took: p.Took, Ending: told && !p.Deaf}
	if x.Sick {
		a.Status = http.StatusInternalServerError
	}
	return a
}

// Begun tells whether a container of a task has ever run.
func Begun(t *world.Task) bool {
	return slices.ContainsFunc(t.Containers, func(x world.TaskContainer) bool { return !x.StartedAt.IsZero() })
}

// Fall is why the task that lost an essential container has, and whether that container ever ran.
func Fall(t *world.Task, d *world.TaskDefinition) (reason string, ran bool) {
	for n, x := range t.Containers {
		if x.Status == Stopped && d.Containers[n].Essential {
			return x.Reason, !x.StartedAt.IsZero()
		}
	}
	return "", false
}

// Abandon ends the containers of a task whose host is gone, or that never came to run; the exit codes of those that ran are
// the caller's to set before.
func Abandon(t *world.Task) {
	for n := range t.Containers {
		x := &t.Containers[n]
		if x.Status == Running {
			x.Exited = true
		}
		x.Status, x.Listens = Stopped, false
	}
}

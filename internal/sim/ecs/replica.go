package ecs

import (
	"cmp"
	"slices"
	"time"

	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// graceAfterStart is how long a task without health checks runs before it counts as healthy (ECS API reference,
// DeploymentConfiguration).
const graceAfterStart = 40 * time.Second

// healthyAt is when a running task counts as healthy: after its grace, or when its slowest health check has passed once.
// Every image is a server that answers.
func (k cluster) healthyAt(t *world.Task) time.Time {
	d, _ := k.r.ECS.Definitions.Get(t.Definition)
	every := 0
	for _, c := range d.Containers {
		if c.Essential {
			every = max(every, c.CheckEvery)
		}
	}
	if every > 0 {
		return t.StartedAt.Add(time.Duration(every) * time.Second)
	}
	return t.StartedAt.Add(graceAfterStart)
}

// census is a service's tasks as its scheduler sees them.
type census struct {
	current  []*world.Task // that are meant to stay
	leaving  []*world.Task // of an older deployment, or on an instance that drains
	counted  int           // that pend or run, also those that are about to stop
	running  int           // of current
	healthy  int           // of current; and all of leaving that run
	nextLook time.Time     // when the next one of current is healthy; zero: they all are, or do not run
}

func (k cluster) census(s *world.Service) census {
	var c census
	for _, t := range k.tasks(s) {
		if t.Status == provisioning || t.Status == pending || t.Status == running {
			c.counted++
		}
		i, on := k.Instances.Get(t.Instance)
		switch {
		case t.Desired == stopped:
		case t.Deployment != s.Deployments[0].ID || on && i.Status == draining:
			c.leaving = append(c.leaving, t)
			if t.Status == running {
				c.healthy++
			}
		default:
			c.current = append(c.current, t)
			k.judge(&c, t)
		}
	}
	return c
}

// judge counts a task that is meant to stay.
func (k cluster) judge(c *census, t *world.Task) {
	if t.Status != running {
		return
	}
	c.running++
	at := k.healthyAt(t)
	switch {
	case !at.After(k.w.Now()):
		c.healthy++
		if s, ok := k.Services.Get(t.Service); ok && !t.Proven {
			rollout.Proved(s, t)
		}
	case c.nextLook.IsZero() || at.Before(c.nextLook):
		c.nextLook = at
	}
}

// bounds are the fewest healthy tasks and the most tasks that a service may have while it changes.
func bounds(s *world.Service) (least, most int) {
	return (s.Desired*s.MinHealthy + 99) / 100, s.Desired * s.Max / 100
}

// replicate brings a service with a number of tasks closer to what it is to have.
func (k cluster) replicate(s *world.Service) {
	c := k.census(s)
	k.quit(s, idle(c.leaving))
	least, most := bounds(s)
	lacking := s.Desired - len(c.current)
	starts := k.patient(s, min(lacking, most-c.counted, mostStarts))
	begun := 0
	if starts > 0 {
		begun = k.launch(s, starts)
	}
	spare := max(c.healthy-least, 0)
	if s.Deployments[0].Halted != "" {
		spare = 0 // what still runs of older deployments stays
	}
	old := filter(c.leaving, func(t *world.Task) bool { return t.Status == running })
	k.quit(s, old[:min(spare, len(old))])
	if lacking < 0 {
		k.quit(s, k.surplus(c.current, -lacking))
	}
	if len(old) > 0 && begun == 0 && spare == 0 && k.stuck(s, c, most) {
		k.tell(s, "was unable to stop or start tasks during a deployment because of the service deployment configuration. "+
			"Update the minimumHealthyPercent or maximumPercent value and try again.")
	}
	if begun > 0 && lacking > begun && !s.Hungry {
		k.wakeService(s)
	}
	k.lookAgain(s, c)
	k.conclude(s, c.leaving, len(c.current) == s.Desired && c.running == s.Desired)
}

// lookAgain lets a service that replaces tasks look at itself when the next of its new ones is healthy.
func (k cluster) lookAgain(s *world.Service, c census) {
	if len(c.leaving) == 0 || c.nextLook.IsZero() {
		return
	}
	at := s.Passed.Add(passEvery)
	if c.nextLook.After(at) {
		at = c.nextLook
	}
	k.look(s, at)
}

// stuck tells whether nothing that is under way can change what a service's bounds forbid.
func (k cluster) stuck(s *world.Service, c census, most int) bool {
	return len(c.current) < s.Desired && c.counted >= most && c.running == len(c.current) && c.nextLook.IsZero() &&
		!slices.ContainsFunc(k.tasks(s), func(t *world.Task) bool { return t.Desired == stopped })
}

// idle are the tasks that do not run yet.
func idle(tasks []*world.Task) []*world.Task {
	return filter(tasks, func(t *world.Task) bool { return t.Status != running })
}

func filter(tasks []*world.Task, keep func(*world.Task) bool) []*world.Task {
	var out []*world.Task
	for _, t := range tasks {
		if keep(t) {
			out = append(out, t)
		}
	}
	return out
}

// surplus picks n tasks to stop: first those that do not run yet, then one after the other from the zone with the most
// tasks, there from the instance with the most (ECS API reference, UpdateService). Of equals the newest goes.
func (k cluster) surplus(tasks []*world.Task, n int) []*world.Task {
	left, out := slices.Clone(tasks), []*world.Task(nil)
	for range n {
		zones, instances := map[string]int{}, map[string]int{}
		for _, t := range left {
			zones[t.Zone]++
			instances[t.Instance]++
		}
		last := 0
		for i, t := range left {
			if cmp.Or(cmp.Compare(rank(t), rank(left[last])), cmp.Compare(zones[t.Zone], zones[left[last].Zone]),
				cmp.Compare(instances[t.Instance], instances[left[last].Instance])) >= 0 {
				last = i
			}
		}
		out = append(out, left[last])
		left = slices.Delete(left, last, last+1)
	}
	return out
}

// rank orders tasks by how little is lost with them.
func rank(t *world.Task) int { return slices.Index([]string{running, pending, provisioning}, t.Status) }

// launch starts up to n tasks of a service and gives how many it started.
func (k cluster) launch(s *world.Service, n int) int {
	var ids []string
	for range n {
		t := k.draft(s)
		var i *world.ContainerInstance
		if t.Provider == "" {
			var misfits []misfit
			if i, misfits = k.choose(k.needOf(t), k.peers(t)); i == nil {
				s.Hungry = true
				k.begun(s, ids)
				k.tell(s, "%s", noRoom(misfits, "cluster"))
				return len(ids)
			}
		} else if len(k.Waiting) >= mostWaiting {
			s.Hungry = true
			k.begun(s, ids)
			k.tell(s, "was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.")
			return len(ids)
		}
		k.admit(t, i)
		ids = append(ids, t.ID)
	}
	k.begun(s, ids)
	return len(ids)
}

func (k cluster) begun(s *world.Service, ids []string) {
	if len(ids) > 0 {
		s.Steady = false
		k.tell(s, "has started %s", list(ids, "tasks"))
	}
}

// conclude notes that a service has what it is to have: older deployments go when their tasks have, and the newest is
// complete.
func (k cluster) conclude(s *world.Service, leaving []*world.Task, settled bool) {
	s.Deployments = slices.DeleteFunc(slices.Clone(s.Deployments), func(d world.Deployment) bool {
		return d.Status != rollout.Primary && !slices.ContainsFunc(k.tasks(s), func(t *world.Task) bool {
			return t.Deployment == d.ID && (t.Desired == running || t.Status == running)
		})
	})
	if !settled || len(leaving) > 0 || len(s.Deployments) > 1 {
		s.Steady = false
		return
	}
	if d := s.Deployments[0]; !d.Completed && d.Halted == "" {
		rollout.Complete(k.w, s)
		k.w.Schedule(0, world.Event{Kind: "ecs.deployment-completed", Region: k.r.Name, ID: k.Name, Arg: s.Name})
		k.tell(s, "(deployment %s) deployment completed.", d.ID)
	}
	if !s.Steady {
		s.Steady = true
		k.tell(s, "has reached a steady state.")
	}
}

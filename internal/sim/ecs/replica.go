package ecs

import (
	"slices"
	"time"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// census is a service's tasks as its scheduler sees them.
type census struct {
	current  []*world.Task // that are meant to stay
	leaving  []*world.Task // of an older deployment, or on an instance that drains
	counted  int           // that pend or run, also those that are about to stop
	running  int           // of current
	healthy  int           // of current and leaving
	nextLook time.Time     // when the next one of them is healthy; zero: they all are, or do not run

	ill       []*world.Task // that fail health checks
	fit       int           // of current: healthy
	unsure    int           // of current: run, and their health checks have not passed
	graceOver time.Time     // when failing health checks that are overlooked begin to count; zero: there are none
}

func (k cluster) census(s *world.Service) census {
	var c census
	for _, t := range k.tasks(s) {
		if starting(t) || t.Status == running {
			c.counted++
		}
		i, on := k.Instances.Get(t.Instance)
		switch {
		case t.Desired == stopped:
		case k.ails(s, &c, t):
			c.ill = append(c.ill, t)
		case t.Deployment != s.Deployments[0].ID || on && i.Status == draining:
			c.leaving = append(c.leaving, t)
			if ok, at := k.healthy(t); ok {
				c.healthy++
			} else {
				c.lookAt(at)
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
	ok, at := k.healthy(t)
	switch {
	case ok:
		c.healthy++
		c.fit++
		if s, ok := k.Services.Get(t.Service); ok && !t.Proven {
			rollout.Proved(s, t)
		}
	case at.IsZero():
		c.unsure++
	default:
		c.lookAt(at)
	}
}

// lookAt notes when a task is healthy that is not yet; zero: nobody knows.
func (c *census) lookAt(at time.Time) {
	if !at.IsZero() && (c.nextLook.IsZero() || at.Before(c.nextLook)) {
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
	if lacking < 0 {
		k.shrink(s, c, -lacking)
		c.healthy = k.census(s).healthy // what goes as surplus makes up for nothing that is to leave as well
	}
	spare := max(c.healthy-least, 0)
	if s.Deployments[0].Halted != "" {
		spare = 0 // what still runs of older deployments stays
	}
	old := k.free(filter(c.leaving, func(t *world.Task) bool { return t.Status == running }))
	k.quit(s, old[:min(spare, len(old))])
	k.replaceIll(s, c, most)
	k.outnumbered(s)
	if len(old) > 0 && begun == 0 && spare == 0 && k.stuck(s, c, most) {
		k.tell(s, "was unable to stop or start tasks during a deployment because of the service deployment configuration. "+
			"Update the minimumHealthyPercent or maximumPercent value and try again.")
	}
	if begun > 0 && lacking > begun && !s.Hungry {
		k.wakeService(s)
	}
	k.lookAgain(s, c)
	k.conclude(s, slices.Concat(c.leaving, c.ill), len(c.current) == s.Desired && c.running == s.Desired && c.unsure == 0)
	if s.Steady && s.Deployments[0].Completed {
		k.rebalance(s, c)
	}
}

// lookAgain lets a service that replaces tasks look at itself when the next of its new ones is healthy.
func (k cluster) lookAgain(s *world.Service, c census) {
	if !c.graceOver.IsZero() {
		k.look(s, c.graceOver)
	}
	if len(c.leaving)+len(c.ill) == 0 && !s.Moving || c.nextLook.IsZero() {
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
	return len(c.current) < s.Desired && c.counted >= most && c.running == len(c.current) && c.nextLook.IsZero() && c.unsure == 0 &&
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

// rank orders tasks by how little is lost with them.
func rank(t *world.Task) int {
	return slices.Index([]string{running, activating, pending, provisioning}, t.Status)
}

// launch starts up to n tasks of a service and gives how many it started.
func (k cluster) launch(s *world.Service, n int) int {
	var ids []string
	var search *placement.Search
	for range n {
		t := k.draft(s)
		var i *world.ContainerInstance
		if t.Provider == "" {
			if search == nil {
				search = k.search(t)
			}
			if i = search.Choose(); i == nil {
				s.Hungry = true
				k.begun(s, ids)
				k.tell(s, "%s", noRoom(search, "cluster"))
				return len(ids)
			}
		} else if len(k.Waiting) >= mostWaiting {
			s.Hungry = true
			k.begun(s, ids)
			k.tell(s, "was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.")
			return len(ids)
		}
		k.admit(t, i)
		if i != nil {
			search.Placed(i)
		}
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
			return t.Deployment == d.ID && (t.Desired == running || t.Status == running || t.Status == deactivating)
		})
	})
	if !settled || len(leaving) > 0 || len(s.Deployments) > 1 {
		s.Steady = false
		return
	}
	if d := s.Deployments[0]; !d.Completed && d.Halted == "" {
		if until := rollout.Bake(k.w, k.r, s); until.After(k.w.Now()) {
			k.look(s, until)
			return
		}
		rollout.Complete(k.w, k.r, s)
		k.w.Schedule(0, world.Event{Kind: "ecs.deployment-completed", Region: k.r.Name, ID: k.Name, Arg: s.Name})
		k.tell(s, "(deployment %s) deployment completed.", d.ID)
	}
	if !s.Steady {
		s.Steady = true
		k.tell(s, "has reached a steady state.")
	}
}

package ecs

import (
	"slices"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

// hosting is what a service with one task on every instance has to do, instance by instance.
type hosting struct {
	wanted   int                        // instances that are to have a task
	starts   []*world.ContainerInstance // those that have none
	ends     []*world.Task              // on instances that drain, when their time has come, or that do not meet the constraints
	old      []*world.Task              // of older deployments
	settled  bool                       // every instance that is to have a task has one that runs
	leavings int                        // running tasks that have no place any more
}

// spread brings a service with one task on every instance closer to that. An instance gets its task only when it has none
// of the service: no more than 100 percent may be there.
func (k cluster) spread(s *world.Service) {
	c := k.census(s)
	h := k.hosting(s)
	s.Desired = h.wanted
	least, _ := bounds(s)
	spare := c.healthy - h.leavings - least
	for _, t := range h.old {
		if k.protected(t) {
			continue
		}
		if t.Status != running {
			h.ends = append(h.ends, t)
		} else if spare > 0 {
			h.ends, spare = append(h.ends, t), spare-1
		}
	}
	k.quit(s, h.ends)
	k.quitIll(s, c.ill)
	k.launchOn(s, h.starts)
	k.lookAgain(s, c)
	k.conclude(s, slices.Concat(c.leaving, c.ill), h.settled && c.unsure == 0)
}

func (k cluster) hosting(s *world.Service) hosting {
	d, _ := k.r.ECS.Definitions.Get(s.Definition)
	on := map[string][]*world.Task{}
	for _, t := range k.tasks(s) {
		on[t.Instance] = append(on[t.Instance], t)
	}
	h, rules := hosting{settled: true}, rulesOf(d, s.Constraints)
	for i := range k.Instances.Rows() {
		mine := on[i.ID]
		switch {
		case i.Status == draining:
			h.leavings += len(filter(mine, func(t *world.Task) bool { return t.Status == running && t.Desired == running }))
			if !k.hasReplicas(i) {
				h.ends = append(h.ends, mine...)
			}
		case i.Status == active && i.AgentConnected && !welcome(rules, i, mine):
			h.leavings += len(filter(mine, func(t *world.Task) bool { return t.Status == running && t.Desired == running }))
			h.ends = append(h.ends, mine...)
		case i.Status == active && i.AgentConnected && placement.Suits(i, d.Requires):
			h.wanted++
			k.host(s, &h, i, mine)
		}
	}
	return h
}

// welcome tells whether an instance meets the constraints of a service. The service's own tasks there do not count: a task
// that must not be with others like it would else drive itself away.
func welcome(rules placement.Rules, i *world.ContainerInstance, mine []*world.Task) bool {
	if len(mine) == 0 || !rules.Dynamic() {
		return rules.Admits(i)
	}
	others := *i
	others.Groups = slices.DeleteFunc(slices.Clone(i.Groups), func(g world.TaskGroup) bool { return g.Name == mine[0].Group })
	others.RunningTasks -= len(filter(mine, func(t *world.Task) bool { return t.Status == running || t.Status == stoppingNow }))
	return rules.Admits(&others)
}

// host notes what an instance that is to have a task of a service lacks.
func (k cluster) host(s *world.Service, h *hosting, i *world.ContainerInstance, mine []*world.Task) {
	if len(mine) == 0 {
		h.starts, h.settled = append(h.starts, i), false
		return
	}
	h.settled = h.settled && mine[0].Status == running
	if mine[0].Deployment != s.Deployments[0].ID {
		h.old = append(h.old, mine[0])
	}
}

// launchOn starts one task of a service on each of some instances.
func (k cluster) launchOn(s *world.Service, instances []*world.ContainerInstance) {
	var ids []string
	var misfits []placement.Misfit
	site := k.site()
	site.Ahead, site.Interfaces = nil, k.slots // the others are not there before this one
	for _, i := range instances {
		t := k.draft(s)
		if why := placement.Lacks(site, k.needOf(t), i); why != "" {
			misfits = append(misfits, placement.Misfit{Instance: i, Why: why})
			continue
		}
		k.admit(t, i)
		ids = append(ids, t.ID)
	}
	k.begun(s, ids)
	if len(misfits) > 0 {
		s.Hungry = true
		k.tell(s, "%s", noFit(placement.Closest(misfits)))
	}
}

// hasReplicas tells whether an instance has tasks of services with a number of tasks; daemons stop after them.
func (k cluster) hasReplicas(i *world.ContainerInstance) bool {
	return slices.ContainsFunc(i.Tasks, func(id string) bool {
		t, ok := k.Tasks.Get(id)
		return ok && t.Service != "" && !t.Daemon
	})
}

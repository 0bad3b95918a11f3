package ecs

import (
	"slices"

	"berth/internal/sim/world"
)

// spread brings a service with one task on every instance closer to that. An instance gets its task only when it has none
// of the service: no more than 100 percent may be there.
func (k cluster) spread(s *world.Service) {
	d, _ := k.r.ECS.Definitions.Get(s.Definition)
	on := map[string][]*world.Task{}
	for _, t := range k.tasks(s) {
		on[t.Instance] = append(on[t.Instance], t)
	}
	s.Desired = 0
	for i := range k.Instances.Rows() {
		if i.Status == active && i.AgentConnected && suits(i, d.Requires) {
			s.Desired++
		}
	}
	least, _ := bounds(s)
	c := k.census(s)
	spare := c.healthy - least
	var starts []*world.ContainerInstance
	var ends, old []*world.Task
	settled := true
	for i := range k.Instances.Rows() {
		mine := on[i.ID]
		switch {
		case i.Status == draining:
			spare -= len(filter(mine, func(t *world.Task) bool { return t.Status == running && t.Desired == running }))
			if !k.hasReplicas(i) {
				ends = append(ends, mine...)
			}
		case i.Status != active || !i.AgentConnected || !suits(i, d.Requires):
		case len(mine) == 0:
			starts, settled = append(starts, i), false
		default:
			settled = settled && mine[0].Status == running
			if mine[0].Deployment != s.Deployments[0].ID {
				old = append(old, mine[0])
			}
		}
	}
	for _, t := range old {
		if t.Status != running {
			ends = append(ends, t)
		} else if spare > 0 {
			ends, spare = append(ends, t), spare-1
		}
	}
	k.quit(s, ends)
	k.launchOn(s, starts)
	if len(c.leaving) > 0 && !c.nextLook.IsZero() {
		k.look(s, laterOf(c.nextLook, s.Passed.Add(passEvery)))
	}
	k.conclude(s, c.leaving, settled)
}

// launchOn starts one task of a service on each of some instances.
func (k cluster) launchOn(s *world.Service, instances []*world.ContainerInstance) {
	var ids []string
	var misfits []misfit
	for _, i := range instances {
		t := k.draft(s)
		if why := k.lacks(i, k.needOf(t), nil); why != "" {
			misfits = append(misfits, misfit{i, why})
			continue
		}
		k.admit(t, i)
		ids = append(ids, t.ID)
	}
	k.begun(s, ids)
	if len(misfits) > 0 {
		s.Hungry = true
		k.tell(s, "%s", noRoom(misfits, "cluster"))
	}
}

// hasReplicas tells whether an instance has tasks of services with a number of tasks; daemons stop after them.
func (k cluster) hasReplicas(i *world.ContainerInstance) bool {
	return slices.ContainsFunc(i.Tasks, func(id string) bool {
		t, ok := k.Tasks.Get(id)
		return ok && t.Service != "" && !t.Daemon
	})
}

package ecs

import (
	"berth/internal/sim/ecs/protection"
	"berth/internal/sim/world"
)

// protected tells whether a task's service may not stop it to scale in, to deploy, to move it or to drain its instance.
func (k cluster) protected(t *world.Task) bool { return protection.Holds(k.w, t) }

// free are the tasks that are not protected.
func (k cluster) free(tasks []*world.Task) []*world.Task {
	return filter(tasks, func(t *world.Task) bool { return !k.protected(t) })
}

// protectionExpired lets a service look whether it was waiting to stop a task.
func protectionExpired(w *world.World, e world.Event) {
	if t, ok := protection.Over(w, e); ok {
		k, _ := clusterNamed(w, e.Region, e.ID)
		k.wakeFor(t)
	}
}

// outnumbered says that a service has more protected tasks than it is to have, which keeps it from its steady state.
func (k cluster) outnumbered(s *world.Service) {
	if protection.Excessive(k.w, k.Cluster, s) {
		k.tell(s, "was unable to reach steady state because task set (%s) was unable to scale in. "+
			"Reason: The number of protected tasks are more than the desired count of tasks", s.Deployments[0].ID)
	}
}

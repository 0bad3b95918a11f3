package ecs

import (
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/world"
)

// lost notes that a task of a service has ended, which may fail the service's deployment.
func (k cluster) lost(s *world.Service, t *world.Task) {
	if rollout.Lost(k.w, s, t) {
		k.fail(s, rollout.Broke(s))
	}
}

// fail fails the newest deployment of a service, and goes back to the last one that completed if the service wants that.
func (k cluster) fail(s *world.Service, why rollout.Cause) {
	failed := s.Deployments[0].ID
	back := rollout.Fail(k.w, k.r, s, why)
	k.tell(s, "(deployment %s) deployment failed: %s", failed, why.Short)
	if back != "" {
		k.tell(s, "rolling back to deployment %s.", back)
	}
	k.wakeService(s)
}

// alarmed fails the deployments that an alarm watches which has gone off.
func alarmed(w *world.World, e world.Event) {
	if e.Arg != "ALARM" {
		return
	}
	r := w.Region(e.Region)
	for row := range r.ECS.Clusters.Rows() {
		for s := range row.Services.Rows() {
			if rollout.Watched(s, e.ID) {
				cluster{row, w, r}.fail(s, rollout.Alarmed(s, e.ID))
			}
		}
	}
}

// patient is how many of some tasks a service may start now: none of a deployment that failed, and none while it is throttled.
func (k cluster) patient(s *world.Service, starts int) int {
	switch {
	case starts <= 0:
		return starts
	case s.Deployments[0].Halted != "":
		return 0
	case s.NotBefore.After(k.w.Now()):
		k.tell(s, "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.")
		k.look(s, s.NotBefore)
		return 0
	}
	return starts
}

package rollout

import (
	"slices"
	"time"

	"berth/internal/sim/world"
)

// Watched tells whether an alarm that goes off fails the deployment of a service: one that is under way, and not on its way
// back already.
func Watched(s *world.Service, alarm string) bool {
	h := current(s)
	return h != nil && h.Status != RollbackInProgress && s.Alarms != nil && s.Alarms.Enable && slices.Contains(s.Alarms.Names, alarm)
}

// Bake gives when a deployment whose tasks are all there is complete: at once, or where alarms watch it when each of them has
// had the time to see what the new tasks do (ECS developer guide, "How CloudWatch alarms detect Amazon ECS deployment
// failures": ECS computes that time from the alarms; here it is the longest time that one of them looks back over).
func Bake(w *world.World, r *world.Region, s *world.Service) time.Time {
	d := &s.Deployments[0]
	if s.Alarms == nil || !s.Alarms.Enable {
		return w.Now()
	}
	if d.BakeUntil.IsZero() {
		longest := 0
		for _, name := range s.Alarms.Names {
			if a, ok := r.CloudWatch.Alarms.Get(name); ok {
				longest = max(longest, a.Period*a.Periods)
			}
		}
		d.BakeUntil = w.Now().Add(time.Duration(longest) * time.Second)
	}
	return d.BakeUntil
}

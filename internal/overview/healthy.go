package overview

import (
	"slices"
	"time"

	"berth/internal/live"
)

// Healthy counts the running tasks of each service of a capture that ECS counts as healthy, by the service's name: those of Of, but for
// tasks that nothing checks and that have just started.
func Healthy(c live.Capture) map[string]int {
	s := newStage(c, nil, nil)
	out := map[string]int{}
	for _, sv := range c.Services {
		running := s.runningOf(sv)
		checked := s.checked(running)
		if len(sv.Spec.Get("loadBalancers").Items) == 0 {
			running = slices.DeleteFunc(running, func(t live.Task) bool { return !checked[t.Definition] && c.At.Sub(t.Started) < Grace })
		}
		out[sv.Name], _ = s.healthy(sv, running)
	}
	return out
}

// Grace is how long a task that nothing checks runs before ECS counts it as healthy (ECS API reference, DeploymentConfiguration,
// minimumHealthyPercent).
const Grace = 40 * time.Second

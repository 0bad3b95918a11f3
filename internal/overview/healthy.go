package overview

import "berth/internal/live"

// Healthy counts the running tasks of each service of a capture that are healthy in whatever checks them, by the service's name: the
// Healthy of Of, and nothing else of it.
func Healthy(c live.Capture) map[string]int {
	s := newStage(c, nil, nil)
	out := map[string]int{}
	for _, sv := range c.Services {
		out[sv.Name], _ = s.healthy(sv, s.runningOf(sv))
	}
	return out
}

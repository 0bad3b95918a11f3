package balance

import (
	"fmt"
	"slices"

	"berth/internal/sim/world"
)

// What can become of a service's targets. Draining is not about a place.
const (
	Registered   = "registered"
	Deregistered = "deregistered"
	Draining     = "draining"
)

// Note remembers what has become of a target in some places, until the service speaks of it.
func Note(s *world.Service, verb string, places []string) {
	for _, place := range places {
		n := slices.IndexFunc(s.Changes, func(c world.TargetChange) bool { return c.Verb == verb && c.Place == place })
		if n < 0 {
			n, s.Changes = len(s.Changes), append(s.Changes, world.TargetChange{Verb: verb, Place: place})
		}
		s.Changes[n].Count++
	}
}

// Speak gives what has become of a service's targets since it spoke last, in the words of its events (ECS developer guide,
// "Amazon ECS service event messages").
func Speak(s *world.Service) []string {
	var out []string
	for _, c := range s.Changes {
		if c.Verb == Draining {
			out = append(out, fmt.Sprintf("has begun draining connections on %d tasks.", c.Count))
		} else {
			out = append(out, fmt.Sprintf("%s %d targets in %s", c.Verb, c.Count, c.Place))
		}
	}
	s.Changes = nil
	return out
}

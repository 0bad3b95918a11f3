package scene

import (
	"time"

	"berth/internal/roll"
)

// Protected is until when tasks on a container instance are protected from scale-in, and the service of the one that is for longest;
// zero: none is.
func (x *Scene) Protected(arn string) (until time.Time, name string) {
	for _, t := range x.On[arn] {
		if t.Protected.After(x.At) && t.Protected.After(until) && t.Desired != roll.TaskStopped {
			until, name = t.Protected, TaskName(t)
		}
	}
	return until, name
}

// Protects tells whether a service that has tasks on a container instance protects some of its tasks now and then, wherever they are.
func (x *Scene) Protects(arn string) bool {
	if x.protects == nil {
		x.protects = map[string]bool{}
		for n := range x.Tasks {
			if t := &x.Tasks[n]; !t.Protected.IsZero() {
				x.protects[t.Group] = true
			}
		}
	}
	for _, t := range x.On[arn] {
		if x.protects[t.Group] {
			return true
		}
	}
	return false
}

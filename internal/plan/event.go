package plan

import "time"

// EventKind is what happened to a change while the plan is carried out.
type EventKind string

// The kinds of events.
const (
	Started  EventKind = "started"
	Waiting  EventKind = "waiting" // Reason says for what
	Finished EventKind = "finished"
	Retried  EventKind = "retried" // Reason says why it could not be done yet
	Gave     EventKind = "failed"  // Reason says why
	Skipped  EventKind = "skipped" // something that it needs failed
)

// Event is one line of a plan's progress, for people and programs alike.
type Event struct {
	At     time.Time
	Kind   EventKind
	Step   Step
	Reason string
	Took   time.Duration // Finished only
}

// Pace is when to look first after a call, and how often then. The first look comes when the thing is usually done at
// the earliest, so that waiting costs few calls.
func Pace(s Step) (first, every time.Duration) {
	p, ok := paces()[s.Verb][string(s.Key.Kind)]
	if !ok {
		return 3 * time.Second, 3 * time.Second
	}
	return p[0] * time.Second, p[1] * time.Second
}

// paces are seconds: the shortest time seen in public logs, then the step that keeps the end within a few percent.
func paces() map[Verb]map[string][2]time.Duration {
	return map[Verb]map[string][2]time.Duration{
		Create: {
			"vpc": {1, 2}, "nat_gateway": {75, 4}, "load_balancer": {120, 5}, "capacity": {40, 4},
		},
		Update: {"capacity": {10, 5}, "auto_scaling_group": {10, 5}},
		Delete: {
			"nat_gateway": {40, 3}, "load_balancer": {20, 5}, "classic_load_balancer": {20, 5}, "capacity": {30, 3},
			"auto_scaling_group": {3, 3},
		},
		Wait: {"nat_gateway": {5, 5}, "load_balancer": {5, 5}, "capacity": {5, 5}},
	}
}

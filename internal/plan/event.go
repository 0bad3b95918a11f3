package plan

import (
	"time"

	"berth/internal/model"
)

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
	p, ok := paces[s.Verb][s.Key.Kind]
	if !ok || s.Key.Kind == model.KindEndpoint && !interfaceEndpoint(s.Key) {
		p = pace{3, 3}
	}
	return p.first * time.Second, p.every * time.Second
}

// pace is in seconds.
type pace struct{ first, every time.Duration }

// paces are the shortest time seen in public logs, then the step that keeps the end within a few percent.
//
//nolint:gochecknoglobals // a table
var paces = map[Verb]map[model.Kind]pace{
	Create: {
		model.KindVPC: {1, 2}, model.KindNATGateway: {75, 4}, model.KindLoadBalancer: {120, 5}, model.KindCapacity: {40, 4},
		model.KindEndpoint: {45, 5}, model.KindDaemonService: {10, 4},
	},
	Update: {model.KindCapacity: {10, 5}, model.KindGroup: {10, 5}, model.KindEndpoint: {5, 5}, model.KindDaemonService: {10, 4}},
	Delete: {
		model.KindNATGateway: {40, 3}, model.KindLoadBalancer: {20, 5}, model.KindClassic: {20, 5}, model.KindCapacity: {30, 3},
		model.KindGroup: {3, 3}, model.KindEndpoint: {30, 5}, model.KindDaemonService: {10, 4},
	},
	Wait: {model.KindNATGateway: {5, 5}, model.KindLoadBalancer: {5, 5}, model.KindCapacity: {5, 5}, model.KindEndpoint: {5, 5}, model.KindDaemonService: {5, 5}},
}

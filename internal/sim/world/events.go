package world

import (
	"slices"
	"time"
)

// Events is the state of EventBridge.
type Events struct {
	Buses      Table[EventBus]      // by name; the default one is there without a row
	Rules      Table[EventRule]     // by "bus/name"
	Deliveries Table[EventDelivery] // that failed and are tried again, by id
}

// hears tells whether a rule of the default bus may be about such an event.
func (e *Events) hears(source, detailType string) bool {
	for r := range e.Rules.Rows() {
		if r.Bus == "default" && r.MayMatch(source, detailType) {
			return true
		}
	}
	return false
}

// EventBus is a bus that somebody made.
type EventBus struct {
	Name, ARN, Description string
	Created                time.Time
	Tags                   Tags
}

// EventRule takes events of a bus to targets.
type EventRule struct {
	Name, Bus, ARN       string
	Description, Role    string
	Pattern              string   // as it was given
	Sources, DetailTypes []string // that the pattern names, when it names nothing but texts; empty: any
	Disabled             bool
	ManagedBy            string // an AWS service; empty: nobody
	Targets              []EventTarget
	Figures              EventFigures
	Tags                 Tags
}

// MayMatch tells cheaply that a rule is not about an event: no when it is disabled, or its pattern names other sources or types.
func (r *EventRule) MayMatch(source, detailType string) bool {
	return !r.Disabled && (len(r.Sources) == 0 || slices.Contains(r.Sources, source)) &&
		(len(r.DetailTypes) == 0 || slices.Contains(r.DetailTypes, detailType))
}

// EventTarget is what a rule sends its events to.
type EventTarget struct {
	ID, ARN, Role    string
	Input, InputPath string
	Paths            map[string]string // of the input transformer
	Template         string            // of the input transformer
	DeadLetter       string            // ARN of a queue
	RetryFor         int               // seconds; 0: a day
	Retries          *int              // nil: 185
	HasRetryPolicy   bool
}

// EventFigures count what became of a rule's events (EventBridge user guide, "Monitoring Amazon EventBridge").
type EventFigures struct {
	Matched      int // TriggeredRules
	Invocations  int // that succeeded
	Failed       int // FailedInvocations: given up
	DeadLettered int // InvocationsSentToDLQ
	LastError    string
}

// EventDelivery is an event on its way to a target that could not take it yet.
type EventDelivery struct {
	ID, Rule, Target string // Rule is the rule's key
	Event            string // as JSON
	Came             time.Time
	Tries            int
}

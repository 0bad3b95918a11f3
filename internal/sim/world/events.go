package world

// Events is the state of EventBridge.
type Events struct {
	Rules Table[EventRule] // by "bus/name"
}

// EventRule takes events of a bus to targets.
type EventRule struct{ Name, Bus, ARN string }

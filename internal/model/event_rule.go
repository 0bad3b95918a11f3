package model

// EventTarget is the id of our target of a rule; others are somebody else's.
const EventTarget = "berth"

// EventsRule is the rule for everything that happens: what it picks goes into the queue.
const EventsRule = "events"

// What berth alerts test puts on the event bus, and the rule that tells people of it.
const (
	TestRule   = "alert_test"
	TestSource = "berth.alerts"
	TestType   = "Alert Test"
)

// EventRule is a rule of EventBridge with its one target: a class of events, and who gets them in which words. Its tags never
// change, and its description says whose it is: EventBridge tells tags of one rule at a time only.
type EventRule struct {
	What         string // "task_failed": the key's name
	Name         string
	Description  string
	Pattern      string // canonical JSON
	Enabled      bool
	Target       Key    // a topic or queue; zero: none yet
	Values       string // canonical JSON: the paths of what the message quotes; empty: the event goes out as it is
	Message      string // the template
	DeadLetters  Key    // the queue of events that could not be delivered; zero: they are lost
	Extras       string // what somebody else has set on the target, by AWS's names: "RoleArn, RetryPolicy"; berth sets none of it
	OtherTargets []string
}

// EventRuleKey names a rule.
func EventRuleKey(what string) Key { return Key{KindEventRule, what} }

// Key is EventRuleKey of what it is for.
func (r EventRule) Key() Key { return EventRuleKey(r.What) }

// Refs are the target and the queue of what could not be delivered.
func (r EventRule) Refs() []Key {
	var out []Key
	for _, k := range []Key{r.Target, r.DeadLetters} {
		if !k.IsZero() {
			out = append(out, k)
		}
	}
	return out
}

// Attrs lists the rule's settings.
func (r EventRule) Attrs() []Attr {
	var a attrs
	a.text("name", r.Name)
	a.text("description", r.Description)
	a.text("pattern", r.Pattern)
	a.flag("enabled", r.Enabled)
	a.key("target", r.Target)
	a.text("message_values", r.Values)
	a.text("message", r.Message)
	a.key("dead_letters", r.DeadLetters)
	a.text("target_extras", r.Extras)
	return a
}

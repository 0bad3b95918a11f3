package events

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/sim/events/pattern"
	"berth/internal/sim/events/transform"
	"berth/internal/sim/logs"
	"berth/internal/sim/sns"
	"berth/internal/sim/sqs"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// How long and how often a target is tried (EventBridge user guide, "Retry policies").
const (
	usualAge     = 24 * time.Hour
	usualRetries = 185
)

// router takes events to rules. It keeps the patterns that it has compiled: the same text is always the same pattern.
type router struct{ patterns map[string]*pattern.Pattern }

// emitted takes what a service said to the rules of the default bus.
func (x router) emitted(w *world.World, e world.Event) {
	x.arrive(w, w.Region(e.Region), defaultBus, e.Arg)
}

// put takes an event of one's own to the rules of its bus.
func (x router) put(w *world.World, e world.Event) { x.arrive(w, w.Region(e.Region), e.ID, e.Arg) }

// arrive takes an event to the targets of every rule of a bus that it matches.
func (x router) arrive(w *world.World, r *world.Region, bus, text string) {
	v, err := pattern.Decode([]byte(text))
	if err != nil {
		return // it was JSON when it was put
	}
	event, _ := v.(map[string]any)
	source, _ := event["source"].(string)
	detailType, _ := event["detail-type"].(string)
	for key, rule := range r.Events.Rules.All() {
		if rule.Bus != bus || !rule.MayMatch(source, detailType) || !x.matches(rule, v) {
			continue
		}
		rule.Figures.Matched++
		for _, t := range rule.Targets {
			attempt(w, r, &world.EventDelivery{ID: w.UUID(), Rule: key, Target: t.ID, Event: text, Came: w.Now()})
		}
	}
}

func (x router) matches(rule *world.EventRule, event any) bool {
	p, known := x.patterns[rule.Pattern]
	if !known {
		p, _ = pattern.Parse([]byte(rule.Pattern)) // nil: it is none, and matches nothing
		x.patterns[rule.Pattern] = p
	}
	return p != nil && p.Matches(event)
}

// retry tries a delivery again.
func retry(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if d, ok := r.Events.Deliveries.Get(e.ID); ok {
		attempt(w, r, d)
	}
}

// attempt tries to bring an event to its target. What could work later is tried again; what cannot goes to the dead-letter
// queue, or is lost.
func attempt(w *world.World, r *world.Region, d *world.EventDelivery) {
	r.Events.Deliveries.Delete(d.ID)
	rule, ok := r.Events.Rules.Get(d.Rule)
	if !ok {
		return
	}
	i := slices.IndexFunc(rule.Targets, func(t world.EventTarget) bool { return t.ID == d.Target })
	if i < 0 {
		return
	}
	t := rule.Targets[i]
	err := hand(w, r, rule, t, d)
	if err == nil {
		rule.Figures.Invocations++
		return
	}
	rule.Figures.LastError = err.Error()
	exhausted := ""
	if temporary(err) {
		if exhausted = spent(w, t, d); exhausted == "" {
			d.Tries++
			r.Events.Deliveries.Put(d.ID, d)
			w.Schedule(pause(w, d), world.Event{Kind: "events.retry", Region: r.Name, ID: d.ID})
			return
		}
	}
	rule.Figures.Failed++
	bury(w, r, rule, t, failure{d, err, exhausted})
}

// temporary tells whether a failure may pass by itself: missing targets and missing permissions do not.
func temporary(err error) bool {
	e, ok := errors.AsType[*wire.Error](err)
	return ok && (e.Status >= 500 || e.Code == "Throttling")
}

// spent tells which bound of the retry policy a delivery has reached; empty: none.
func spent(w *world.World, t world.EventTarget, d *world.EventDelivery) string {
	age, most := usualAge, usualRetries
	if t.RetryFor > 0 {
		age = time.Duration(t.RetryFor) * time.Second
	}
	if t.Retries != nil {
		most = *t.Retries
	}
	switch {
	case d.Tries >= most:
		return "MaximumRetryAttempts"
	case w.Now().Sub(d.Came) >= age:
		return "MaximumEventAgeInSeconds"
	}
	return ""
}

// pause is how long a delivery waits for its next try: twice as long each time, up to nine minutes, so that 185 tries take a
// day.
func pause(w *world.World, d *world.EventDelivery) time.Duration {
	mean := min(time.Second<<min(d.Tries-1, 10), 9*time.Minute)
	return w.Draw("events.retry", d.Target, world.Span{Mean: mean, Deviation: mean / 8, Floor: mean / 2})
}

// hand brings an event to a target once.
func hand(w *world.World, r *world.Region, rule *world.EventRule, t world.EventTarget, d *world.EventDelivery) error {
	about := transform.About{RuleARN: rule.ARN, RuleName: rule.Name, Ingested: d.Came}
	body := settings(t).Apply([]byte(d.Event), about)
	service := strings.Split(t.ARN, ":")[2]
	if err := weather(w, service); err != nil {
		return err
	}
	switch service {
	case "sns":
		_, err := sns.Send(w, r, sns.Source{Service: principal, ARN: rule.ARN}, sns.Message{Topic: t.ARN, Body: body})
		return err
	case "sqs":
		return sqs.Deliver(w, r, sqs.Delivery{Queue: t.ARN, Service: principal, Source: rule.ARN, Body: body})
	}
	return logs.Deliver(w, r, logs.Delivery{Group: t.ARN, Service: principal, Source: rule.ARN, Stream: streamOf(rule), Message: body})
}

// streamOf is the log stream of a rule.
func streamOf(rule *world.EventRule) string { return strings.ReplaceAll(rule.Name, ":", "-") }

// weather is what goes wrong between AWS's own services.
func weather(w *world.World, service string) error {
	switch w.Weather.Throw(w, service, "EventBridgeDelivery") {
	case world.Throttle:
		return wire.Errorf("Throttling", "Rate exceeded")
	case world.Break, world.LoseRequest:
		return wire.Errorf("InternalError", "An internal error has occurred").WithStatus(500)
	default:
		return nil
	}
}

// failure is a delivery that was given up, and why.
type failure struct {
	*world.EventDelivery
	err       error
	exhausted string
}

// bury puts an event that could not be delivered into the target's dead-letter queue, whose policy must let EventBridge in too
// (EventBridge user guide, "Using dead-letter queues to process undelivered events").
func bury(w *world.World, r *world.Region, rule *world.EventRule, t world.EventTarget, f failure) {
	if t.DeadLetter == "" {
		return
	}
	attributes := []world.MessageAttribute{
		{Name: "ERROR_CODE", Type: "String", Text: reason(f.err)},
		{Name: "ERROR_MESSAGE", Type: "String", Text: f.err.Error()},
	}
	if f.exhausted != "" {
		attributes = append(attributes, world.MessageAttribute{Name: "EXHAUSTED_RETRY_CONDITION", Type: "String", Text: f.exhausted})
	}
	attributes = append(attributes,
		world.MessageAttribute{Name: "RETRY_ATTEMPTS", Type: "Number", Text: strconv.Itoa(f.Tries)},
		world.MessageAttribute{Name: "RULE_ARN", Type: "String", Text: rule.ARN},
		world.MessageAttribute{Name: "TARGET_ARN", Type: "String", Text: t.ARN})
	err := sqs.Deliver(w, r, sqs.Delivery{Queue: t.DeadLetter, Service: principal, Source: rule.ARN, Body: f.Event, Attributes: attributes})
	if err != nil {
		rule.Figures.LastError = fmt.Sprintf("%v; the dead-letter queue: %v", f.err, err)
		return
	}
	rule.Figures.DeadLettered++
}

// reason is EventBridge's word for a failure.
func reason(err error) string {
	e, ok := errors.AsType[*wire.Error](err)
	switch {
	case !ok:
		return "SDK_CLIENT_ERROR"
	case e.Code == "Throttling":
		return "THROTTLING"
	case e.Status >= 500:
		return "REMOTE_CALL_FAILED"
	case slices.Contains([]string{"NotFound", "QueueDoesNotExist", "ResourceNotFoundException"}, e.Code):
		return "NO_RESOURCE"
	case strings.Contains(strings.ToLower(e.Code), "kms"), slices.Contains([]string{"AccessDenied", "AuthorizationError", "AccessDeniedException"}, e.Code):
		return "NO_PERMISSIONS"
	}
	return "SDK_CLIENT_ERROR"
}

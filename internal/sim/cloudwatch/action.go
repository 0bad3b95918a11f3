package cloudwatch

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"berth/internal/sim/sns"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Repeated is the event of an alarm that calls the scaling policies among its actions again: it stays in its state, and what it
// looks at moves. ID is the alarm. Topics are told of changes alone (CloudWatch user guide, "Alarm actions").
const Repeated world.Kind = "cloudwatch.alarm-repeated"

// acted tells topics what an alarm came to. Scaling policies listen to the event themselves.
func acted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	a, ok := r.CloudWatch.Alarms.Get(e.ID)
	if !ok || a.State != e.Arg {
		return
	}
	for _, action := range a.Actions() {
		if service(action) == "sns" {
			text, err := tell(w, r, a, action)
			Executed(w, r, a, Action{ARN: action, Published: text, Err: err})
		}
	}
}

// service is the part of an ARN that names the service.
func service(arn string) string {
	parts := strings.SplitN(arn, ":", 4)
	return parts[min(2, len(parts)-1)]
}

// tell publishes an alarm's present state to a topic, and gives the text.
func tell(w *world.World, r *world.Region, a *world.MetricAlarm, topic string) (string, error) {
	subject, text := Message(r, a)
	from := sns.Source{Service: "cloudwatch.amazonaws.com", ARN: a.ARN}
	m := sns.Message{Topic: topic, Subject: subject, Body: text}
	_, err := sns.Send(w, r, from, m)
	return text, err
}

// Action is something that an alarm called, and what came of it.
type Action struct {
	ARN       string
	Published string // the text that a topic got
	Err       error
}

// Executed notes in the history what came of an alarm's action (CloudWatch API reference, AlarmHistoryItem; AWS re:Post, "Why
// didn't I receive an SNS notification for my CloudWatch alarm trigger?").
func Executed(w *world.World, r *world.Region, a *world.MetricAlarm, done Action) {
	e := world.AlarmEvent{Alarm: a.Name, Type: "Action", Summary: "Successfully executed action " + done.ARN}
	detail := map[string]any{
		"actionState": "Succeeded", "stateUpdateTimestamp": a.StateUpdated.UnixMilli(), "notificationResource": done.ARN,
		"publishedMessage": nil, "error": nil,
	}
	if done.Published != "" {
		said, _ := json.Marshal(map[string]string{"default": done.Published}) // texts always become JSON
		detail["publishedMessage"] = string(said)
	}
	if done.Err != nil {
		why := complaint(a, done)
		e.Summary = "Failed to execute action " + done.ARN + `. Received error: "` + why + `"`
		detail["actionState"], detail["error"], detail["publishedMessage"] = "Failed", why, nil
	}
	note(w, r, e, detail)
}

// complaint says why an action failed. A topic's refusal names the alarm, not the service.
func complaint(a *world.MetricAlarm, failed Action) string {
	e, ok := errors.AsType[*wire.Error](failed.Err)
	switch {
	case ok && e.Code == "AuthorizationError":
		return "Resource: " + a.ARN + " is not authorized to perform: SNS:Publish on resource: " + failed.ARN
	case ok && strings.HasPrefix(e.Code, "KMS"):
		return "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
	case ok:
		return e.Message
	default:
		return failed.Err.Error()
	}
}

// scales tells whether an alarm calls a scaling policy in its present state.
func scales(a *world.MetricAlarm) bool {
	return slices.ContainsFunc(a.Actions(), func(arn string) bool { return service(arn) == "autoscaling" })
}

// lasting calls an alarm's scaling policies once more.
func lasting(w *world.World, r *world.Region, a *world.MetricAlarm) {
	w.Schedule(0, world.Event{Kind: Repeated, Region: r.Name, ID: a.Name})
}

// Callers are the alarms that name an action for any of their states.
func Callers(r *world.Region, action string) []*world.MetricAlarm {
	var out []*world.MetricAlarm
	for a := range r.CloudWatch.Alarms.Rows() {
		if slices.Contains(slices.Concat(a.OK, a.Alarm, a.Unknown), action) {
			out = append(out, a)
		}
	}
	return out
}

// Forget takes an action that is no more out of all alarms, which stay.
func Forget(r *world.Region, action string) {
	for _, a := range Callers(r, action) {
		for _, list := range []*[]string{&a.OK, &a.Alarm, &a.Unknown} {
			*list = slices.DeleteFunc(slices.Clone(*list), func(arn string) bool { return arn == action })
		}
	}
}

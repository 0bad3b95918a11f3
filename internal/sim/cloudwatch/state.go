package cloudwatch

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"berth/internal/sim/sns"
	"berth/internal/sim/world"
)

// mostHistory is how much of what happened to alarms is kept in a region. CloudWatch keeps 30 days of it.
const mostHistory = 1000

// stamp is how CloudWatch writes times into its texts.
const stamp = "2006-01-02T15:04:05.000-0700"

// stateData is the part of a notice that says what an alarm's state is, and since when.
type stateData struct {
	Value      string `json:"value"`
	Reason     string `json:"reason"`
	ReasonData string `json:"reasonData,omitempty"`
	Timestamp  string `json:"timestamp"`
}

// verdict is a state, why, and what was seen, as JSON.
type verdict struct{ state, reason, data string }

// setState notes what an alarm came to. A change is told to whoever listens to the event, to the event bus, and in the history.
func setState(w *world.World, r *world.Region, a *world.MetricAlarm, v verdict) {
	if a.State == v.state {
		return
	}
	before := stateOf(a)
	a.State, a.Reason, a.ReasonData, a.StateUpdated, a.StateChanged = v.state, v.reason, v.data, w.Now(), w.Now()
	now := stateOf(a)
	note(w, r, world.AlarmEvent{Alarm: a.Name, Type: "StateUpdate", Summary: "Alarm updated from " + before.Value + " to " + v.state}, map[string]any{
		"version": "1.0", "oldState": before, "newState": now,
	})
	w.Emit(r, world.Notice{Source: "aws.cloudwatch", DetailType: "CloudWatch Alarm State Change", Resources: []string{a.ARN}}, func() any {
		return map[string]any{"alarmName": a.Name, "configuration": configuration(a), "previousState": before, "state": now}
	})
	w.Schedule(0, world.Event{Kind: "cloudwatch.alarm-changed", Region: r.Name, ID: a.Name, Arg: v.state})
}

func stateOf(a *world.MetricAlarm) stateData {
	return stateData{Value: a.State, Reason: a.Reason, ReasonData: a.ReasonData, Timestamp: a.StateUpdated.UTC().Format(stamp)}
}

// configuration is what a notice says about an alarm's metric (CloudWatch user guide, "Alarm events and EventBridge").
func configuration(a *world.MetricAlarm) any {
	dimensions := map[string]string{}
	for _, d := range a.Dimensions {
		dimensions[d.Key] = d.Value
	}
	return map[string]any{
		"description": a.Description,
		"metrics": []any{map[string]any{
			"id": "m1", "returnData": true,
			"metricStat": map[string]any{
				"metric": map[string]any{"namespace": a.Namespace, "name": a.Metric, "dimensions": dimensions},
				"period": a.Period, "stat": a.Statistic,
			},
		}},
	}
}

// acted calls an alarm's actions, and notes what came of it: topics get a message, and who carries out the others listens to
// the event (CloudWatch user guide, "Alarm actions").
func acted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	a, ok := r.CloudWatch.Alarms.Get(e.ID)
	if !ok || a.State != e.Arg {
		return
	}
	for _, action := range a.Actions() {
		state, summary := "Succeeded", "Successfully executed action "+action
		if err := tell(w, r, a, action); err != nil {
			state, summary = "Failed", "Failed to execute action "+action+". Received error: "+strconv.Quote(err.Error())
		}
		note(w, r, world.AlarmEvent{Alarm: a.Name, Type: "Action", Summary: summary}, map[string]any{
			"actionState": state, "stateUpdateTimestamp": a.StateUpdated.UnixMilli(), "notificationResource": action,
		})
	}
}

// tell sends a topic what an alarm has come to; an action that is no topic is not CloudWatch's to carry out.
func tell(w *world.World, r *world.Region, a *world.MetricAlarm, action string) error {
	if !strings.HasPrefix(action, "arn:aws:sns:") {
		return nil
	}
	subject, text := Message(r, a)
	_, err := sns.Send(w, r, sns.Source{Service: "cloudwatch.amazonaws.com", ARN: a.ARN}, sns.Message{Topic: action, Subject: subject, Body: text})
	return err
}

// note adds to the history, with a detail that becomes JSON.
func note(w *world.World, r *world.Region, e world.AlarmEvent, detail any) {
	text, _ := json.Marshal(detail) // maps of texts and numbers always become JSON
	e.At, e.Detail = w.Now(), string(text)
	c := &r.CloudWatch
	c.History = append(c.History, e)
	c.History = c.History[max(len(c.History)-mostHistory, 0):]
}

// reasonData is what an evaluation saw, as JSON (CloudWatch API reference, MetricAlarm).
func reasonData(w *world.World, a *world.MetricAlarm, seen []point) string {
	recent := []float64{}
	var start time.Time
	for _, p := range seen[:a.Periods] {
		if p.there {
			recent, start = append(recent, p.value), p.at
		}
	}
	data := map[string]any{
		"version": "1.0", "queryDate": w.Now().UTC().Format(stamp), "statistic": a.Statistic, "period": a.Period,
		"recentDatapoints": recent, "threshold": a.Threshold,
	}
	if !start.IsZero() {
		data["startDate"] = start.UTC().Format(stamp)
	}
	text, _ := json.Marshal(data) // numbers that are not NaN always become JSON
	return string(text)
}

// Alarming tells whether one of the alarms with these names is in ALARM; names of alarms that are not there say no.
func Alarming(r *world.Region, names []string) bool {
	for _, name := range names {
		if a, ok := r.CloudWatch.Alarms.Get(name); ok && a.State == isAlarm {
			return true
		}
	}
	return false
}

// Message is the subject and the text that a topic gets about an alarm's present state (CloudWatch user guide, "Notify users
// on alarm changes").
func Message(r *world.Region, a *world.MetricAlarm) (subject, text string) {
	dimensions := []any{}
	for _, d := range a.Dimensions {
		dimensions = append(dimensions, map[string]string{"name": d.Key, "value": d.Value})
	}
	b, _ := json.Marshal(map[string]any{ // texts and numbers always become JSON
		"AlarmName": a.Name, "AlarmDescription": a.Description, "AWSAccountId": world.Account, "NewStateValue": a.State,
		"NewStateReason": a.Reason, "StateChangeTime": a.StateUpdated.UTC().Format(stamp), "Region": r.Name, "AlarmArn": a.ARN,
		"OKActions": a.OK, "AlarmActions": a.Alarm, "InsufficientDataActions": a.Unknown,
		"Trigger": map[string]any{
			"MetricName": a.Metric, "Namespace": a.Namespace, "StatisticType": "Statistic", "Statistic": a.Statistic, "Unit": a.Unit,
			"Dimensions": dimensions, "Period": a.Period, "EvaluationPeriods": a.Periods, "DatapointsToAlarm": a.ToAlarm,
			"ComparisonOperator": a.Comparison, "Threshold": a.Threshold, "TreatMissingData": a.Missing,
		},
	})
	return a.State + `: "` + a.Name + `" in ` + r.Name, string(b)
}

package watching

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/model"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

// heard is what an event says.
type heard struct {
	Signals []watch.Signal
	Test    *watch.Test
}

// hearEvent tells what an event of a cluster says.
func hearEvent(body []byte, scope model.Scope, now time.Time) (heard, error) {
	var e struct {
		ID, Account string
		Kind        string `json:"detail-type"`
		Time        time.Time
		Detail      struct{ ClusterArn, LastStatus, Group, StopCode, StoppedReason string }
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return heard{}, err
	}
	if e.Account != scope.Account {
		return heard{}, errors.New("it is of account " + e.Account)
	}
	name, ok := strings.CutPrefix(e.Detail.Group, "service:")
	if e.Kind != "ECS Task State Change" || e.Detail.LastStatus != "STOPPED" || !ok || e.Detail.StopCode == "ServiceSchedulerInitiated" {
		return heard{}, nil
	}
	code := "WHY201"
	if e.Detail.StopCode == "TaskFailedToStart" {
		code = "WHY101"
	}
	return heard{Signals: []watch.Signal{{
		ID: e.ID, At: e.Time, Cause: watch.CauseOf(code, live.Subject{Kind: "service", Name: name}, ""), Member: "service/" + name,
		Code: code, Severity: watch.Warning, Text: e.Detail.StoppedReason,
	}}}, nil
}

// hearCapture tells what a look says.
func hearCapture(c live.Capture, _ seen.Facts) []watch.Signal {
	var out []watch.Signal
	for _, s := range c.Services {
		out = append(out, watch.Signal{At: c.At, Member: "service/" + s.Name, Well: s.Running >= s.Desired, Level: true,
			Cause: watch.Cause{Family: watch.Short, Scope: "service/" + s.Name}, Code: "WHY999", Severity: watch.Warning, Text: "fewer tasks than wanted", Hold: 5 * time.Minute})
	}
	return out
}

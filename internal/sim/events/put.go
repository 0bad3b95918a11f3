package events

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim/events/pattern"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The limits of PutEvents: entries, and bytes of all of them (EventBridge user guide, "Calculating event entry size").
const (
	mostEntries = 10
	mostBytes   = 256 * 1024
)

// PutEvents puts events of one's own on buses. Each entry is taken or refused by itself.
func PutEvents(c *world.Call, in *eventbridge.PutEventsInput) (*eventbridge.PutEventsOutput, error) {
	switch {
	case in.EndpointId != nil:
		return nil, invalid("Global endpoints are not simulated.")
	case len(in.Entries) == 0 || len(in.Entries) > mostEntries:
		return nil, constraint("[]", "entries", "have length between 1 and 10")
	}
	total := 0
	for _, e := range in.Entries {
		total += size(e)
	}
	if total > mostBytes {
		return nil, invalid("Total size of the entries in the request is over the limit.")
	}
	out := &eventbridge.PutEventsOutput{Entries: []types.PutEventsResultEntry{}}
	for _, e := range in.Entries {
		id, err := enter(c, e)
		if err != nil {
			out.FailedEntryCount++
			out.Entries = append(out.Entries, types.PutEventsResultEntry{ErrorCode: aws.String(err.Code), ErrorMessage: aws.String(err.Message)})
			continue
		}
		out.Entries = append(out.Entries, types.PutEventsResultEntry{EventId: aws.String(id)})
	}
	return out, nil
}

// size is what an entry counts.
func size(e types.PutEventsRequestEntry) int {
	n := len(aws.ToString(e.Source)) + len(aws.ToString(e.DetailType)) + len(aws.ToString(e.Detail))
	if e.Time != nil {
		n += 14
	}
	for _, r := range e.Resources {
		n += len(r)
	}
	return n
}

// enter puts one event on its bus. One for a bus that is not there is taken and goes nowhere.
func enter(c *world.Call, e types.PutEventsRequestEntry) (string, *wire.Error) {
	for _, member := range []struct {
		name  string
		value *string
	}{{"Source", e.Source}, {"DetailType", e.DetailType}, {"Detail", e.Detail}} {
		if aws.ToString(member.value) == "" {
			return "", wire.Errorf("InvalidArgument", "Parameter %[1]s is not valid. Reason: %[1]s is a required argument.", member.name)
		}
	}
	var detail map[string]json.RawMessage
	if err := json.Unmarshal([]byte(*e.Detail), &detail); err != nil || detail == nil {
		return "", wire.Errorf("MalformedDetail", "Detail is malformed.")
	}
	if strings.HasPrefix(*e.Source, "aws.") {
		return "", wire.Errorf("NotAuthorizedForSourceException", "Not authorized for the source.")
	}
	n := world.Notice{
		Version: "0", ID: c.UUID(), DetailType: *e.DetailType, Source: *e.Source, Account: world.Account, Region: c.Region.Name,
		Time: c.Now().Truncate(time.Second), Resources: append([]string{}, e.Resources...), Detail: json.RawMessage(*e.Detail),
	}
	if e.Time != nil {
		n.Time = e.Time.UTC().Truncate(time.Second)
	}
	b, err := json.Marshal(n)
	if err != nil {
		return "", wire.Errorf("MalformedDetail", "Detail is malformed.")
	}
	if bus, err := busNamed(c.Region, e.EventBusName); err == nil {
		usual := world.Span{Mean: 300 * time.Millisecond, Deviation: 100 * time.Millisecond, Floor: 50 * time.Millisecond}
		c.Schedule(c.Draw("events.put", n.ID, usual), world.Event{Kind: "events.put", Region: c.Region.Name, ID: bus, Arg: string(b)})
	}
	return n.ID, nil
}

// TestEventPattern tells whether an event matches a pattern; the event must have the fields that every event has.
func TestEventPattern(_ *world.Call, in *eventbridge.TestEventPatternInput) (*eventbridge.TestEventPatternOutput, error) {
	p, err := required("eventPattern", in.EventPattern)
	if err != nil {
		return nil, err
	}
	event, err := required("event", in.Event)
	if err != nil {
		return nil, err
	}
	if err := checkPattern(p); err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(event), &fields) != nil {
		return nil, invalid("Parameter Event is not valid. Reason: it is not a JSON object.")
	}
	for _, name := range []string{"id", "account", "source", "time", "region", "resources", "detail-type"} {
		if _, ok := fields[name]; !ok {
			return nil, invalid("Parameter Event is not valid. Reason: the field %s is missing.", name)
		}
	}
	compiled, err := pattern.Parse([]byte(p))
	if err != nil {
		return nil, err
	}
	return &eventbridge.TestEventPatternOutput{Result: compiled.MatchesJSON([]byte(event))}, nil
}

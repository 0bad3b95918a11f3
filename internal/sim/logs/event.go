package logs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/world"
)

// The limits of one batch (CloudWatch Logs API reference, PutLogEvents).
const (
	mostEvents = 10_000
	mostBytes  = 1_048_576
)

// PutLogEvents appends a batch in chronological order. What is too old or too far ahead is left out, and the answer says so.
func PutLogEvents(c *world.Call, in *logs.PutLogEventsInput) (*logs.PutLogEventsOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	s, err := findStream(g, in.LogStreamName)
	if err != nil {
		return nil, err
	}
	if err := checkBatch(in.LogEvents); err != nil {
		return nil, err
	}
	from, to, rejected := acceptable(g, in.LogEvents, c.Now())
	for _, e := range in.LogEvents[from:to] {
		s.Issued++
		s.Events = append(s.Events, world.LogEvent{
			ID: fmt.Sprintf("%020d%036d", *e.Timestamp, s.Issued), At: time.UnixMilli(*e.Timestamp).UTC(), Ingested: c.Now(), Message: *e.Message,
		})
		s.Ingested = c.Now()
	}
	slices.SortFunc(s.Events, func(a, b world.LogEvent) int { return cmp.Compare(a.ID, b.ID) })
	return &logs.PutLogEventsOutput{NextSequenceToken: aws.String(sequence(s)), RejectedLogEventsInfo: rejected}, nil
}

// sequence is the token that old clients want to see; nobody checks it any more.
func sequence(s *world.LogStream) string { return fmt.Sprintf("4%055d", s.Issued) }

func checkBatch(events []types.InputLogEvent) error {
	if len(events) == 0 || len(events) > mostEvents {
		return invalid("1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and %d", mostEvents)
	}
	size := 0
	for i, e := range events {
		if e.Timestamp == nil || *e.Timestamp < 0 || aws.ToString(e.Message) == "" {
			return invalid("1 validation error detected: Value at 'logEvents.%d.member' failed to satisfy constraint: Member must have a timestamp and a message", i+1)
		}
		if i > 0 && *e.Timestamp < *events[i-1].Timestamp {
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
		size += len(*e.Message) + 26
	}
	if span := *events[len(events)-1].Timestamp - *events[0].Timestamp; span > (24 * time.Hour).Milliseconds() {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	if size > mostBytes {
		return invalid("Upload too large: %d bytes exceeds limit of %d", size, mostBytes)
	}
	return nil
}

// acceptable is the part [from, to) of a batch that is neither older than 14 days or than the retention, nor more than two
// hours ahead.
func acceptable(g *world.LogGroup, events []types.InputLogEvent, now time.Time) (from, to int, rejected *types.RejectedLogEventsInfo) {
	count := func(t time.Time) int {
		n, _ := slices.BinarySearchFunc(events, t.UnixMilli(), func(e types.InputLogEvent, ms int64) int { return cmp.Compare(*e.Timestamp, ms) })
		return n
	}
	info := &types.RejectedLogEventsInfo{}
	if n := count(now.AddDate(0, 0, -14)); n > 0 {
		info.TooOldLogEventEndIndex, from = aws.Int32(int32(n)), n
	}
	if oldest, ok := keptSince(g, now); ok {
		if n := count(oldest); n > 0 {
			info.ExpiredLogEventEndIndex, from = aws.Int32(int32(n)), max(from, n)
		}
	}
	to = count(now.Add(2*time.Hour + time.Millisecond))
	if to < len(events) {
		info.TooNewLogEventStartIndex = aws.Int32(int32(to))
	}
	if *info == (types.RejectedLogEventsInfo{}) {
		info = nil
	}
	return from, max(from, to), info
}

// GetLogEvents reads a stream page by page, in either direction. Both tokens are always there; one that comes back
// unchanged means that there is nothing more on that side for now.
func GetLogEvents(c *world.Call, in *logs.GetLogEventsInput) (*logs.GetLogEventsOutput, error) {
	g, err := either(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	s, err := findStream(g, in.LogStreamName)
	if err != nil {
		return nil, err
	}
	most := int(aws.ToInt32(cmp.Or(in.Limit, aws.Int32(mostEvents))))
	if most < 1 || most > mostEvents {
		return nil, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", most, mostEvents)
	}
	forward, place, err := readPlace(in)
	if err != nil {
		return nil, err
	}
	prune(g, c.Now())
	found := between(s.Events, in.StartTime, in.EndTime)
	found = slices.DeleteFunc(found, func(e world.LogEvent) bool { return place != "" && (e.ID >= place) != forward })
	if n := len(found) - most; n > 0 && forward {
		found = found[:most]
	} else if n > 0 {
		found = found[n:]
	}
	return eventPage(found, cmp.Or(place, beginning)), nil
}

// between copies the events from start on and before end, both in milliseconds.
func between(events []world.LogEvent, start, end *int64) []world.LogEvent {
	var out []world.LogEvent
	for _, e := range events {
		ms := e.At.UnixMilli()
		if (start == nil || ms >= *start) && (end == nil || ms < *end) {
			out = append(out, e)
		}
	}
	return out
}

// A place lies between two events: an event's ID is the place before it, and with afterIt at its end the place after it.
const (
	afterIt   = "/s"
	beginning = "00000000000000000000000000000000000000000000000000000000" + afterIt
)

// readPlace takes direction and place out of a token; without one the place is empty.
func readPlace(in *logs.GetLogEventsInput) (forward bool, place string, err error) {
	if in.NextToken == nil {
		return aws.ToBool(in.StartFromHead), "", nil
	}
	direction, place, ok := strings.Cut(*in.NextToken, "/")
	if !ok || len(strings.TrimSuffix(place, afterIt)) != len(beginning)-len(afterIt) || (direction != "f" && direction != "b") {
		return false, "", invalid("The specified nextToken is invalid.")
	}
	return direction == "f", place, nil
}

// eventPage shows a page of events; place is where it was looked for.
func eventPage(found []world.LogEvent, place string) *logs.GetLogEventsOutput {
	first, after := place, place
	if len(found) > 0 {
		first, after = found[0].ID, found[len(found)-1].ID+afterIt
	}
	out := &logs.GetLogEventsOutput{
		Events: []types.OutputLogEvent{}, NextForwardToken: aws.String("f/" + after), NextBackwardToken: aws.String("b/" + first),
	}
	for _, e := range found {
		out.Events = append(out.Events, types.OutputLogEvent{
			Timestamp: aws.Int64(e.At.UnixMilli()), IngestionTime: aws.Int64(e.Ingested.UnixMilli()), Message: aws.String(e.Message),
		})
	}
	return out
}

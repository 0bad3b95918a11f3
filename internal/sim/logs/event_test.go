package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

func makeStream(t *testing.T, c *world.Call, name string) {
	t.Helper()
	if _, there := c.Region.Logs.Groups.Get("g"); !there {
		makeGroup(t, c, "g")
	}
	ok[*logs.CreateLogStreamOutput](t)(CreateLogStream(c, &logs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String(name)}))
}

func event(at time.Time, text string) types.InputLogEvent {
	return types.InputLogEvent{Timestamp: aws.Int64(at.UnixMilli()), Message: aws.String(text)}
}

func putEvents(c *world.Call, stream string, events ...types.InputLogEvent) (*logs.PutLogEventsOutput, error) {
	return PutLogEvents(c, &logs.PutLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String(stream), LogEvents: events})
}

func texts(out *logs.GetLogEventsOutput) string {
	var s []string
	for _, e := range out.Events {
		s = append(s, *e.Message)
	}
	return strings.Join(s, " ")
}

func TestEventsAreReadFromEitherEnd(t *testing.T) {
	c := newCall()
	makeStream(t, c, "s")
	for i := range 5 {
		c.Advance(time.Second)
		ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now(), fmt.Sprint(i))))
	}
	read := func(in logs.GetLogEventsInput) *logs.GetLogEventsOutput {
		in.LogGroupName, in.LogStreamName = aws.String("g"), aws.String("s")
		return ok[*logs.GetLogEventsOutput](t)(GetLogEvents(c, &in))
	}
	newest := read(logs.GetLogEventsInput{Limit: aws.Int32(2)})
	older := read(logs.GetLogEventsInput{Limit: aws.Int32(2), NextToken: newest.NextBackwardToken})
	again := read(logs.GetLogEventsInput{NextToken: older.NextForwardToken})
	if texts(newest) != "3 4" || texts(older) != "1 2" || texts(again) != "3 4" {
		t.Errorf("newest %q, older %q, again %q", texts(newest), texts(older), texts(again))
	}
	end := read(logs.GetLogEventsInput{NextToken: again.NextForwardToken})
	if texts(end) != "" || *end.NextForwardToken != *again.NextForwardToken {
		t.Errorf("at the end: %q, token %s became %s", texts(end), *again.NextForwardToken, *end.NextForwardToken)
	}
	if back := read(logs.GetLogEventsInput{NextToken: end.NextBackwardToken}); texts(back) != "0 1 2 3 4" {
		t.Errorf("back from the end: %q", texts(back))
	}
	ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now(), "late")))
	if late := read(logs.GetLogEventsInput{NextToken: end.NextForwardToken}); texts(late) != "late" {
		t.Errorf("after another event: %q", texts(late))
	}
	middle := read(logs.GetLogEventsInput{StartTime: aws.Int64(world.Epoch().Add(2 * time.Second).UnixMilli()), EndTime: aws.Int64(world.Epoch().Add(4 * time.Second).UnixMilli())})
	if texts(middle) != "1 2" {
		t.Errorf("from 2 s to before 4 s: %q", texts(middle))
	}
}

func TestPagesTogetherAreTheWholeStream(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newCall()
		makeStream(t, c, "s")
		var want []string
		for i := range rapid.IntRange(0, 20).Draw(rt, "events") {
			ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now(), fmt.Sprint(i))))
			want = append(want, fmt.Sprint(i))
			c.Advance(time.Duration(rapid.IntRange(0, 2).Draw(rt, "pause")) * time.Second)
		}
		forward := rapid.Bool().Draw(rt, "forward")
		in := &logs.GetLogEventsInput{
			LogGroupName: aws.String("g"), LogStreamName: aws.String("s"),
			Limit: aws.Int32(int32(rapid.IntRange(1, 7).Draw(rt, "limit"))), StartFromHead: aws.Bool(forward),
		}
		var got []string
		for {
			out := ok[*logs.GetLogEventsOutput](t)(GetLogEvents(c, in))
			next, page := out.NextForwardToken, strings.Fields(texts(out))
			if got = append(got, page...); !forward {
				next, got = out.NextBackwardToken, append(page, got[:len(got)-len(page)]...)
			}
			if in.NextToken != nil && *next == *in.NextToken {
				break
			}
			in.NextToken = next
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestBatchRefusals(t *testing.T) {
	now := world.Epoch()
	tests := map[string]struct {
		events  []types.InputLogEvent
		message string
	}{
		"none":         {nil, "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000"},
		"out of order": {[]types.InputLogEvent{event(now, "a"), event(now.Add(-time.Second), "b")}, "Log events in a single PutLogEvents request must be in chronological order."},
		"long span":    {[]types.InputLogEvent{event(now.Add(-25*time.Hour), "a"), event(now, "b")}, "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."},
		"large":        {[]types.InputLogEvent{event(now, strings.Repeat("x", 1<<20))}, "Upload too large: 1048602 bytes exceeds limit of 1048576"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCall()
			makeStream(t, c, "s")
			_, err := putEvents(c, "s", tt.events...)
			refused(t, err, "InvalidParameterException", tt.message)
		})
	}
	c := newCall()
	makeStream(t, c, "s")
	_, err := putEvents(c, "none", event(now, "a"))
	refused(t, err, "ResourceNotFoundException", "The specified log stream does not exist.")
}

func TestEventsTooOldOrTooNewAreLeftOut(t *testing.T) {
	c := newCall()
	makeStream(t, c, "s")
	out := ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now().AddDate(0, 0, -15), "old")))
	if r := out.RejectedLogEventsInfo; r == nil || *r.TooOldLogEventEndIndex != 1 {
		t.Errorf("rejected %+v", r)
	}
	out = ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now(), "good"), event(c.Now().Add(2*time.Hour), "edge"), event(c.Now().Add(3*time.Hour), "new")))
	if r := out.RejectedLogEventsInfo; r == nil || *r.TooNewLogEventStartIndex != 2 {
		t.Errorf("rejected %+v", r)
	}
	ok[*logs.PutRetentionPolicyOutput](t)(PutRetentionPolicy(c, &logs.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(1)}))
	out = ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now().Add(-47*time.Hour), "expired")))
	if r := out.RejectedLogEventsInfo; r == nil || *r.ExpiredLogEventEndIndex != 1 {
		t.Errorf("rejected %+v", r)
	}
	if got := texts(ok[*logs.GetLogEventsOutput](t)(GetLogEvents(c, &logs.GetLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")}))); got != "good edge" {
		t.Errorf("kept %q", got)
	}
}

func TestEventsPastTheirRetentionAreGone(t *testing.T) {
	c := newCall()
	makeStream(t, c, "s")
	ok[*logs.PutLogEventsOutput](t)(putEvents(c, "s", event(c.Now(), "0123456789")))
	ok[*logs.PutRetentionPolicyOutput](t)(PutRetentionPolicy(c, &logs.PutRetentionPolicyInput{LogGroupName: aws.String("g"), RetentionInDays: aws.Int32(3)}))
	c.Advance(72 * time.Hour)
	if g := describe(t, c, &logs.DescribeLogGroupsInput{})[0]; *g.StoredBytes != 36 {
		t.Errorf("at three days %d bytes are stored", *g.StoredBytes)
	}
	c.Advance(time.Second)
	if g := describe(t, c, &logs.DescribeLogGroupsInput{})[0]; *g.StoredBytes != 0 {
		t.Errorf("after three days %d bytes are stored", *g.StoredBytes)
	}
}

func TestStreamsAreListedByNameOrTime(t *testing.T) {
	c := newCall()
	for _, s := range []string{"b/1", "a/1", "b/2"} {
		makeStream(t, c, s)
		c.Advance(time.Second)
		ok[*logs.PutLogEventsOutput](t)(putEvents(c, s, event(c.Now(), "x")))
	}
	tests := map[string]struct {
		in   logs.DescribeLogStreamsInput
		want string
	}{
		"name":      {logs.DescribeLogStreamsInput{}, "a/1 b/1 b/2"},
		"prefix":    {logs.DescribeLogStreamsInput{LogStreamNamePrefix: aws.String("b/"), Descending: aws.Bool(true)}, "b/2 b/1"},
		"time":      {logs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime}, "b/1 a/1 b/2"},
		"time desc": {logs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true), Limit: aws.Int32(1)}, "b/2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.LogGroupName = aws.String("g")
			var got []string
			for _, s := range ok[*logs.DescribeLogStreamsOutput](t)(DescribeLogStreams(c, &tt.in)).LogStreams {
				got = append(got, *s.LogStreamName)
				if *s.FirstEventTimestamp != *s.LastEventTimestamp || *s.LastIngestionTime != *s.LastEventTimestamp || !strings.HasSuffix(*s.Arn, ":log-group:g:log-stream:"+*s.LogStreamName) {
					t.Errorf("stream is %+v", s)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
	_, err := DescribeLogStreams(c, &logs.DescribeLogStreamsInput{LogGroupName: aws.String("g"), OrderBy: types.OrderByLastEventTime, LogStreamNamePrefix: aws.String("b")})
	refused(t, err, "InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.")
}

func TestStreamIsMadeOnceAndDeleted(t *testing.T) {
	c := newCall()
	makeStream(t, c, "s")
	_, err := CreateLogStream(c, &logs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")})
	refused(t, err, "ResourceAlreadyExistsException", "The specified log stream already exists")
	_, err = CreateLogStream(c, &logs.CreateLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("a:b")})
	refused(t, err, "InvalidParameterException", "1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*")
	ok[*logs.DeleteLogStreamOutput](t)(DeleteLogStream(c, &logs.DeleteLogStreamInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s")}))
	_, err = GetLogEvents(c, &logs.GetLogEventsInput{LogGroupIdentifier: aws.String("g"), LogStreamName: aws.String("s")})
	refused(t, err, "ResourceNotFoundException", "The specified log stream does not exist.")
}

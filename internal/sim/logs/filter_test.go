package logs

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// CloudWatch Logs API reference, FilterLogEvents; user guide, "Filter pattern syntax".
func TestFilteredEventsComeFromAllStreamsInOrderOfTime(t *testing.T) {
	c := newCall()
	makeStream(t, c, "web/1")
	makeStream(t, c, "web/2")
	now := c.Now()
	ok[*logs.PutLogEventsOutput](t)(putEvents(c, "web/1", event(now, "a ERROR one"), event(now.Add(2*time.Second), "c ERROR two")))
	ok[*logs.PutLogEventsOutput](t)(putEvents(c, "web/2", event(now.Add(time.Second), "b WARN one")))
	filter := func(change func(*logs.FilterLogEventsInput)) string {
		in := &logs.FilterLogEventsInput{LogGroupName: aws.String("g")}
		change(in)
		out := ok[*logs.FilterLogEventsOutput](t)(FilterLogEvents(c, in))
		var words []string
		for _, e := range out.Events {
			words = append(words, (*e.Message)[:1])
		}
		if out.NextToken != nil {
			words = append(words, "...")
		}
		return strings.Join(words, " ")
	}
	pattern := func(text string) func(*logs.FilterLogEventsInput) {
		return func(in *logs.FilterLogEventsInput) { in.FilterPattern = &text }
	}
	for _, x := range []struct {
		name   string
		change func(*logs.FilterLogEventsInput)
		want   string
	}{
		{"all", func(*logs.FilterLogEventsInput) {}, "a b c"},
		{"one term", pattern("ERROR"), "a c"},
		{"two terms", pattern("ERROR one"), "a"},
		{"either term", pattern("?WARN ?two"), "b c"},
		{"a term and not another", pattern("one -WARN"), "a"},
		{"a phrase", pattern(`"ERROR two"`), "c"},
		{"one stream", func(in *logs.FilterLogEventsInput) { in.LogStreamNames = []string{"web/2"} }, "b"},
		{"a prefix", func(in *logs.FilterLogEventsInput) { in.LogStreamNamePrefix = aws.String("web/1") }, "a c"},
		{"a page", func(in *logs.FilterLogEventsInput) { in.Limit = aws.Int32(2) }, "a b ..."},
		{"the next page", func(in *logs.FilterLogEventsInput) { in.Limit, in.NextToken = aws.Int32(2), aws.String("Mg==") }, "c"},
		{"until a moment", func(in *logs.FilterLogEventsInput) { in.EndTime = aws.Int64(now.Add(time.Second).UnixMilli()) }, "a b"},
	} {
		if got := filter(x.change); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
	for _, text := range []string{`{ $.level = "ERROR" }`, "[ip, user]", "%ERR.*%"} {
		in := &logs.FilterLogEventsInput{LogGroupName: aws.String("g"), FilterPattern: &text}
		if _, err := FilterLogEvents(c, in); err == nil {
			t.Errorf("the pattern %s is taken and not understood", text)
		}
	}
}

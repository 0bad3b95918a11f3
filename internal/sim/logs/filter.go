package logs

import (
	"cmp"
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/world"
)

// found is an event and the stream that it is in.
type found struct {
	stream string
	world.LogEvent
}

// FilterLogEvents reads the streams of a group together, in order of time: all of them, or those named or with a prefix.
func FilterLogEvents(c *world.Call, in *logs.FilterLogEventsInput) (*logs.FilterLogEventsOutput, error) {
	g, err := either(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	matches, err := readPattern(aws.ToString(in.FilterPattern))
	if err != nil {
		return nil, err
	}
	start, most, err := readWindow(in)
	if err != nil {
		return nil, err
	}
	prune(g, c.Now())
	all, err := gather(g, in, matches)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b found) int { return a.At.Compare(b.At) })
	start = min(start, len(all))
	end := min(start+most, len(all))
	out := &logs.FilterLogEventsOutput{Events: []types.FilteredLogEvent{}, SearchedLogStreams: []types.SearchedLogStream{}}
	for _, e := range all[start:end] {
		out.Events = append(out.Events, types.FilteredLogEvent{
			EventId: aws.String(e.ID), LogStreamName: aws.String(e.stream), Message: aws.String(e.Message),
			Timestamp: aws.Int64(e.At.UnixMilli()), IngestionTime: aws.Int64(e.Ingested.UnixMilli()),
		})
	}
	if end < len(all) {
		out.NextToken = aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end))))
	}
	return out, nil
}

// readWindow reads where a page begins and how many events it holds.
func readWindow(in *logs.FilterLogEventsInput) (start, most int, err error) {
	most = int(aws.ToInt32(cmp.Or(in.Limit, aws.Int32(mostEvents))))
	if most < 1 || most > mostEvents {
		return 0, 0, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", most, mostEvents)
	}
	if t := aws.ToString(in.NextToken); t != "" {
		b, _ := base64.StdEncoding.DecodeString(t)
		if start, err = strconv.Atoi(string(b)); err != nil || start < 0 {
			return 0, 0, invalid("The specified nextToken is invalid.")
		}
	}
	return start, most, nil
}

// gather finds the events that match in the streams asked for; the last millisecond asked for counts.
func gather(g *world.LogGroup, in *logs.FilterLogEventsInput, matches func(string) bool) ([]found, error) {
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil {
		return nil, invalid("LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.")
	}
	for _, name := range in.LogStreamNames {
		if _, err := findStream(g, &name); err != nil {
			return nil, err
		}
	}
	end := in.EndTime
	if end != nil {
		end = aws.Int64(*end + 1)
	}
	var all []found
	for name, s := range g.Streams.All() {
		asked := len(in.LogStreamNames) == 0 || slices.Contains(in.LogStreamNames, name)
		if !asked || !strings.HasPrefix(name, aws.ToString(in.LogStreamNamePrefix)) {
			continue
		}
		for _, e := range between(s.Events, in.StartTime, end) {
			if matches(e.Message) {
				all = append(all, found{name, e})
			}
		}
	}
	return all, nil
}

// term is a word or a quoted phrase of a filter pattern, with what stands before it.
var term = regexp.MustCompile(`([-?]?)("(?:[^"\\]|\\.)*"|\S+)`)

// readPattern reads a pattern for plain text: all terms must be there, none of those after a minus, and one of those after
// question marks (CloudWatch Logs user guide, "Filter pattern syntax"). Patterns for JSON, for columns and regular
// expressions are refused.
func readPattern(pattern string) (func(string) bool, error) {
	pattern = strings.TrimSpace(pattern)
	if strings.HasPrefix(pattern, "{") || strings.HasPrefix(pattern, "[") || strings.Contains(pattern, "%") {
		return nil, invalid("Filter patterns of this kind are not available in this Region.")
	}
	words := map[string][]string{}
	for _, m := range term.FindAllStringSubmatch(pattern, -1) {
		word := m[2]
		if plain, err := strconv.Unquote(word); err == nil && strings.HasPrefix(word, `"`) {
			word = plain
		}
		words[m[1]] = append(words[m[1]], word)
	}
	return func(text string) bool {
		has := func(word string) bool { return strings.Contains(text, word) }
		hasNot := func(word string) bool { return !has(word) }
		return !slices.ContainsFunc(words[""], hasNot) && !slices.ContainsFunc(words["-"], has) &&
			(len(words["?"]) == 0 || slices.ContainsFunc(words["?"], has))
	}, nil
}

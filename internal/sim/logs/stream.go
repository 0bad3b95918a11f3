package logs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// CreateLogStream makes an empty stream.
func CreateLogStream(c *world.Call, in *logs.CreateLogStreamInput) (*logs.CreateLogStreamOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	name, err := constrained("logStreamName", in.LogStreamName, streamForm)
	if err != nil {
		return nil, err
	}
	if _, ok := g.Streams.Get(name); ok {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log stream already exists")
	}
	g.Streams.Put(name, &world.LogStream{Name: name, ARN: g.ARN + ":log-stream:" + name, Created: c.Now()})
	return &logs.CreateLogStreamOutput{}, nil
}

func findStream(g *world.LogGroup, v *string) (*world.LogStream, error) {
	name, err := constrained("logStreamName", v, streamForm)
	if err != nil {
		return nil, err
	}
	s, ok := g.Streams.Get(name)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	return s, nil
}

// DeleteLogStream removes a stream with its events.
func DeleteLogStream(c *world.Call, in *logs.DeleteLogStreamInput) (*logs.DeleteLogStreamOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	s, err := findStream(g, in.LogStreamName)
	if err != nil {
		return nil, err
	}
	g.Streams.Delete(s.Name)
	return &logs.DeleteLogStreamOutput{}, nil
}

// DescribeLogStreams lists a group's streams by name, or by the time of their last event.
func DescribeLogStreams(c *world.Call, in *logs.DescribeLogStreamsInput) (*logs.DescribeLogStreamsOutput, error) {
	g, err := either(c, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	byTime := in.OrderBy == types.OrderByLastEventTime
	if byTime && in.LogStreamNamePrefix != nil {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	prune(g, c.Now())
	var found []*world.LogStream
	for s := range g.Streams.Rows() {
		if strings.HasPrefix(s.Name, aws.ToString(in.LogStreamNamePrefix)) {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b *world.LogStream) int { return compareStreams(a, b, byTime) })
	if aws.ToBool(in.Descending) {
		slices.Reverse(found)
	}
	rows, next, err := page(found, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &logs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{}, NextToken: next}
	for _, s := range rows {
		out.LogStreams = append(out.LogStreams, showStream(s))
	}
	return out, nil
}

func compareStreams(a, b *world.LogStream, byTime bool) int {
	if byTime {
		if d := cmp.Compare(last(a), last(b)); d != 0 {
			return d
		}
	}
	return cmp.Compare(a.Name, b.Name)
}

// last is the time of a stream's last event in milliseconds, 0 without one.
func last(s *world.LogStream) int64 {
	if len(s.Events) == 0 {
		return 0
	}
	return s.Events[len(s.Events)-1].At.UnixMilli()
}

func showStream(s *world.LogStream) types.LogStream {
	out := types.LogStream{
		LogStreamName: aws.String(s.Name), Arn: aws.String(s.ARN), CreationTime: aws.Int64(s.Created.UnixMilli()),
		StoredBytes: aws.Int64(0), //nolint:staticcheck // AWS answers zero since it is deprecated
	}
	if len(s.Events) > 0 {
		out.FirstEventTimestamp, out.LastEventTimestamp = aws.Int64(s.Events[0].At.UnixMilli()), aws.Int64(last(s))
	}
	if !s.Ingested.IsZero() {
		out.LastIngestionTime, out.UploadSequenceToken = aws.Int64(s.Ingested.UnixMilli()), aws.String(sequence(s))
	}
	return out
}

// stored is what a stream's events count for: their text and 26 bytes each.
func stored(s *world.LogStream) int64 {
	var n int64
	for _, e := range s.Events {
		n += int64(len(e.Message)) + 26
	}
	return n
}

package cloudwatch

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/world"
)

// Bounds of PutMetricData (CloudWatch API reference, PutMetricData).
const (
	mostData       = 1000
	mostValues     = 150
	mostDimensions = 30
	furthestPast   = 14 * 24 * time.Hour
	furthestAhead  = 2 * time.Hour
)

// PutMetricData measures something. All of a call is refused when one datum is wrong.
func PutMetricData(c *world.Call, in *cloudwatch.PutMetricDataInput) (*cloudwatch.PutMetricDataOutput, error) {
	namespace, err := required(in.Namespace, "Namespace")
	switch {
	case err != nil:
		return nil, err
	case strings.HasPrefix(namespace, "AWS/") || strings.HasPrefix(namespace, ":") || len(namespace) > 255:
		return nil, invalidMember(namespace, "Namespace")
	case len(in.EntityMetricData) > 0:
		return nil, unsupported("An entity of a metric")
	case len(in.MetricData) > mostData:
		return nil, invalid("The collection MetricData must not have a size greater than %d.", mostData)
	}
	type measurement struct {
		Datum
		span world.MetricSpan
	}
	var all []measurement
	for n, d := range in.MetricData {
		m := measurement{Datum: Datum{Namespace: namespace}}
		if m.Datum, m.span, err = readDatum(c, m.Datum, d, fmt.Sprintf("MetricData.member.%d", n+1)); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	for _, m := range all {
		add(c.World, c.Region, m.Datum, m.span)
	}
	return &cloudwatch.PutMetricDataOutput{}, nil
}

func readDatum(c *world.Call, d Datum, in types.MetricDatum, where string) (Datum, world.MetricSpan, error) {
	var span world.MetricSpan
	var err error
	if d.Name, err = required(in.MetricName, where+".MetricName"); err != nil {
		return d, span, err
	}
	if d.Dimensions, err = readDimensions(in.Dimensions, where+".Dimensions"); err != nil {
		return d, span, err
	}
	d.At = c.Now()
	if in.Timestamp != nil {
		d.At = in.Timestamp.UTC()
	}
	switch {
	case d.At.Before(c.Now().Add(-furthestPast)) || d.At.After(c.Now().Add(furthestAhead)):
		return d, span, invalid("The value %s for parameter %s.Timestamp must be specified within the last 2 weeks and at most 2 hours ahead.", d.At.Format(time.RFC3339), where)
	case in.StorageResolution != nil && *in.StorageResolution != 60:
		return d, span, unsupported("A high-resolution metric")
	case in.Unit != "" && !slices.Contains(in.Unit.Values(), in.Unit):
		return d, span, invalidMember(string(in.Unit), where+".Unit")
	}
	span, err = readValues(in, where)
	span.Unit = cmp.Or(string(in.Unit), none)
	return d, span, err
}

// readValues reads the one way in which a datum says what was measured.
func readValues(in types.MetricDatum, where string) (world.MetricSpan, error) {
	var s world.MetricSpan
	var err error
	switch {
	case in.Value != nil && len(in.Values) == 0 && in.StatisticValues == nil:
		s = world.MetricSpan{Count: 1, Sum: *in.Value, Min: *in.Value, Max: *in.Value}
	case in.Value == nil && len(in.Values) > 0 && in.StatisticValues == nil:
		s, err = readCounted(in, where)
	case in.Value == nil && len(in.Values) == 0 && in.StatisticValues != nil:
		s, err = readSet(in.StatisticValues, where)
	default:
		err = clash("Exactly one of the parameters %s.Value, %s.Values and %s.StatisticValues must be specified.", where, where, where)
	}
	if err != nil {
		return s, err
	}
	return s, checkValues(s, where)
}

// checkValues refuses what CloudWatch cannot add up.
func checkValues(s world.MetricSpan, where string) error {
	for _, v := range []float64{s.Count, s.Sum, s.Min, s.Max} {
		if math.IsNaN(v) || math.Abs(v) > math.Ldexp(1, 360) {
			return invalidMember(v, where+".Value")
		}
	}
	if s.Count <= 0 {
		return invalidMember(s.Count, where+".SampleCount")
	}
	return nil
}

// readCounted adds up values with their counts, which are 1 unless they are given.
func readCounted(in types.MetricDatum, where string) (world.MetricSpan, error) {
	if len(in.Values) > mostValues || len(in.Counts) > 0 && len(in.Counts) != len(in.Values) {
		return world.MetricSpan{}, clash("The parameters %s.Values and %s.Counts must have the same size, at most %d.", where, where, mostValues)
	}
	s := world.MetricSpan{Min: slices.Min(in.Values), Max: slices.Max(in.Values)}
	for n, v := range in.Values {
		count := 1.0
		if len(in.Counts) > 0 {
			count = in.Counts[n]
		}
		s.Count, s.Sum = s.Count+count, s.Sum+count*v
	}
	return s, nil
}

func readSet(set *types.StatisticSet, where string) (world.MetricSpan, error) {
	if set.SampleCount == nil || set.Sum == nil || set.Minimum == nil || set.Maximum == nil {
		_, err := required(nil, where+".StatisticValues")
		return world.MetricSpan{}, err
	}
	return world.MetricSpan{Count: *set.SampleCount, Sum: *set.Sum, Min: *set.Minimum, Max: *set.Maximum}, nil
}

func readDimensions(in []types.Dimension, where string) ([]world.Tag, error) {
	if len(in) > mostDimensions {
		return nil, invalid("The collection %s must not have a size greater than %d.", where, mostDimensions)
	}
	var out []world.Tag
	for n, d := range in {
		name, value := aws.ToString(d.Name), aws.ToString(d.Value)
		switch {
		case name == "" || len(name) > 255 || strings.HasPrefix(name, ":"):
			return nil, invalidMember(name, fmt.Sprintf("%s.member.%d.Name", where, n+1))
		case value == "" || len(value) > 1024:
			return nil, invalidMember(value, fmt.Sprintf("%s.member.%d.Value", where, n+1))
		case slices.ContainsFunc(out, func(t world.Tag) bool { return t.Key == name }):
			return nil, invalid("No dimension should have the same name: %s.", name)
		}
		out = append(out, world.Tag{Key: name, Value: value})
	}
	return out, nil
}

func viewDimensions(all []world.Tag) []types.Dimension {
	out := []types.Dimension{}
	for _, d := range all {
		out = append(out, types.Dimension{Name: aws.String(d.Key), Value: aws.String(d.Value)})
	}
	return out
}

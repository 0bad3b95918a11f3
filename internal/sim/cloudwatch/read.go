package cloudwatch

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Bounds of what one call reads (CloudWatch API reference, GetMetricStatistics and GetMetricData).
const (
	mostPoints    = 1440
	mostQueries   = 500
	mostDataTotal = 100_800
)

// series is what a call asks of one metric.
type series struct {
	metric   *world.Metric // nil: there is none
	unit     string
	period   time.Duration
	from, to time.Time
}

// each calls f for every period that has begun and has data, the oldest first.
func (s series) each(now time.Time, f func(at time.Time, sum summary)) {
	if s.metric == nil || len(s.metric.Spans) == 0 {
		return
	}
	from := s.from.Truncate(s.period)
	if first := s.metric.Spans[0].From.Truncate(s.period); first.After(from) {
		from = first
	}
	for at := from; at.Before(s.to) && !at.After(now); at = at.Add(s.period) {
		if sum := summarize(s.metric, s.unit, at, at.Add(s.period), now); sum.count > 0 {
			f(at, sum)
		}
	}
}

// readSpan checks a call's times and gives how many periods they hold.
func readSpan(from, to *time.Time, period time.Duration) (int, error) {
	switch {
	case from == nil:
		_, err := required(nil, "StartTime")
		return 0, err
	case to == nil:
		_, err := required(nil, "EndTime")
		return 0, err
	case !from.Before(*to):
		return 0, clash("The parameter StartTime must be less than the parameter EndTime.")
	}
	return int((to.Sub(*from) + period - 1) / period), nil
}

// GetMetricStatistics gives statistics of one metric by period, the oldest first.
func GetMetricStatistics(c *world.Call, in *cloudwatch.GetMetricStatisticsInput) (*cloudwatch.GetMetricStatisticsOutput, error) {
	name, err := required(in.MetricName, "MetricName")
	if err != nil {
		return nil, err
	}
	namespace, err := required(in.Namespace, "Namespace")
	if err != nil {
		return nil, err
	}
	dimensions, err := readDimensions(in.Dimensions, "Dimensions")
	if err != nil {
		return nil, err
	}
	period, err := readPeriod(in.Period, 30*oneDay)
	if err != nil {
		return nil, err
	}
	n, err := readSpan(in.StartTime, in.EndTime, period)
	if err != nil {
		return nil, err
	}
	if err := refuseStatistics(in, n); err != nil {
		return nil, err
	}
	key, _ := metricKey(namespace, name, dimensions)
	m, _ := c.Region.CloudWatch.Metrics.Get(key)
	out := &cloudwatch.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []types.Datapoint{}}
	series{m, string(in.Unit), period, *in.StartTime, *in.EndTime}.each(c.Now(), func(at time.Time, sum summary) {
		out.Datapoints = append(out.Datapoints, datapoint(at, sum, in.Statistics, unitOf(m, string(in.Unit))))
	})
	return out, nil
}

func refuseStatistics(in *cloudwatch.GetMetricStatisticsInput, n int) error {
	switch {
	case n > mostPoints:
		return clash("You have requested up to %d datapoints, which exceeds the limit of %d. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n, mostPoints)
	case len(in.ExtendedStatistics) > 0:
		return unsupported("A percentile")
	case len(in.Statistics) == 0:
		return clash("At least one of the parameters Statistics and ExtendedStatistics must be specified.")
	}
	for _, s := range in.Statistics {
		if !slices.Contains(statistics(), string(s)) {
			return invalidMember(string(s), "Statistics")
		}
	}
	return nil
}

// unitOf is the unit that a datapoint of a metric has.
func unitOf(m *world.Metric, asked string) types.StandardUnit {
	if asked != "" {
		return types.StandardUnit(asked)
	}
	return types.StandardUnit(m.Spans[len(m.Spans)-1].Unit)
}

func datapoint(at time.Time, sum summary, asked []types.Statistic, unit types.StandardUnit) types.Datapoint {
	p := types.Datapoint{Timestamp: aws.Time(at), Unit: unit}
	for _, s := range asked {
		value := aws.Float64(sum.of(string(s)))
		switch s {
		case types.StatisticSampleCount:
			p.SampleCount = value
		case types.StatisticSum:
			p.Sum = value
		case types.StatisticMinimum:
			p.Minimum = value
		case types.StatisticMaximum:
			p.Maximum = value
		case types.StatisticAverage:
			p.Average = value
		}
	}
	return p
}

// GetMetricData gives statistics of several metrics, the newest first unless it is asked otherwise.
func GetMetricData(c *world.Call, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	switch {
	case len(in.MetricDataQueries) == 0:
		_, err := required(nil, "MetricDataQueries")
		return nil, err
	case len(in.MetricDataQueries) > mostQueries:
		return nil, wire.Errorf("ValidationError", "The collection MetricDataQueries must not have a size greater than %d.", mostQueries)
	case in.NextToken != nil:
		return nil, wire.Errorf("InvalidNextToken", "The next token is invalid.") // an answer has all there is
	}
	out := &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}, Messages: []types.MessageData{}}
	total := 0
	for _, q := range in.MetricDataQueries {
		s, stat, err := readQuery(c, q, in)
		if err != nil {
			return nil, err
		}
		result := types.MetricDataResult{Id: q.Id, Label: q.Label, StatusCode: types.StatusCodeComplete, Timestamps: []time.Time{}, Values: []float64{}}
		if result.Label == nil {
			result.Label = q.MetricStat.Metric.MetricName
		}
		s.each(c.Now(), func(at time.Time, sum summary) {
			result.Timestamps, result.Values = append(result.Timestamps, at), append(result.Values, sum.of(stat))
		})
		if in.ScanBy != types.ScanByTimestampAscending {
			slices.Reverse(result.Timestamps)
			slices.Reverse(result.Values)
		}
		if total += len(result.Values); total > mostDataTotal {
			return nil, wire.Errorf("ValidationError", "The request would return more than %d datapoints.", mostDataTotal)
		}
		if q.ReturnData == nil || *q.ReturnData {
			out.MetricDataResults = append(out.MetricDataResults, result)
		}
	}
	return out, nil
}

func readQuery(c *world.Call, q types.MetricDataQuery, in *cloudwatch.GetMetricDataInput) (series, string, error) {
	var s series
	if _, err := required(q.Id, "MetricDataQueries.Id"); err != nil {
		return s, "", err
	}
	switch {
	case q.Expression != nil:
		return s, "", unsupported("A metric math expression")
	case q.AccountId != nil && *q.AccountId != world.Account:
		return s, "", unsupported("A metric of another account")
	case q.MetricStat == nil || q.MetricStat.Metric == nil:
		_, err := required(nil, "MetricDataQueries.MetricStat")
		return s, "", err
	}
	name, err := required(q.MetricStat.Metric.MetricName, "MetricDataQueries.MetricStat.Metric.MetricName")
	if err != nil {
		return s, "", err
	}
	stat := aws.ToString(q.MetricStat.Stat)
	if !slices.Contains(statistics(), stat) {
		return s, "", unsupported("The statistic '" + stat + "'")
	}
	dimensions, err := readDimensions(q.MetricStat.Metric.Dimensions, "MetricDataQueries.MetricStat.Metric.Dimensions")
	if err != nil {
		return s, "", err
	}
	if s.period, err = readPeriod(q.MetricStat.Period, 30*oneDay); err != nil {
		return s, "", err
	}
	if _, err := readSpan(in.StartTime, in.EndTime, s.period); err != nil {
		return s, "", err
	}
	s.from, s.to, s.unit = *in.StartTime, *in.EndTime, string(q.MetricStat.Unit)
	key, _ := metricKey(aws.ToString(q.MetricStat.Metric.Namespace), name, dimensions)
	s.metric, _ = c.Region.CloudWatch.Metrics.Get(key)
	return s, stat, nil
}

// ListMetrics lists the metrics that had data within two weeks (CloudWatch API reference, ListMetrics).
func ListMetrics(c *world.Call, in *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
	if aws.ToBool(in.IncludeLinkedAccounts) || in.OwningAccount != nil && *in.OwningAccount != world.Account {
		return nil, unsupported("A metric of another account")
	}
	since := furthestPast
	if in.RecentlyActive == types.RecentlyActivePt3h {
		since = 3 * time.Hour
	}
	rows := []types.Metric{}
	for m := range c.Region.CloudWatch.Metrics.Rows() {
		if held(m) == nil && m.Last.Before(c.Now().Add(-since)) || in.Namespace != nil && *in.Namespace != m.Namespace || in.MetricName != nil && *in.MetricName != m.Name {
			continue
		}
		if has(m, in.Dimensions) {
			rows = append(rows, types.Metric{Namespace: aws.String(m.Namespace), MetricName: aws.String(m.Name), Dimensions: viewDimensions(m.Dimensions)})
		}
	}
	rows, next, err := page(rows, nil, in.NextToken, 500, 500)
	if err != nil {
		return nil, err
	}
	return &cloudwatch.ListMetricsOutput{Metrics: rows, NextToken: next}, nil
}

// has tells whether a metric has all the dimensions of a filter.
func has(m *world.Metric, filters []types.DimensionFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(m.Dimensions, func(d world.Tag) bool {
			return d.Key == aws.ToString(f.Name) && (f.Value == nil || d.Value == *f.Value)
		}) {
			return false
		}
	}
	return true
}

package cloudwatch

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/world"
)

// DescribeAlarms lists alarms by name, by prefix, by state or by what they call. Only metric alarms exist.
func DescribeAlarms(c *world.Call, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
	switch {
	case len(in.AlarmNames) > 0 && in.AlarmNamePrefix != nil:
		return nil, clash("The parameters AlarmNames and AlarmNamePrefix cannot be used together.")
	case len(in.AlarmNames) > 100:
		return nil, invalid("The collection AlarmNames must not have a size greater than 100.")
	case in.ChildrenOfAlarmName != nil || in.ParentsOfAlarmName != nil:
		return nil, unsupported("A composite alarm")
	case in.StateValue != "" && !slices.Contains(in.StateValue.Values(), in.StateValue):
		return nil, invalidMember(string(in.StateValue), "StateValue")
	}
	rows := []types.MetricAlarm{}
	for a := range c.Region.CloudWatch.Alarms.Rows() {
		if asked(a, in) {
			rows = append(rows, view(a))
		}
	}
	rows, next, err := page(rows, in.MaxRecords, in.NextToken, 50, 100)
	if err != nil {
		return nil, err
	}
	return &cloudwatch.DescribeAlarmsOutput{
		MetricAlarms: rows, CompositeAlarms: []types.CompositeAlarm{}, LogAlarms: []types.LogAlarm{}, NextToken: next,
	}, nil
}

func asked(a *world.MetricAlarm, in *cloudwatch.DescribeAlarmsInput) bool {
	calls := func(arn string) bool { return strings.HasPrefix(arn, aws.ToString(in.ActionPrefix)) }
	return (len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, a.Name)) &&
		strings.HasPrefix(a.Name, aws.ToString(in.AlarmNamePrefix)) &&
		(in.StateValue == "" || string(in.StateValue) == a.State) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, types.AlarmTypeMetricAlarm)) &&
		(in.ActionPrefix == nil || slices.ContainsFunc(slices.Concat(a.OK, a.Alarm, a.Unknown), calls))
}

// DescribeAlarmsForMetric lists the alarms over one metric.
func DescribeAlarmsForMetric(c *world.Call, in *cloudwatch.DescribeAlarmsForMetricInput) (*cloudwatch.DescribeAlarmsForMetricOutput, error) {
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
	if in.ExtendedStatistic != nil {
		return nil, unsupported("A percentile")
	}
	_, dimensions = metricKey("", "", dimensions)
	out := &cloudwatch.DescribeAlarmsForMetricOutput{MetricAlarms: []types.MetricAlarm{}}
	for a := range c.Region.CloudWatch.Alarms.Rows() {
		if a.Metric == name && a.Namespace == namespace && slices.Equal(a.Dimensions, dimensions) &&
			(in.Statistic == "" || string(in.Statistic) == a.Statistic) && (in.Unit == "" || string(in.Unit) == a.Unit) &&
			(in.Period == nil || int(*in.Period) == a.Period) {
			out.MetricAlarms = append(out.MetricAlarms, view(a))
		}
	}
	return out, nil
}

func view(a *world.MetricAlarm) types.MetricAlarm {
	v := types.MetricAlarm{
		AlarmName: aws.String(a.Name), AlarmArn: aws.String(a.ARN), AlarmDescription: text(a.Description), ActionsEnabled: aws.Bool(a.Enabled),
		OKActions: list(a.OK), AlarmActions: list(a.Alarm), InsufficientDataActions: list(a.Unknown),
		Namespace: aws.String(a.Namespace), MetricName: aws.String(a.Metric), Dimensions: viewDimensions(a.Dimensions),
		Statistic: types.Statistic(a.Statistic), Unit: types.StandardUnit(a.Unit), ComparisonOperator: types.ComparisonOperator(a.Comparison),
		Threshold: aws.Float64(a.Threshold), Period: aws.Int32(int32(a.Period)), EvaluationPeriods: aws.Int32(int32(a.Periods)),
		StateValue: types.StateValue(a.State), StateReason: aws.String(a.Reason), StateReasonData: text(a.ReasonData),
		AlarmConfigurationUpdatedTimestamp: aws.Time(a.Configured), StateUpdatedTimestamp: aws.Time(a.StateUpdated),
		StateTransitionedTimestamp: aws.Time(a.StateChanged),
	}
	if a.MissingSet {
		v.TreatMissingData = aws.String(a.Missing)
	}
	if a.ToAlarmSet {
		v.DatapointsToAlarm = aws.Int32(int32(a.ToAlarm))
	}
	return v
}

// text is a text that is left out when it is empty.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// list is a list that is there even when it is empty.
func list(all []string) []string { return append([]string{}, all...) }

// DescribeAlarmHistory lists what happened to alarms, the newest first unless it is asked otherwise.
func DescribeAlarmHistory(c *world.Call, in *cloudwatch.DescribeAlarmHistoryInput) (*cloudwatch.DescribeAlarmHistoryOutput, error) {
	if in.AlarmContributorId != nil {
		return nil, unsupported("A contributor of an alarm")
	}
	if len(in.AlarmTypes) > 0 && !slices.Contains(in.AlarmTypes, types.AlarmTypeMetricAlarm) {
		return &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: []types.AlarmHistoryItem{}}, nil
	}
	rows := []types.AlarmHistoryItem{}
	for _, e := range c.Region.CloudWatch.History {
		if (in.AlarmName == nil || *in.AlarmName == e.Alarm) && (in.HistoryItemType == "" || string(in.HistoryItemType) == e.Type) && within(e.At, in.StartDate, in.EndDate) {
			rows = append(rows, types.AlarmHistoryItem{
				AlarmName: aws.String(e.Alarm), AlarmType: types.AlarmTypeMetricAlarm, HistoryItemType: types.HistoryItemType(e.Type),
				HistorySummary: aws.String(e.Summary), HistoryData: aws.String(e.Detail), Timestamp: aws.Time(e.At),
			})
		}
	}
	if in.ScanBy != types.ScanByTimestampAscending {
		slices.Reverse(rows)
	}
	rows, next, err := page(rows, in.MaxRecords, in.NextToken, 100, 100)
	if err != nil {
		return nil, err
	}
	return &cloudwatch.DescribeAlarmHistoryOutput{AlarmHistoryItems: rows, NextToken: next}, nil
}

func within(at time.Time, from, to *time.Time) bool {
	return (from == nil || !at.Before(*from)) && (to == nil || !at.After(*to))
}

package cloudwatch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Bounds of alarms (CloudWatch user guide, "CloudWatch service quotas"; API reference, PutMetricAlarm).
const (
	mostAlarms  = 5000
	mostActions = 5
	longestLook = 7 * 24 * time.Hour
	oneDay      = 86_400
)

// PutMetricAlarm makes an alarm, or replaces all of one but its state, its history and its tags.
func PutMetricAlarm(c *world.Call, in *cloudwatch.PutMetricAlarmInput) (*cloudwatch.PutMetricAlarmOutput, error) {
	a, err := readAlarm(c, in)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	if _, ok := c.Region.CloudWatch.Alarms.Get(a.Name); !ok {
		if c.Region.CloudWatch.Alarms.Len() >= mostAlarms {
			return nil, wire.Errorf("LimitExceededFault", "The maximum number of alarms has been reached: %d.", mostAlarms)
		}
		a.Tags = tags
	}
	PutAlarm(c.World, c.Region, a)
	return &cloudwatch.PutMetricAlarmOutput{}, nil
}

// PutAlarm puts an alarm into a region, as AWS's own services do. Name, metric, statistic, comparison, period and the numbers
// of periods must be set.
func PutAlarm(w *world.World, r *world.Region, a *world.MetricAlarm) {
	a.ARN = alarmARN(r, a.Name)
	a.Missing = cmp.Or(a.Missing, missingMissing)
	_, a.Dimensions = metricKey("", "", a.Dimensions)
	a.Configured = w.Now()
	old, ok := r.CloudWatch.Alarms.Get(a.Name)
	if ok {
		a.State, a.Reason, a.ReasonData, a.StateUpdated, a.StateChanged = old.State, old.Reason, old.ReasonData, old.StateUpdated, old.StateChanged
		a.Tags = old.Tags
		configured(w, r, a.Name, "Update")
	} else {
		a.State, a.Reason, a.StateUpdated, a.StateChanged = unknown, "Unchecked: Initial alarm creation", w.Now(), w.Now()
		configured(w, r, a.Name, "Create")
	}
	r.CloudWatch.Alarms.Put(a.Name, a)
	watch(w, r, a)
}

// configured notes that somebody made, changed or deleted an alarm.
func configured(w *world.World, r *world.Region, name, what string) {
	done := map[string]string{"Create": "created", "Update": "updated", "Delete": "deleted"}[what]
	note(w, r, world.AlarmEvent{Alarm: name, Type: "ConfigurationUpdate", Summary: `Alarm "` + name + `" ` + done}, map[string]any{"version": "1.0", "type": what})
}

func alarmARN(r *world.Region, name string) string {
	return "arn:aws:cloudwatch:" + r.Name + ":" + world.Account + ":alarm:" + name
}

func readAlarm(c *world.Call, in *cloudwatch.PutMetricAlarmInput) (*world.MetricAlarm, error) {
	name, err := required(in.AlarmName, "AlarmName")
	if err != nil {
		return nil, err
	}
	if len(name) > 255 {
		return nil, invalid("The parameter AlarmName must be shorter than 256 characters.")
	}
	if err := refuseAlarm(in); err != nil {
		return nil, err
	}
	a := &world.MetricAlarm{
		Name: name, Description: aws.ToString(in.AlarmDescription), Enabled: in.ActionsEnabled == nil || *in.ActionsEnabled,
		Unit: string(in.Unit), Comparison: string(in.ComparisonOperator), Threshold: *in.Threshold,
	}
	if err := readMetricOf(a, in); err != nil {
		return nil, err
	}
	if err := readPeriods(a, in); err != nil {
		return nil, err
	}
	for _, list := range []struct {
		to   *[]string
		from []string
		name string
	}{
		{&a.OK, in.OKActions, "OKActions"}, {&a.Alarm, in.AlarmActions, "AlarmActions"}, {&a.Unknown, in.InsufficientDataActions, "InsufficientDataActions"},
	} {
		if *list.to, err = readActions(c, list.from, list.name); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// refuseAlarm refuses what an alarm must have and what it cannot be.
func refuseAlarm(in *cloudwatch.PutMetricAlarmInput) error {
	switch {
	case len(in.Metrics) > 0 || in.ThresholdMetricId != nil:
		return unsupported("An alarm on a metric math expression")
	case in.ExtendedStatistic != nil || in.EvaluateLowSampleCountPercentile != nil:
		return unsupported("An alarm on a percentile")
	case in.EvaluationCriteria != nil || in.EvaluationInterval != nil || in.EvaluationWindow != nil || in.WarmUpConfiguration != nil:
		return unsupported("An alarm on a query")
	case in.ActionConfiguration != nil:
		return unsupported("An action configuration")
	case in.Threshold == nil:
		return wire.Errorf("MissingRequiredParameterException", "The parameter Threshold is required.")
	case !slices.Contains([]string{
		"GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
	}, string(in.ComparisonOperator)):
		return invalidMember(string(in.ComparisonOperator), "ComparisonOperator")
	case in.Unit != "" && !slices.Contains(in.Unit.Values(), in.Unit):
		return invalidMember(string(in.Unit), "Unit")
	}
	return nil
}

func readMetricOf(a *world.MetricAlarm, in *cloudwatch.PutMetricAlarmInput) (err error) {
	if a.Namespace, err = required(in.Namespace, "Namespace"); err != nil {
		return err
	}
	if a.Metric, err = required(in.MetricName, "MetricName"); err != nil {
		return err
	}
	if a.Statistic = string(in.Statistic); !slices.Contains(statistics(), a.Statistic) {
		return invalidMember(a.Statistic, "Statistic")
	}
	a.Dimensions, err = readDimensions(in.Dimensions, "Dimensions")
	return err
}

func readPeriods(a *world.MetricAlarm, in *cloudwatch.PutMetricAlarmInput) error {
	period, err := readPeriod(in.Period, oneDay*7)
	if err != nil {
		return err
	}
	a.Period, a.Periods = int(period/time.Second), int(aws.ToInt32(in.EvaluationPeriods))
	a.ToAlarm, a.ToAlarmSet = int(cmp.Or(aws.ToInt32(in.DatapointsToAlarm), int32(a.Periods))), in.DatapointsToAlarm != nil
	a.Missing, a.MissingSet = cmp.Or(aws.ToString(in.TreatMissingData), missingMissing), in.TreatMissingData != nil
	longest := longestLook
	if period < time.Hour {
		longest = oneDay * time.Second
	}
	switch {
	case a.Periods < 1:
		return invalidMember(a.Periods, "EvaluationPeriods")
	case a.ToAlarm < 1 || a.ToAlarm > a.Periods:
		return invalid("The parameter DatapointsToAlarm must be between 1 and EvaluationPeriods.")
	case period > longest/time.Duration(a.Periods):
		return invalid("Metrics cannot be checked across more than %d seconds (EvaluationPeriods * Period must be <= %d).", int(longest.Seconds()), int(longest.Seconds()))
	case !slices.Contains([]string{missingMissing, missingIgnored, missingBreaching, missingNotBreaching}, a.Missing):
		return invalidMember(a.Missing, "TreatMissingData")
	}
	return nil
}

// readActions checks what an alarm calls: topics, and scaling policies.
func readActions(c *world.Call, in []string, parameter string) ([]string, error) {
	if len(in) > mostActions {
		return nil, invalid("The collection %s must not have a size greater than %d.", parameter, mostActions)
	}
	for _, arn := range in {
		parts := strings.SplitN(arn, ":", 6)
		switch {
		case len(parts) != 6 || parts[0] != "arn":
			return nil, invalid("Invalid arn syntax: %s", arn)
		case parts[2] != "sns" && !policyARN(parts[2], parts[5]):
			return nil, unsupported("The alarm action " + arn)
		case parts[3] != c.Region.Name:
			return nil, invalid("Invalid region %s specified. Only %s is supported.", parts[3], c.Region.Name)
		}
	}
	return in, nil
}

// policyARN tells whether the service and the rest of an ARN name a scaling policy of an Auto Scaling group: those of Application
// Auto Scaling, which scale a resource, are not simulated.
func policyARN(service, rest string) bool {
	return service == "autoscaling" && strings.HasPrefix(rest, "scalingPolicy:") && strings.Contains(rest, ":autoScalingGroupName/")
}

// DeleteAlarms deletes alarms; if one of them is not there nothing is deleted.
func DeleteAlarms(c *world.Call, in *cloudwatch.DeleteAlarmsInput) (*cloudwatch.DeleteAlarmsOutput, error) {
	if err := each(c, in.AlarmNames, func(*world.MetricAlarm) {}); err != nil {
		return nil, err
	}
	RemoveAlarms(c.World, c.Region, in.AlarmNames...)
	return &cloudwatch.DeleteAlarmsOutput{}, nil
}

// RemoveAlarms takes alarms out of a region, those that are there.
func RemoveAlarms(w *world.World, r *world.Region, names ...string) {
	for _, name := range names {
		if _, ok := r.CloudWatch.Alarms.Get(name); ok {
			r.CloudWatch.Alarms.Delete(name)
			configured(w, r, name, "Delete")
		}
	}
}

// each does something to all alarms with these names, or to none if one is not there.
func each(c *world.Call, names []string, do func(*world.MetricAlarm)) error {
	if len(names) == 0 {
		return wire.Errorf("MissingRequiredParameterException", "The parameter AlarmNames is required.")
	}
	if len(names) > 100 {
		return invalid("The collection AlarmNames must not have a size greater than 100.")
	}
	var all []*world.MetricAlarm
	for _, name := range names {
		a, ok := c.Region.CloudWatch.Alarms.Get(name)
		if !ok {
			return wire.Errorf("ResourceNotFound", "Alarm %s does not exist.", name).WithStatus(404)
		}
		all = append(all, a)
	}
	for _, a := range all {
		do(a)
	}
	return nil
}

// EnableAlarmActions lets alarms act on their next changes.
func EnableAlarmActions(c *world.Call, in *cloudwatch.EnableAlarmActionsInput) (*cloudwatch.EnableAlarmActionsOutput, error) {
	return &cloudwatch.EnableAlarmActionsOutput{}, each(c, in.AlarmNames, func(a *world.MetricAlarm) { a.Enabled, a.Configured = true, c.Now() })
}

// DisableAlarmActions keeps alarms from acting.
func DisableAlarmActions(c *world.Call, in *cloudwatch.DisableAlarmActionsInput) (*cloudwatch.DisableAlarmActionsOutput, error) {
	return &cloudwatch.DisableAlarmActionsOutput{}, each(c, in.AlarmNames, func(a *world.MetricAlarm) { a.Enabled, a.Configured = false, c.Now() })
}

// SetAlarmState brings an alarm into a state until it is evaluated next, at the end of its period.
func SetAlarmState(c *world.Call, in *cloudwatch.SetAlarmStateInput) (*cloudwatch.SetAlarmStateOutput, error) {
	name, err := required(in.AlarmName, "AlarmName")
	if err != nil {
		return nil, err
	}
	reason, err := required(in.StateReason, "StateReason")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(types.StateValue("").Values(), in.StateValue) {
		return nil, invalidMember(string(in.StateValue), "StateValue")
	}
	a, ok := c.Region.CloudWatch.Alarms.Get(name)
	if !ok {
		return nil, wire.Errorf("ResourceNotFound", "Alarm %s does not exist.", name).WithStatus(404)
	}
	a.Seen = datapoints(aws.ToString(in.StateReasonData))
	setState(c.World, c.Region, a, verdict{string(in.StateValue), reason, aws.ToString(in.StateReasonData)})
	watch(c.World, c.Region, a)
	return &cloudwatch.SetAlarmStateOutput{}, nil
}

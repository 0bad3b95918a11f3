// Package step is what simple and step scaling policies say: in go the settings of a call and what an alarm has seen, out come
// the policy's settings and by how much it changes a capacity (Auto Scaling user guide, "Step and simple scaling policies").
//
// It must never change a group.
package step

import (
	"cmp"
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/asg/listing"
	"berth/internal/sim/world"
)

// The types of the policies; one without a type is a simple one.
const (
	Stepping = "StepScaling"
	Simple   = "SimpleScaling"
)

// Read reads a simple or step policy, or refuses it with a ValidationError.
func Read(name, kind string, in *autoscaling.PutScalingPolicyInput) (*world.ScalingPolicy, error) {
	s := &world.PolicyStep{Adjustment: aws.ToString(in.AdjustmentType), MinMagnitude: in.MinAdjustmentMagnitude}
	if !slices.Contains(catalogue.AdjustmentTypes(), s.Adjustment) {
		return nil, listing.Invalid("AdjustmentType '%s' is not valid: the valid types are ChangeInCapacity, ExactCapacity and PercentChangeInCapacity", s.Adjustment)
	}
	if s.MinMagnitude == nil {
		s.MinMagnitude = in.MinAdjustmentStep //nolint:staticcheck // the old name, which old clients still send
	}
	if s.MinMagnitude != nil && s.Adjustment != "PercentChangeInCapacity" {
		return nil, listing.Invalid("MinAdjustmentMagnitude is only supported with the PercentChangeInCapacity adjustment type")
	}
	var err error
	if kind == Simple {
		err = readSimple(s, in)
	} else {
		err = readBounds(s, in)
	}
	return &world.ScalingPolicy{
		Name: name, Type: kind, Disabled: in.Enabled != nil && !*in.Enabled, Warmup: in.EstimatedInstanceWarmup, Steps: s,
	}, err
}

func readSimple(s *world.PolicyStep, in *autoscaling.PutScalingPolicyInput) error {
	switch {
	case in.ScalingAdjustment == nil:
		return listing.Invalid("ScalingAdjustment is required for the SimpleScaling policy type")
	case len(in.StepAdjustments) > 0 || in.MetricAggregationType != nil || in.EstimatedInstanceWarmup != nil:
		return listing.Invalid("StepAdjustments, MetricAggregationType and EstimatedInstanceWarmup are not supported by the SimpleScaling policy type")
	}
	s.By, s.Cooldown = in.ScalingAdjustment, in.Cooldown
	return nil
}

func readBounds(s *world.PolicyStep, in *autoscaling.PutScalingPolicyInput) error {
	switch {
	case len(in.StepAdjustments) == 0:
		return listing.Invalid("At least one StepAdjustment is required for the StepScaling policy type")
	case len(in.StepAdjustments) > 20:
		return listing.Invalid("The number of step adjustments exceeds the maximum of 20")
	case in.ScalingAdjustment != nil || in.Cooldown != nil:
		return listing.Invalid("ScalingAdjustment and Cooldown are not supported by the StepScaling policy type")
	}
	s.Aggregation = cmp.Or(aws.ToString(in.MetricAggregationType), "Average")
	if !slices.Contains([]string{"Average", "Minimum", "Maximum"}, s.Aggregation) {
		return listing.Invalid("MetricAggregationType '%s' is not valid: the valid types are Minimum, Maximum and Average", s.Aggregation)
	}
	for _, a := range in.StepAdjustments {
		if a.ScalingAdjustment == nil {
			return listing.Missing("stepAdjustments.scalingAdjustment")
		}
		b := world.StepBound{Lower: a.MetricIntervalLowerBound, Upper: a.MetricIntervalUpperBound, By: *a.ScalingAdjustment}
		if floor(b) >= ceiling(b) {
			return listing.Invalid("The lower bound of a step adjustment must be less than its upper bound")
		}
		if slices.ContainsFunc(s.Bounds, func(x world.StepBound) bool { return floor(b) < ceiling(x) && floor(x) < ceiling(b) }) {
			return listing.Invalid("StepAdjustment intervals can't overlap")
		}
		s.Bounds = append(s.Bounds, b)
	}
	return nil
}

func floor(b world.StepBound) float64 {
	if b.Lower == nil {
		return math.Inf(-1)
	}
	return *b.Lower
}

func ceiling(b world.StepBound) float64 {
	if b.Upper == nil {
		return math.Inf(1)
	}
	return *b.Upper
}

// View is a policy as Auto Scaling tells it, without its group and the alarms that call it.
func View(p *world.ScalingPolicy) types.ScalingPolicy {
	v := types.ScalingPolicy{
		PolicyName: aws.String(p.Name), PolicyARN: aws.String(p.ARN), PolicyType: aws.String(p.Type),
		Enabled: aws.Bool(!p.Disabled), EstimatedInstanceWarmup: p.Warmup, StepAdjustments: []types.StepAdjustment{},
		AdjustmentType: aws.String(p.Steps.Adjustment), MinAdjustmentMagnitude: p.Steps.MinMagnitude,
		ScalingAdjustment: p.Steps.By, Cooldown: p.Steps.Cooldown,
	}
	if p.Steps.Aggregation != "" {
		v.MetricAggregationType = aws.String(p.Steps.Aggregation)
	}
	for _, b := range p.Steps.Bounds {
		v.StepAdjustments = append(v.StepAdjustments, types.StepAdjustment{
			MetricIntervalLowerBound: b.Lower, MetricIntervalUpperBound: b.Upper, ScalingAdjustment: aws.Int32(b.By),
		})
	}
	return v
}

// At is the adjustment of the step that a metric is in, this far past the threshold. From the threshold upward a step begins
// with its lower bound, below it ends with its upper one (Auto Scaling API reference, StepAdjustment).
func At(p *world.ScalingPolicy, past float64) *int32 {
	for i, b := range p.Steps.Bounds {
		if past >= 0 && floor(b) <= past && past < ceiling(b) || past <= 0 && floor(b) < past && past <= ceiling(b) {
			return &p.Steps.Bounds[i].By
		}
	}
	return nil
}

// Of is the adjustment for what an alarm has seen, nil outside of all steps and where it has seen nothing.
func Of(p *world.ScalingPolicy, a *world.MetricAlarm) *int32 {
	if len(a.Seen) == 0 {
		return nil
	}
	value := 0.0
	switch p.Steps.Aggregation {
	case "Minimum":
		value = slices.Min(a.Seen)
	case "Maximum":
		value = slices.Max(a.Seen)
	default:
		for _, v := range a.Seen {
			value += v / float64(len(a.Seen))
		}
	}
	return At(p, value-a.Threshold)
}

// Adjusted is a capacity after an adjustment. Changes in percent are rounded away from nothing: more than one down, less
// than one up to one (Auto Scaling user guide, "Step and simple scaling policies", Scaling adjustment types).
func Adjusted(have, by int, s *world.PolicyStep) int {
	switch s.Adjustment {
	case "ExactCapacity":
		return by
	case "ChangeInCapacity":
		return have + by
	}
	change := have * by / 100
	if change == 0 && have*by != 0 {
		change = sign(by)
	}
	if s.MinMagnitude != nil && by != 0 && max(change, -change) < int(*s.MinMagnitude) {
		change = sign(by) * int(*s.MinMagnitude)
	}
	return have + change
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

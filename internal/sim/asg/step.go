package asg

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

// readSteps reads a simple or step policy.
func readSteps(name, kind string, in *autoscaling.PutScalingPolicyInput) (*world.ScalingPolicy, error) {
	s := &world.PolicyStep{Adjustment: aws.ToString(in.AdjustmentType), MinMagnitude: in.MinAdjustmentMagnitude}
	if !slices.Contains(catalogue.AdjustmentTypes(), s.Adjustment) {
		return nil, invalid("AdjustmentType '%s' is not valid: the valid types are ChangeInCapacity, ExactCapacity and PercentChangeInCapacity", s.Adjustment)
	}
	if s.MinMagnitude == nil {
		s.MinMagnitude = in.MinAdjustmentStep //nolint:staticcheck // the old name, which old clients still send
	}
	if s.MinMagnitude != nil && s.Adjustment != "PercentChangeInCapacity" {
		return nil, invalid("MinAdjustmentMagnitude is only supported with the PercentChangeInCapacity adjustment type")
	}
	var err error
	if kind == simple {
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
		return invalid("ScalingAdjustment is required for the SimpleScaling policy type")
	case len(in.StepAdjustments) > 0 || in.MetricAggregationType != nil || in.EstimatedInstanceWarmup != nil:
		return invalid("StepAdjustments, MetricAggregationType and EstimatedInstanceWarmup are not supported by the SimpleScaling policy type")
	}
	s.By, s.Cooldown = in.ScalingAdjustment, in.Cooldown
	return nil
}

func readBounds(s *world.PolicyStep, in *autoscaling.PutScalingPolicyInput) error {
	switch {
	case len(in.StepAdjustments) == 0:
		return invalid("At least one StepAdjustment is required for the StepScaling policy type")
	case len(in.StepAdjustments) > 20:
		return invalid("The number of step adjustments exceeds the maximum of 20")
	case in.ScalingAdjustment != nil || in.Cooldown != nil:
		return invalid("ScalingAdjustment and Cooldown are not supported by the StepScaling policy type")
	}
	s.Aggregation = cmp.Or(aws.ToString(in.MetricAggregationType), "Average")
	if !slices.Contains([]string{"Average", "Minimum", "Maximum"}, s.Aggregation) {
		return invalid("MetricAggregationType '%s' is not valid: the valid types are Minimum, Maximum and Average", s.Aggregation)
	}
	for _, a := range in.StepAdjustments {
		if a.ScalingAdjustment == nil {
			return missing("stepAdjustments.scalingAdjustment")
		}
		b := world.StepBound{Lower: a.MetricIntervalLowerBound, Upper: a.MetricIntervalUpperBound, By: *a.ScalingAdjustment}
		if floor(b) >= ceiling(b) {
			return invalid("The lower bound of a step adjustment must be less than its upper bound")
		}
		if slices.ContainsFunc(s.Bounds, func(x world.StepBound) bool { return floor(b) < ceiling(x) && floor(x) < ceiling(b) }) {
			return invalid("StepAdjustment intervals can't overlap")
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

func viewSteps(r *world.Region, g *world.ScalingGroup, p *world.ScalingPolicy) types.ScalingPolicy {
	v := types.ScalingPolicy{
		AutoScalingGroupName: aws.String(g.Name), PolicyName: aws.String(p.Name), PolicyARN: aws.String(p.ARN), PolicyType: aws.String(p.Type),
		Enabled: aws.Bool(!p.Disabled), EstimatedInstanceWarmup: p.Warmup, StepAdjustments: []types.StepAdjustment{},
		AdjustmentType: aws.String(p.Steps.Adjustment), MinAdjustmentMagnitude: p.Steps.MinMagnitude, MetricAggregationType: text(p.Steps.Aggregation),
		ScalingAdjustment: p.Steps.By, Cooldown: p.Steps.Cooldown,
	}
	for _, a := range cloudwatch.Callers(r, p.ARN) {
		v.Alarms = append(v.Alarms, types.Alarm{AlarmName: aws.String(a.Name), AlarmARN: aws.String(a.ARN)})
	}
	for _, b := range p.Steps.Bounds {
		v.StepAdjustments = append(v.StepAdjustments, types.StepAdjustment{
			MetricIntervalLowerBound: b.Lower, MetricIntervalUpperBound: b.Upper, ScalingAdjustment: aws.Int32(b.By),
		})
	}
	return v
}

// ExecutePolicy does once what a simple or step policy does when its alarm goes off.
func ExecutePolicy(c *world.Call, in *autoscaling.ExecutePolicyInput) (*autoscaling.ExecutePolicyOutput, error) {
	g, p, err := findPolicy(c, in.AutoScalingGroupName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	if p.Steps == nil {
		return nil, invalid("Policies of the type TargetTrackingScaling cannot be executed: %s", p.Name)
	}
	by, err := p.Steps.By, error(nil)
	if p.Type == stepping {
		if by, err = stepAt(p, in); err != nil {
			return nil, err
		}
	} else if in.MetricValue != nil || in.BreachThreshold != nil {
		return nil, invalid("MetricValue and BreachThreshold are not supported by the SimpleScaling policy type")
	}
	if aws.ToBool(in.HonorCooldown) {
		if p.Type == stepping {
			return nil, invalid("HonorCooldown is not supported by the StepScaling policy type")
		}
		if err := g.cooledFor(p.Steps.Cooldown); err != nil {
			return nil, err
		}
	}
	g.scale(p, by)
	return &autoscaling.ExecutePolicyOutput{}, nil
}

// findPolicy gives the policy that a call names, by its ARN or by its group and its name.
func findPolicy(c *world.Call, groupName, nameOrARN *string) (group, *world.ScalingPolicy, error) {
	name, err := required(nameOrARN, "policyName")
	if err != nil {
		return group{}, nil, err
	}
	for row := range c.Region.AutoScaling.Groups.Rows() {
		for p := range row.Policies.Rows() {
			if p.ARN == name || p.Name == name && row.Name == aws.ToString(groupName) {
				g, err := change(c, &row.Name)
				return g, p, err
			}
		}
	}
	if _, err := find(c, groupName); groupName != nil && err != nil {
		return group{}, nil, err
	}
	return group{}, nil, invalid("Scaling policy not found: %s", name)
}

// stepAt finds by how much a step policy changes the capacity at a value of its metric; outside of all steps by nothing.
func stepAt(p *world.ScalingPolicy, in *autoscaling.ExecutePolicyInput) (*int32, error) {
	if in.MetricValue == nil || in.BreachThreshold == nil {
		return nil, invalid("MetricValue and BreachThreshold are required for the StepScaling policy type")
	}
	return byAt(p, *in.MetricValue-*in.BreachThreshold), nil
}

// byAt is the adjustment of the step that a metric is in, this far past the threshold. From the threshold upward a step begins
// with its lower bound, below it ends with its upper one (Auto Scaling API reference, StepAdjustment).
func byAt(p *world.ScalingPolicy, past float64) *int32 {
	for i, b := range p.Steps.Bounds {
		if past >= 0 && floor(b) <= past && past < ceiling(b) || past <= 0 && floor(b) < past && past <= ceiling(b) {
			return &p.Steps.Bounds[i].By
		}
	}
	return nil
}

// scale changes the desired capacity by a policy's adjustment, within the group's bounds.
func (g group) scale(p *world.ScalingPolicy, by *int32) {
	if by == nil {
		return
	}
	desired := min(max(adjusted(g.Desired, int(*by), p.Steps), g.Min), g.Max)
	if desired == g.Desired {
		return
	}
	g.requested("a user request executed policy %s changing the desired capacity from %d to %d", p.Name, g.Desired, desired)
	g.resize(p, desired)
}

// resize sets the desired capacity for a policy.
func (g group) resize(p *world.ScalingPolicy, desired int) {
	g.Desired, g.DesiredBy = desired, p.Name
	g.soon()
}

// adjusted is a capacity after an adjustment. Changes in percent are rounded away from nothing: more than one down, less
// than one up to one (Auto Scaling user guide, "Step and simple scaling policies", Scaling adjustment types).
func adjusted(have, by int, s *world.PolicyStep) int {
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

// cooledFor is cooled with a policy's own cooldown.
func (g group) cooledFor(seconds *int32) error {
	if seconds == nil {
		return g.cooled()
	}
	return g.cooledSince(time.Duration(*seconds) * time.Second)
}

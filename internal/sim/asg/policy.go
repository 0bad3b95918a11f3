package asg

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/step"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// tracking is the type of target tracking policies; predictive ones are refused.
const tracking = "TargetTrackingScaling"

// PutScalingPolicy makes or replaces a scaling policy. A target tracking one on a metric of the owner's acts by its alarms;
// those that AWS predefines nobody measures here. A simple or step one acts when an alarm of its owner's calls it.
func PutScalingPolicy(c *world.Call, in *autoscaling.PutScalingPolicyInput) (*autoscaling.PutScalingPolicyOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	p, err := readPolicy(in)
	if err != nil {
		return nil, err
	}
	if old, ok := g.Policies.Get(p.Name); ok {
		p.ARN, p.Alarms = old.ARN, old.Alarms
	} else if g.Policies.Len() >= 50 {
		return nil, wire.Errorf("LimitExceeded", "You have reached the maximum number of scaling policies for the group: 50")
	}
	PutPolicy(c.World, c.Region, g.ScalingGroup, p)
	return &autoscaling.PutScalingPolicyOutput{PolicyARN: aws.String(p.ARN), Alarms: viewAlarms(p)}, nil
}

func readPolicy(in *autoscaling.PutScalingPolicyInput) (*world.ScalingPolicy, error) {
	name, err := required(in.PolicyName, "policyName")
	if err != nil {
		return nil, err
	}
	switch t := cmp.Or(aws.ToString(in.PolicyType), step.Simple); t {
	case tracking:
	case step.Simple, step.Stepping:
		return step.Read(name, t, in)
	default:
		return nil, invalid("Policies of the type '%s' are not offered in this Region", t)
	}
	t := in.TargetTrackingConfiguration
	if t == nil || t.TargetValue == nil {
		return nil, invalid("TargetTrackingConfiguration with a TargetValue is required for the TargetTrackingScaling policy type")
	}
	p := &world.ScalingPolicy{
		Name: name, Disabled: in.Enabled != nil && !*in.Enabled, Warmup: in.EstimatedInstanceWarmup,
		Target: *t.TargetValue, DisableScaleIn: aws.ToBool(t.DisableScaleIn),
	}
	switch pre, own := t.PredefinedMetricSpecification, t.CustomizedMetricSpecification; {
	case (pre == nil) == (own == nil):
		return nil, invalid("Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified")
	case pre != nil:
		p.Predefined, p.ResourceLabel = string(pre.PredefinedMetricType), aws.ToString(pre.ResourceLabel)
		if !slices.Contains(pre.PredefinedMetricType.Values(), pre.PredefinedMetricType) {
			return nil, invalid("Invalid predefined metric type: %s", p.Predefined)
		}
	default:
		p.Metric, p.Namespace = aws.ToString(own.MetricName), aws.ToString(own.Namespace)
		p.Statistic, p.Unit = string(own.Statistic), aws.ToString(own.Unit)
		for _, d := range own.Dimensions {
			p.Dimensions = append(p.Dimensions, world.Tag{Key: aws.ToString(d.Name), Value: aws.ToString(d.Value)})
		}
	}
	return p, nil
}

// PutPolicy puts a policy on a group, with an ARN and alarms unless it has them, as AWS's own services do too.
func PutPolicy(w *world.World, r *world.Region, g *world.ScalingGroup, p *world.ScalingPolicy) {
	if p.ARN == "" {
		p.ARN = fmt.Sprintf("arn:aws:autoscaling:%s:%s:scalingPolicy:%s:autoScalingGroupName/%s:policyName/%s", r.Name, world.Account, w.UUID(), g.Name, p.Name)
		for _, which := range alarmsOf(p) {
			name := fmt.Sprintf("TargetTracking-%s-%s-%s", g.Name, which, w.UUID())
			p.Alarms = append(p.Alarms, world.PolicyAlarm{Name: name, ARN: fmt.Sprintf("arn:aws:cloudwatch:%s:%s:alarm:%s", r.Name, world.Account, name)})
		}
	}
	g.Policies.Put(p.Name, p)
	putAlarms(w, r, g, p)
}

// RemovePolicy takes a policy off a group, and its own alarms with it; those of others that call it lose the action (Auto Scaling
// API reference, DeletePolicy).
func RemovePolicy(w *world.World, r *world.Region, g *world.ScalingGroup, name string) {
	p, ok := g.Policies.Get(name)
	if !ok {
		return
	}
	for _, a := range p.Alarms {
		cloudwatch.RemoveAlarms(w, r, a.Name)
	}
	cloudwatch.Forget(r, p.ARN)
	g.Policies.Delete(name)
}

// alarmsOf are the alarms that Auto Scaling makes for a policy: those of simple and step policies are their owner's.
func alarmsOf(p *world.ScalingPolicy) []string {
	if p.Steps != nil {
		return nil
	}
	return []string{"AlarmHigh", "AlarmLow"}
}

// ScaleByPolicy sets a group's desired capacity for a scaling policy, within the group's bounds.
func ScaleByPolicy(w *world.World, r *world.Region, row *world.ScalingGroup, policy string, desired int) {
	g := group{row, w, r}
	desired = min(max(desired, g.Min), g.Max)
	p, ok := g.Policies.Get(policy)
	if !ok || p.Disabled || desired == g.Desired || g.Status != "" || g.suspended("AlarmNotification") {
		return
	}
	alarm := p.Alarms[0].Name
	if desired < g.Desired {
		alarm = p.Alarms[1].Name
	}
	g.requested("a monitor alarm %s in state ALARM triggered policy %s changing the desired capacity from %d to %d", alarm, policy, g.Desired, desired)
	g.Desired, g.DesiredBy = desired, policy
	g.soon()
}

// DescribePolicies lists scaling policies of one group or of all.
func DescribePolicies(c *world.Call, in *autoscaling.DescribePoliciesInput) (*autoscaling.DescribePoliciesOutput, error) {
	if in.AutoScalingGroupName != nil {
		if _, err := find(c, in.AutoScalingGroupName); err != nil {
			return nil, err
		}
	}
	var rows []types.ScalingPolicy
	for name, g := range c.Region.AutoScaling.Groups.All() {
		if in.AutoScalingGroupName != nil && *in.AutoScalingGroupName != name {
			continue
		}
		for p := range g.Policies.Rows() {
			asked := len(in.PolicyNames) == 0 || slices.Contains(in.PolicyNames, p.Name) || slices.Contains(in.PolicyNames, p.ARN)
			if asked && (len(in.PolicyTypes) == 0 || slices.Contains(in.PolicyTypes, cmp.Or(p.Type, tracking))) {
				rows = append(rows, viewPolicy(c.Region, g, p))
			}
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 50, 100})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribePoliciesOutput{ScalingPolicies: rows, NextToken: next}, nil
}

// DeletePolicy deletes a scaling policy and its alarms; the policy may be named by its ARN alone.
func DeletePolicy(c *world.Call, in *autoscaling.DeletePolicyInput) (*autoscaling.DeletePolicyOutput, error) {
	name, err := required(in.PolicyName, "policyName")
	if err != nil {
		return nil, err
	}
	for _, g := range c.Region.AutoScaling.Groups.All() {
		for p := range g.Policies.Rows() {
			if p.ARN == name || p.Name == name && g.Name == aws.ToString(in.AutoScalingGroupName) {
				RemovePolicy(c.World, c.Region, g, p.Name)
				return &autoscaling.DeletePolicyOutput{}, nil
			}
		}
	}
	return nil, invalid("Scaling policy not found: %s", name)
}

func viewPolicy(r *world.Region, g *world.ScalingGroup, p *world.ScalingPolicy) types.ScalingPolicy {
	if p.Steps != nil {
		return viewSteps(r, g, p)
	}
	t := &types.TargetTrackingConfiguration{TargetValue: aws.Float64(p.Target), DisableScaleIn: aws.Bool(p.DisableScaleIn)}
	if p.Predefined != "" {
		t.PredefinedMetricSpecification = &types.PredefinedMetricSpecification{
			PredefinedMetricType: types.MetricType(p.Predefined), ResourceLabel: text(p.ResourceLabel),
		}
	} else {
		t.CustomizedMetricSpecification = &types.CustomizedMetricSpecification{
			MetricName: aws.String(p.Metric), Namespace: aws.String(p.Namespace), Statistic: types.MetricStatistic(p.Statistic), Unit: text(p.Unit),
		}
		for _, d := range p.Dimensions {
			t.CustomizedMetricSpecification.Dimensions = append(t.CustomizedMetricSpecification.Dimensions,
				types.MetricDimension{Name: aws.String(d.Key), Value: aws.String(d.Value)})
		}
	}
	return types.ScalingPolicy{
		AutoScalingGroupName: aws.String(g.Name), PolicyName: aws.String(p.Name), PolicyARN: aws.String(p.ARN),
		PolicyType: aws.String(tracking), Enabled: aws.Bool(!p.Disabled), EstimatedInstanceWarmup: p.Warmup,
		TargetTrackingConfiguration: t, Alarms: viewAlarms(p), StepAdjustments: []types.StepAdjustment{},
	}
}

func viewAlarms(p *world.ScalingPolicy) []types.Alarm {
	var out []types.Alarm
	for _, a := range p.Alarms {
		out = append(out, types.Alarm{AlarmName: aws.String(a.Name), AlarmARN: aws.String(a.ARN)})
	}
	return out
}

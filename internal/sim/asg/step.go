package asg

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/step"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

func viewSteps(r *world.Region, g *world.ScalingGroup, p *world.ScalingPolicy) types.ScalingPolicy {
	v := step.View(p)
	v.AutoScalingGroupName = aws.String(g.Name)
	for _, a := range cloudwatch.Callers(r, p.ARN) {
		v.Alarms = append(v.Alarms, types.Alarm{AlarmName: aws.String(a.Name), AlarmARN: aws.String(a.ARN)})
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
	if p.Type == step.Stepping {
		if by, err = stepAt(p, in); err != nil {
			return nil, err
		}
	} else if in.MetricValue != nil || in.BreachThreshold != nil {
		return nil, invalid("MetricValue and BreachThreshold are not supported by the SimpleScaling policy type")
	}
	if aws.ToBool(in.HonorCooldown) {
		if p.Type == step.Stepping {
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
	return step.At(p, *in.MetricValue-*in.BreachThreshold), nil
}

// scale changes the desired capacity by a policy's adjustment, within the group's bounds.
func (g group) scale(p *world.ScalingPolicy, by *int32) {
	if by == nil {
		return
	}
	desired := min(max(step.Adjusted(g.Desired, int(*by), p.Steps), g.Min), g.Max)
	if desired == g.Desired {
		return
	}
	g.requested("a user request executed policy %s changing the desired capacity from %d to %d", p.Name, g.Desired, desired)
	g.Desired, g.DesiredBy = desired, p.Name
	g.soon()
}

// cooledFor is cooled with a policy's own cooldown.
func (g group) cooledFor(seconds *int32) error {
	if seconds == nil {
		return g.cooled()
	}
	return g.cooledSince(time.Duration(*seconds) * time.Second)
}

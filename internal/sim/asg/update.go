package asg

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/world"
)

// byUser is what changed a group's desired capacity when no scaling policy did.
const byUser = "user"

// UpdateAutoScalingGroup changes what the call names and leaves the rest. Running instances keep what they were launched from.
func UpdateAutoScalingGroup(c *world.Call, in *autoscaling.UpdateAutoScalingGroupInput) (*autoscaling.UpdateAutoScalingGroupOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	next := *g.ScalingGroup
	if err := apply(c.Region, &next, in); err != nil {
		return nil, err
	}
	before := g.Desired
	*g.ScalingGroup = next
	if g.Desired != before {
		g.DesiredBy = byUser
		g.requested("a user request update of AutoScalingGroup constraints to min: %d, max: %d, desired: %d changing the desired capacity from %d to %d",
			g.Min, g.Max, g.Desired, before, g.Desired)
	}
	if g.Desired != before || in.VPCZoneIdentifier != nil {
		g.soon()
	}
	g.trackSoon()
	return &autoscaling.UpdateAutoScalingGroupOutput{}, nil
}

// apply carries a call over to a group. It changes nothing but g, and g only half when it fails.
func apply(r *world.Region, g *world.ScalingGroup, in *autoscaling.UpdateAutoScalingGroupInput) error {
	if err := applySizes(g, in); err != nil {
		return err
	}
	if err := applyTemplate(r, g, in); err != nil {
		return err
	}
	if in.VPCZoneIdentifier != nil || in.AvailabilityZones != nil {
		subnets, zones, err := readPlaces(r, in.VPCZoneIdentifier, in.AvailabilityZones)
		if err != nil {
			return err
		}
		g.Subnets, g.Zones = subnets, zones
	}
	return setSettings(&g.Settings, in)
}

// applySizes sets the bounds and the desired capacity; a bound that passes the desired capacity takes it along
// (Auto Scaling API reference, UpdateAutoScalingGroup).
func applySizes(g *world.ScalingGroup, in *autoscaling.UpdateAutoScalingGroupInput) error {
	least, most, desired := g.Min, g.Max, g.Desired
	if in.MinSize != nil {
		least = int(*in.MinSize)
	}
	if in.MaxSize != nil {
		most = int(*in.MaxSize)
	}
	if in.DesiredCapacity == nil {
		desired = min(max(desired, least), most)
	} else {
		desired = int(*in.DesiredCapacity)
	}
	switch {
	case least < 0:
		return invalid("Min bound, %d, must be greater than or equal to 0", least)
	case most < least:
		return invalid("Max bound, %d, must be greater than or equal to min bound, %d", most, least)
	case desired < least:
		return invalid("Desired capacity:%d must be between the specified min size:%d and max size:%d", desired, least, most)
	case desired > most:
		return invalid("Desired capacity:%d must be between the specified min size:%d and max size:%d", desired, least, most)
	}
	g.Min, g.Max, g.Desired = least, most, desired
	return nil
}

// applyTemplate sets what instances are launched from: one of a template and a mixed instances policy, never both.
func applyTemplate(r *world.Region, g *world.ScalingGroup, in *autoscaling.UpdateAutoScalingGroupInput) error {
	switch {
	case in.LaunchConfigurationName != nil:
		return invalid("Launch configuration name not found - Launch configuration %s not found", aws.ToString(in.LaunchConfigurationName))
	case in.LaunchTemplate != nil && in.MixedInstancesPolicy != nil:
		return invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName or MixedInstancesPolicy parameter.")
	case in.LaunchTemplate != nil:
		ref, err := readTemplate(r, in.LaunchTemplate)
		if err != nil {
			return err
		}
		g.Template, g.Mixed = ref, nil
	case in.MixedInstancesPolicy != nil:
		mixed, err := readMixed(r, in.MixedInstancesPolicy, g.Mixed)
		if err != nil {
			return err
		}
		g.Template, g.Mixed = world.TemplateRef{}, mixed
	}
	return nil
}

// SetDesiredCapacity sets how many instances the group is to have.
func SetDesiredCapacity(c *world.Call, in *autoscaling.SetDesiredCapacityInput) (*autoscaling.SetDesiredCapacityOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if in.DesiredCapacity == nil {
		return nil, missing("desiredCapacity")
	}
	n := int(*in.DesiredCapacity)
	if err := g.fits(n); err != nil {
		return nil, err
	}
	if aws.ToBool(in.HonorCooldown) {
		if err := g.cooled(); err != nil {
			return nil, err
		}
	}
	if n != g.Desired {
		g.requested("a user request explicitly set group desired capacity changing the desired capacity from %d to %d", g.Desired, n)
		g.Desired, g.DesiredBy = n, byUser
		g.soon()
		g.trackSoon()
	}
	return &autoscaling.SetDesiredCapacityOutput{}, nil
}

func (g group) fits(n int) error {
	if n > g.Max {
		return invalid("New SetDesiredCapacity value %d is above max value %d for the AutoScalingGroup.", n, g.Max)
	}
	if n < g.Min {
		return invalid("New SetDesiredCapacity value %d is below min value %d for the AutoScalingGroup.", n, g.Min)
	}
	return nil
}

package asg

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/asg/configuration"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// CreateAutoScalingGroup makes a group, which begins to launch about two seconds later.
func CreateAutoScalingGroup(c *world.Call, in *autoscaling.CreateAutoScalingGroupInput) (*autoscaling.CreateAutoScalingGroupOutput, error) {
	name, err := checkCreation(c, in)
	if err != nil {
		return nil, err
	}
	if in.InstanceId != nil {
		if in, err = likeInstance(c, in); err != nil {
			return nil, err
		}
	}
	row := world.ScalingGroup{
		Name: name, Created: c.Now(), DesiredBy: byUser, Settings: usualSettings(),
		ARN: fmt.Sprintf("arn:aws:autoscaling:%s:%s:autoScalingGroup:%s:autoScalingGroupName/%s", c.Region.Name, world.Account, c.UUID(), name),
	}
	if err := apply(c.Region, &row, asUpdate(in)); err != nil {
		return nil, err
	}
	if row.Tags, err = readTags(in.Tags, name); err != nil {
		return nil, err
	}
	if row.Sources, err = readSources(in.LoadBalancerNames, in.TargetGroupARNs, in.TrafficSources); err != nil {
		return nil, err
	}
	g := group{&row, c.World, c.Region}
	for _, h := range in.LifecycleHookSpecificationList {
		hook, err := readHook(world.LifecycleHook{}, hookSpec(h))
		if err != nil {
			return nil, err
		}
		row.Hooks.Put(hook.Name, hook)
	}
	c.Region.AutoScaling.Groups.Put(name, &row)
	c.Used("autoscaling.amazonaws.com")
	if row.Desired > 0 {
		g.requested("a user request created an AutoScalingGroup changing the desired capacity from 0 to %d", row.Desired)
		g.soon()
	}
	return &autoscaling.CreateAutoScalingGroupOutput{}, nil
}

// likeInstance makes a launch configuration of the group's name from an instance, and a call for a group that uses it.
func likeInstance(c *world.Call, in *autoscaling.CreateAutoScalingGroupInput) (*autoscaling.CreateAutoScalingGroupInput, error) {
	_, err := configuration.CreateLaunchConfiguration(c, &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: in.AutoScalingGroupName, InstanceId: in.InstanceId,
	})
	if err != nil {
		return nil, err
	}
	out := *in
	out.InstanceId, out.LaunchConfigurationName = nil, in.AutoScalingGroupName
	if i, ok := c.Region.EC2.Instances.Get(*in.InstanceId); ok && aws.ToString(in.VPCZoneIdentifier) == "" {
		out.VPCZoneIdentifier = aws.String(i.SubnetID)
	}
	return &out, nil
}

func checkCreation(c *world.Call, in *autoscaling.CreateAutoScalingGroupInput) (string, error) {
	name, err := required(in.AutoScalingGroupName, "autoScalingGroupName")
	switch {
	case err != nil:
		return "", err
	case len(name) > 255 || strings.Contains(name, ":"):
		return "", invalid("The name '%s' is not a valid AutoScalingGroup name", name)
	case in.MinSize == nil:
		return "", missing("minSize")
	case in.MaxSize == nil:
		return "", missing("maxSize")
	case in.LaunchTemplate == nil && in.MixedInstancesPolicy == nil && in.LaunchConfigurationName == nil && in.InstanceId == nil,
		in.InstanceId != nil && (in.LaunchTemplate != nil || in.MixedInstancesPolicy != nil || in.LaunchConfigurationName != nil):
		return "", invalid("Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.")
	}
	if _, exists := c.Region.AutoScaling.Groups.Get(name); exists {
		return "", wire.Errorf("AlreadyExists", "AutoScalingGroup by this name already exists - A group with the name %s already exists", name)
	}
	if limit := cmp.Or(c.Region.Quota("L-CDE20ADC"), 500); c.Region.AutoScaling.Groups.Len() >= limit {
		return "", wire.Errorf("LimitExceeded", "You have already reached the maximum number of AutoScalingGroups: %d", limit)
	}
	return name, nil
}

// asUpdate is the part of a creation that an update could carry too.
func asUpdate(in *autoscaling.CreateAutoScalingGroupInput) *autoscaling.UpdateAutoScalingGroupInput {
	desired := in.DesiredCapacity
	if desired == nil {
		desired = in.MinSize
	}
	return &autoscaling.UpdateAutoScalingGroupInput{
		AvailabilityZoneDistribution: in.AvailabilityZoneDistribution, AvailabilityZones: in.AvailabilityZones,
		AvailabilityZoneImpairmentPolicy: in.AvailabilityZoneImpairmentPolicy, CapacityRebalance: in.CapacityRebalance,
		CapacityReservationSpecification: in.CapacityReservationSpecification, Context: in.Context,
		DefaultCooldown: in.DefaultCooldown, DefaultInstanceWarmup: in.DefaultInstanceWarmup,
		DeletionProtection: in.DeletionProtection, DesiredCapacity: desired, DesiredCapacityType: in.DesiredCapacityType,
		HealthCheckGracePeriod: in.HealthCheckGracePeriod, HealthCheckType: in.HealthCheckType,
		InstanceLifecyclePolicy: in.InstanceLifecyclePolicy, InstanceMaintenancePolicy: in.InstanceMaintenancePolicy,
		LaunchConfigurationName: in.LaunchConfigurationName, LaunchTemplate: in.LaunchTemplate,
		MaxInstanceLifetime: in.MaxInstanceLifetime, MaxSize: in.MaxSize, MinSize: in.MinSize,
		MixedInstancesPolicy: in.MixedInstancesPolicy, PlacementGroup: in.PlacementGroup,
		NewInstancesProtectedFromScaleIn: in.NewInstancesProtectedFromScaleIn, ServiceLinkedRoleARN: in.ServiceLinkedRoleARN,
		TerminationPolicies: in.TerminationPolicies, VPCZoneIdentifier: aws.String(aws.ToString(in.VPCZoneIdentifier)),
	}
}

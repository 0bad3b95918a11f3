package asg

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/world"
)

// usualSettings are those of a group whose owner said nothing.
func usualSettings() world.GroupSettings {
	return world.GroupSettings{
		HealthCheckType: "EC2", DefaultCooldown: 300, TerminationPolicies: []string{"Default"}, DeletionProtection: "none",
		DistributionStrategy: "balanced-best-effort", ImpairedZoneBehavior: "IgnoreUnhealthy", ReservationPreference: "default",
		ServiceLinkedRole: "arn:aws:iam::" + world.Account +
			":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
	}
}

// setSettings carries a call's settings over to a group's; what the call leaves out stays.
func setSettings(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	for _, set := range []func(*world.GroupSettings, *autoscaling.UpdateAutoScalingGroupInput) error{
		setHealth, setTermination, setMaintenance, setLifetime, setZonal, setReservation, setDeletion,
	} {
		if err := set(s, in); err != nil {
			return err
		}
	}
	setText(&s.PlacementGroup, in.PlacementGroup)
	setText(&s.Context, in.Context)
	setText(&s.ServiceLinkedRole, in.ServiceLinkedRoleARN)
	setText(&s.DesiredCapacityType, in.DesiredCapacityType)
	if in.NewInstancesProtectedFromScaleIn != nil {
		s.Protected = *in.NewInstancesProtectedFromScaleIn
	}
	if in.CapacityRebalance != nil {
		s.CapacityRebalance = in.CapacityRebalance
	}
	return nil
}

func setText(to, value *string) {
	if value != nil {
		*to = *value
	}
}

func setHealth(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	if in.HealthCheckType != nil {
		for t := range strings.SplitSeq(*in.HealthCheckType, ",") {
			if !slices.Contains([]string{"EC2", "ELB", "VPC_LATTICE", "EBS"}, t) {
				return invalid("Health Check Type must be one of: EC2, ELB, VPC_LATTICE, EBS")
			}
		}
		s.HealthCheckType = *in.HealthCheckType
	}
	if err := setBetween(&s.HealthCheckGrace, in.HealthCheckGracePeriod, "HealthCheckGracePeriod", 0, 1<<31-1); err != nil {
		return err
	}
	return setBetween(&s.DefaultCooldown, in.DefaultCooldown, "DefaultCooldown", 0, 1<<31-1)
}

func setTermination(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	for i, p := range in.TerminationPolicies {
		if !slices.Contains(catalogue.TerminationPolicies(), p) {
			return invalid("Invalid termination policy: %s", p)
		}
		if p == "Default" && i < len(in.TerminationPolicies)-1 {
			return invalid("The Default termination policy must be the last one in the list")
		}
	}
	if len(in.TerminationPolicies) > 0 {
		s.TerminationPolicies = slices.Clone(in.TerminationPolicies)
	}
	return nil
}

func setMaintenance(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	p := in.InstanceMaintenancePolicy
	if p == nil {
		return nil
	}
	if p.MinHealthyPercentage == nil || p.MaxHealthyPercentage == nil {
		return invalid("Both MinHealthyPercentage and MaxHealthyPercentage must be specified")
	}
	least, most := *p.MinHealthyPercentage, *p.MaxHealthyPercentage
	switch {
	case least == -1 && most == -1:
		s.MinHealthy, s.MaxHealthy = nil, nil
		return nil
	case least < 0 || least > 100:
		return invalid("MinHealthyPercentage must be between 0 and 100")
	case most < 100 || most > 200:
		return invalid("MaxHealthyPercentage must be between 100 and 200")
	case most-least > 100:
		return invalid("The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100")
	}
	s.MinHealthy, s.MaxHealthy = aws.Int32(least), aws.Int32(most)
	return nil
}

func setLifetime(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	if n := in.MaxInstanceLifetime; n != nil {
		if *n != 0 && *n < 86_400 {
			return invalid("Value %d for MaxInstanceLifetime is invalid. It must be 0 or at least 86400 seconds", *n)
		}
		s.MaxInstanceLifetime = n
	}
	if n := in.DefaultInstanceWarmup; n != nil {
		s.DefaultInstanceWarmup = n
		if *n == -1 {
			s.DefaultInstanceWarmup = nil
		}
	}
	return nil
}

func setZonal(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	if d := in.AvailabilityZoneDistribution; d != nil {
		strategy := string(d.CapacityDistributionStrategy)
		if !slices.Contains([]string{"balanced-best-effort", "balanced-only", "reservations-then-balanced"}, strategy) {
			return outside(strategy, "availabilityZoneDistribution.capacityDistributionStrategy",
				"balanced-best-effort, balanced-only, reservations-then-balanced")
		}
		s.DistributionStrategy = strategy
	}
	if p := in.AvailabilityZoneImpairmentPolicy; p != nil {
		if p.ZonalShiftEnabled != nil {
			s.ZonalShift = *p.ZonalShiftEnabled
		}
		if p.ImpairedZoneHealthCheckBehavior != "" {
			s.ImpairedZoneBehavior = string(p.ImpairedZoneHealthCheckBehavior)
		}
	}
	return nil
}

func setReservation(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	p := in.CapacityReservationSpecification
	if p == nil {
		return nil
	}
	preference := string(p.CapacityReservationPreference)
	if !slices.Contains([]string{"default", "none", "capacity-reservations-first", "capacity-reservations-only"}, preference) {
		return outside(preference, "capacityReservationSpecification.capacityReservationPreference",
			"default, none, capacity-reservations-first, capacity-reservations-only")
	}
	s.ReservationPreference, s.ReservationIDs, s.ReservationGroups = preference, nil, nil
	if t := p.CapacityReservationTarget; t != nil {
		s.ReservationIDs = slices.Clone(t.CapacityReservationIds)
		s.ReservationGroups = slices.Clone(t.CapacityReservationResourceGroupArns)
	}
	return nil
}

func setDeletion(s *world.GroupSettings, in *autoscaling.UpdateAutoScalingGroupInput) error {
	if p := string(in.DeletionProtection); p != "" {
		if !slices.Contains([]string{"none", "prevent-force-deletion", "prevent-all-deletion"}, p) {
			return outside(p, "deletionProtection", "none, prevent-force-deletion, prevent-all-deletion")
		}
		s.DeletionProtection = p
	}
	if p := in.InstanceLifecyclePolicy; p != nil && p.RetentionTriggers != nil {
		action := string(p.RetentionTriggers.TerminateHookAbandon)
		if !slices.Contains([]string{"retain", "terminate"}, action) {
			return outside(action, "instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon", "retain, terminate")
		}
		s.RetainOnAbandon = action
	}
	return nil
}

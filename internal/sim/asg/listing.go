package asg

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/world"
)

// DescribeAutoScalingGroups lists groups with their instances; names that no group has are passed over.
func DescribeAutoScalingGroups(c *world.Call, in *autoscaling.DescribeAutoScalingGroupsInput) (*autoscaling.DescribeAutoScalingGroupsOutput, error) {
	var rows []group
	for name, row := range c.Region.AutoScaling.Groups.All() {
		ok, err := tagged(row, in.Filters)
		if err != nil {
			return nil, err
		}
		if ok && (len(in.AutoScalingGroupNames) == 0 || slices.Contains(in.AutoScalingGroupNames, name)) {
			rows = append(rows, group{row, c.World, c.Region})
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 50, 100})
	if err != nil {
		return nil, err
	}
	out := &autoscaling.DescribeAutoScalingGroupsOutput{NextToken: next, AutoScalingGroups: []types.AutoScalingGroup{}}
	for _, g := range rows {
		v := g.view()
		if in.IncludeInstances != nil && !*in.IncludeInstances {
			v.Instances = nil
		}
		out.AutoScalingGroups = append(out.AutoScalingGroups, v)
	}
	return out, nil
}

// tagged tells whether a group's tags pass the filters: tag-key, tag-value and tag:KEY.
func tagged(g *world.ScalingGroup, filters []types.Filter) (bool, error) {
	for _, f := range filters {
		name := aws.ToString(f.Name)
		key, byKey := strings.CutPrefix(name, "tag:")
		if !byKey && name != "tag-key" && name != "tag-value" {
			return false, invalid("Filter type %s is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>", name)
		}
		matches := func(t world.GroupTag) bool {
			if byKey {
				return t.Key == key && slices.Contains(f.Values, t.Value)
			}
			return name == "tag-key" && slices.Contains(f.Values, t.Key) || name == "tag-value" && slices.Contains(f.Values, t.Value)
		}
		if !slices.ContainsFunc(g.Tags, matches) {
			return false, nil
		}
	}
	return true, nil
}

func (g group) view() types.AutoScalingGroup {
	s := g.Settings
	v := types.AutoScalingGroup{
		AutoScalingGroupName: aws.String(g.Name), AutoScalingGroupARN: aws.String(g.ARN), CreatedTime: aws.Time(g.Created),
		MinSize: aws.Int32(int32(g.Min)), MaxSize: aws.Int32(int32(g.Max)), DesiredCapacity: aws.Int32(int32(g.Desired)),
		LaunchTemplate: viewTemplate(g.Template), MixedInstancesPolicy: viewMixed(g.Mixed),
		LaunchConfigurationName: text(g.Configuration),
		AvailabilityZones:       slices.Clone(g.Zones), VPCZoneIdentifier: aws.String(strings.Join(g.Subnets, ",")),
		HealthCheckType: aws.String(s.HealthCheckType), HealthCheckGracePeriod: aws.Int32(int32(s.HealthCheckGrace)),
		DefaultCooldown: aws.Int32(int32(s.DefaultCooldown)), DefaultInstanceWarmup: s.DefaultInstanceWarmup,
		TerminationPolicies: slices.Clone(s.TerminationPolicies), NewInstancesProtectedFromScaleIn: aws.Bool(s.Protected),
		CapacityRebalance: s.CapacityRebalance, MaxInstanceLifetime: s.MaxInstanceLifetime,
		DeletionProtection: types.DeletionProtection(s.DeletionProtection), ServiceLinkedRoleARN: aws.String(s.ServiceLinkedRole),
		PlacementGroup: text(s.PlacementGroup), Context: text(s.Context), DesiredCapacityType: text(s.DesiredCapacityType),
		Status: text(g.Status), Tags: viewTags(g.ScalingGroup, g.Tags),
		LoadBalancerNames: g.sourceIDs(classic), TargetGroupARNs: g.sourceIDs(targetGroup),
	}
	g.viewPolicies(&v)
	for _, z := range g.Zones {
		v.AvailabilityZoneIds = append(v.AvailabilityZoneIds, zoneID(g.r.Name, z))
	}
	for _, source := range g.Sources {
		v.TrafficSources = append(v.TrafficSources, types.TrafficSourceIdentifier{Identifier: aws.String(source.ID), Type: aws.String(source.Type)})
	}
	for m := range g.Members.Rows() {
		v.Instances = append(v.Instances, viewMember(m))
	}
	for _, p := range g.Suspended {
		v.SuspendedProcesses = append(v.SuspendedProcesses, types.SuspendedProcess{ProcessName: aws.String(p.Name), SuspensionReason: aws.String(p.Reason)})
	}
	for _, m := range g.Metrics {
		v.EnabledMetrics = append(v.EnabledMetrics, types.EnabledMetric{Metric: aws.String(m), Granularity: aws.String(catalogue.Granularity)})
	}
	return v
}

// viewPolicies fills in the settings that are structures of their own.
func (g group) viewPolicies(v *types.AutoScalingGroup) {
	s := g.Settings
	v.AvailabilityZoneDistribution = &types.AvailabilityZoneDistribution{
		CapacityDistributionStrategy: types.CapacityDistributionStrategy(s.DistributionStrategy),
	}
	v.AvailabilityZoneImpairmentPolicy = &types.AvailabilityZoneImpairmentPolicy{
		ZonalShiftEnabled:               aws.Bool(s.ZonalShift),
		ImpairedZoneHealthCheckBehavior: types.ImpairedZoneHealthCheckBehavior(s.ImpairedZoneBehavior),
	}
	v.CapacityReservationSpecification = &types.CapacityReservationSpecification{
		CapacityReservationPreference: types.CapacityReservationPreference(s.ReservationPreference),
	}
	if s.ReservationIDs != nil || s.ReservationGroups != nil {
		v.CapacityReservationSpecification.CapacityReservationTarget = &types.CapacityReservationTarget{
			CapacityReservationIds: s.ReservationIDs, CapacityReservationResourceGroupArns: s.ReservationGroups,
		}
	}
	if s.MinHealthy != nil {
		v.InstanceMaintenancePolicy = &types.InstanceMaintenancePolicy{MinHealthyPercentage: s.MinHealthy, MaxHealthyPercentage: s.MaxHealthy}
	}
	if s.RetainOnAbandon != "" {
		v.InstanceLifecyclePolicy = &types.InstanceLifecyclePolicy{
			RetentionTriggers: &types.RetentionTriggers{TerminateHookAbandon: types.RetentionAction(s.RetainOnAbandon)},
		}
	}
}

// text is an answer's member that is left out when there is nothing to say.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package asg

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

func (s *stage) described() types.AutoScalingGroup {
	s.t.Helper()
	out, err := DescribeAutoScalingGroups(s.Call, &autoscaling.DescribeAutoScalingGroupsInput{})
	return must(s, out, err).AutoScalingGroups[0]
}

func TestSettingsOfACallAreDescribedAsTheyWereMade(t *testing.T) {
	s := newStage(t)
	s.group(0, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.AvailabilityZoneDistribution = &types.AvailabilityZoneDistribution{CapacityDistributionStrategy: "balanced-only"}
		in.AvailabilityZoneImpairmentPolicy = &types.AvailabilityZoneImpairmentPolicy{ZonalShiftEnabled: aws.Bool(true), ImpairedZoneHealthCheckBehavior: "ReplaceUnhealthy"}
		in.CapacityReservationSpecification = &types.CapacityReservationSpecification{
			CapacityReservationPreference: "capacity-reservations-first",
			CapacityReservationTarget:     &types.CapacityReservationTarget{CapacityReservationIds: []string{"cr-1"}},
		}
		in.InstanceLifecyclePolicy = &types.InstanceLifecyclePolicy{RetentionTriggers: &types.RetentionTriggers{TerminateHookAbandon: "retain"}}
		in.InstanceMaintenancePolicy = &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(90), MaxHealthyPercentage: aws.Int32(120)}
		in.DeletionProtection, in.CapacityRebalance = "prevent-force-deletion", aws.Bool(true)
		in.DefaultCooldown, in.DefaultInstanceWarmup, in.Context = aws.Int32(60), aws.Int32(30), aws.String("c")
		in.LifecycleHookSpecificationList = []types.LifecycleHookSpecification{{LifecycleHookName: aws.String("h"), LifecycleTransition: aws.String(Launching), RoleARN: aws.String("r")}}
	})
	v := s.described()
	s.equal(v.AvailabilityZoneDistribution.CapacityDistributionStrategy, "balanced-only")
	s.equal([]any{*v.AvailabilityZoneImpairmentPolicy.ZonalShiftEnabled, v.AvailabilityZoneImpairmentPolicy.ImpairedZoneHealthCheckBehavior}, "[true ReplaceUnhealthy]")
	s.equal([]any{v.CapacityReservationSpecification.CapacityReservationPreference, v.CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationIds}, "[capacity-reservations-first [cr-1]]")
	s.equal(v.InstanceLifecyclePolicy.RetentionTriggers.TerminateHookAbandon, "retain")
	s.equal([]int32{*v.InstanceMaintenancePolicy.MinHealthyPercentage, *v.InstanceMaintenancePolicy.MaxHealthyPercentage}, "[90 120]")
	s.equal([]any{v.DeletionProtection, *v.CapacityRebalance, *v.DefaultCooldown, *v.DefaultInstanceWarmup, *v.Context}, "[prevent-force-deletion true 60 30 c]")
	s.equal(s.row().Hooks.Len(), 1)
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), DefaultInstanceWarmup: aws.Int32(-1),
		InstanceMaintenancePolicy: &types.InstanceMaintenancePolicy{MinHealthyPercentage: aws.Int32(-1), MaxHealthyPercentage: aws.Int32(-1)},
	})
	must(s, 0, err)
	v = s.described()
	if v.InstanceMaintenancePolicy != nil || v.DefaultInstanceWarmup != nil {
		t.Error("what was cleared is still there")
	}
	s.equal(*v.DefaultCooldown, 60)
}

func TestBalancedOnlyGroupDoesNotEvadeAShortZone(t *testing.T) {
	s := newStage(t)
	s.Region.EC2.Shortages = []world.Shortage{{Type: "m5.large", Zone: "eu-west-1a"}}
	s.group(4, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.AvailabilityZoneDistribution = &types.AvailabilityZoneDistribution{CapacityDistributionStrategy: "balanced-only"}
	})
	s.equal(s.zones(), "b:1")
}

func TestTargetGroupsAreTrafficSourcesToo(t *testing.T) {
	s := newStage(t)
	const front, back = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/front/1", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/back/2"
	s.group(1, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.TargetGroupARNs = []string{front}
		in.HealthCheckType, in.HealthCheckGracePeriod = aws.String("ELB"), aws.Int32(600)
	})
	id := s.first().ID
	_, err := AttachTrafficSources(s.Call, &autoscaling.AttachTrafficSourcesInput{AutoScalingGroupName: aws.String("web"), TrafficSources: []types.TrafficSourceIdentifier{{Identifier: aws.String(back)}}})
	must(s, 0, err)
	s.Advance(10 * time.Second)
	s.equal(s.described().TargetGroupARNs, []string{front, back})
	out, err := DescribeTrafficSources(s.Call, &autoscaling.DescribeTrafficSourcesInput{AutoScalingGroupName: aws.String("web"), TrafficSourceType: aws.String("elbv2")})
	s.equal(len(must(s, out, err).TrafficSources), 2)
	_, err = DetachLoadBalancerTargetGroups(s.Call, &autoscaling.DetachLoadBalancerTargetGroupsInput{AutoScalingGroupName: aws.String("web"), TargetGroupARNs: []string{back}})
	must(s, 0, err)
	s.Advance(10 * time.Second)
	list, err := DescribeLoadBalancerTargetGroups(s.Call, &autoscaling.DescribeLoadBalancerTargetGroupsInput{AutoScalingGroupName: aws.String("web")})
	s.equal(len(must(s, list, err).LoadBalancerTargetGroups), 1)
	_, err = AttachTrafficSources(s.Call, &autoscaling.AttachTrafficSourcesInput{AutoScalingGroupName: aws.String("web"), TrafficSources: []types.TrafficSourceIdentifier{{Identifier: aws.String("x"), Type: aws.String("vpc-lattice")}}})
	s.refused(err, "ValidationError", "vpc-lattice")

	tg := &world.TargetGroup{ARN: front, Attributes: map[string]string{"deregistration_delay.timeout_seconds": "30"}}
	tg.Targets.Put(id+":80", &world.Target{ID: id, Port: 80, Probe: world.Probe{State: world.ProbeUnhealthy}})
	s.Region.Balancing.TargetGroups.Put(front, tg)
	target, _ := tg.Targets.Get(id + ":80")
	s.Schedule(0, world.Event{Kind: "asg.instance-unhealthy", Region: "eu-west-1", ID: id, Arg: "web"})
	s.Advance(time.Minute)
	target.Probe.State = world.ProbeHealthy
	s.Advance(20 * time.Minute)
	s.equal(s.first().ID, id) // it recovered in its grace period
	must(s, 0, s.kill(id, true))
	s.Advance(25 * time.Second)
	s.equal(s.states(), "[Terminating:1]")
	s.Advance(2 * time.Minute)
	s.equal(s.states(), "[]")
}

package asg

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/step"
	"berth/internal/sim/world"
)

// order is a call for n instances in the first zone.
func order(n int32, change ...func(*autoscaling.LaunchInstancesInput)) *autoscaling.LaunchInstancesInput {
	in := &autoscaling.LaunchInstancesInput{
		AutoScalingGroupName: aws.String("web"), ClientToken: aws.String("t"), RequestedCapacity: aws.Int32(n), AvailabilityZones: []string{"eu-west-1a"},
	}
	for _, f := range change {
		f(in)
	}
	return in
}

// Auto Scaling API reference, LaunchInstances.
func TestInstancesLaunchedByCallAreThereAtOnce(t *testing.T) {
	s := newStage(t)
	s.group(2)
	out, err := LaunchInstances(s.Call, order(3))
	got := must(s, out, err).Instances
	s.equal([]any{len(got), len(got[0].InstanceIds), *got[0].AvailabilityZone, *got[0].InstanceType, *got[0].MarketType, len(out.Errors)}, "[1 3 eu-west-1a m5.large OnDemand 0]")
	s.equal(s.row().Desired, 5)
	again, err := LaunchInstances(s.Call, order(3))
	s.equal(must(s, again, err).Instances[0].InstanceIds, got[0].InstanceIds)
	_, err = LaunchInstances(s.Call, order(2))
	s.refused(err, "IdempotentParameterMismatch", "t")
	s.Advance(time.Minute)
	s.equal(s.row().Members.Len() >= 5, true)
	s.equal(s.row().Desired, 5)
	for _, id := range got[0].InstanceIds {
		if m, ok := s.row().Members.Get(id); !ok || m.State != "InService" {
			t.Errorf("%s is not in service", id)
		}
	}
}

func TestLaunchByCallThatFailsTellsWhyAndIsTriedAgainIfAskedTo(t *testing.T) {
	for strategy, desired := range map[types.RetryStrategy]int{types.RetryStrategyNone: 2, types.RetryStrategyRetryWithGroupConfiguration: 4} { // unordered: each is a world of its own
		s := newStage(t)
		s.group(2)
		s.Region.EC2.Shortages = []world.Shortage{{Zone: "eu-west-1a"}}
		out, err := LaunchInstances(s.Call, order(2, func(in *autoscaling.LaunchInstancesInput) { in.RetryStrategy = strategy }))
		s.equal(len(must(s, out, err).Instances), 0)
		if e := out.Errors[0]; *e.ErrorCode != "InsufficientInstanceCapacity" || !strings.Contains(*e.ErrorMessage, "m5.large capacity in the Availability Zone you requested (eu-west-1a)") || *e.AvailabilityZone != "eu-west-1a" {
			t.Errorf("%s: %s in %s", *e.ErrorCode, *e.ErrorMessage, *e.AvailabilityZone)
		}
		s.equal(s.activities()[0].StatusCode, "Failed")
		s.Advance(5 * time.Minute)
		s.equal([]int{s.row().Desired, s.row().Members.Len()}, []int{desired, desired})
	}
}

func TestLaunchByCallThatCannotBeIsRefused(t *testing.T) {
	s := newStage(t)
	s.group(2)
	type input = autoscaling.LaunchInstancesInput
	for text, change := range map[string]func(*input){ // unordered: each is refused by itself
		"clientToken":           func(in *input) { in.ClientToken = nil },
		"between 1 and 100":     func(in *input) { in.RequestedCapacity = aws.Int32(0) },
		"requestedCapacity":     func(in *input) { in.RequestedCapacity = nil },
		"eu-west-1c":            func(in *input) { in.AvailabilityZones = []string{"eu-west-1c"} },
		"use1-az1":              func(in *input) { in.AvailabilityZones, in.AvailabilityZoneIds = nil, []string{"use1-az1"} },
		"Only one of":           func(in *input) { in.AvailabilityZoneIds = []string{"euw1-az1"} },
		"must be specified for": func(in *input) { in.AvailabilityZones = nil },
		"subnet-1":              func(in *input) { in.SubnetIds = []string{"subnet-1"} },
		"To launch 9 more":      func(in *input) { in.RequestedCapacity = aws.Int32(9) },
		"retryStrategy":         func(in *input) { in.RetryStrategy = "often" },
	} {
		_, err := LaunchInstances(s.Call, order(1, change))
		s.refused(err, "ValidationError", text)
	}
}

// Auto Scaling user guide, "Step and simple scaling policies".
func TestSimpleAndStepPoliciesAdjustTheCapacity(t *testing.T) {
	percent := "PercentChangeInCapacity"
	for _, c := range []struct {
		name    string
		have    int
		by      int
		how     string
		least   *int32
		want    int
		comment string
	}{
		{"one more", 4, 1, "ChangeInCapacity", nil, 5, ""},
		{"exactly", 4, 2, "ExactCapacity", nil, 2, ""},
		{"a quarter more", 8, 25, percent, nil, 10, ""},
		{"12.7 becomes 12", 127, 10, percent, nil, 139, ""},
		{".67 becomes 1", 10, 6, percent, nil, 11, ""},
		{"-.58 becomes -1", 10, -6, percent, nil, 9, ""},
		{"-6.67 becomes -6", 100, -7, percent, nil, 93, ""},
		{"at least two", 4, 25, percent, aws.Int32(2), 6, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := step.Adjusted(c.have, c.by, &world.PolicyStep{Adjustment: c.how, MinMagnitude: c.least}); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

func TestPolicyIsExecutedByHand(t *testing.T) {
	s := newStage(t)
	s.group(2)
	put := func(name string, change func(*autoscaling.PutScalingPolicyInput)) error {
		in := &autoscaling.PutScalingPolicyInput{AutoScalingGroupName: aws.String("web"), PolicyName: aws.String(name), AdjustmentType: aws.String("ChangeInCapacity")}
		change(in)
		_, err := PutScalingPolicy(s.Call, in)
		return err
	}
	execute := func(name string, change ...func(*autoscaling.ExecutePolicyInput)) error {
		in := &autoscaling.ExecutePolicyInput{AutoScalingGroupName: aws.String("web"), PolicyName: aws.String(name)}
		for _, f := range change {
			f(in)
		}
		_, err := ExecutePolicy(s.Call, in)
		return err
	}
	must(s, 0, put("simple", func(in *autoscaling.PutScalingPolicyInput) {
		in.ScalingAdjustment, in.Cooldown = aws.Int32(2), aws.Int32(60)
	}))
	must(s, 0, put("steps", func(in *autoscaling.PutScalingPolicyInput) {
		in.PolicyType = aws.String("StepScaling")
		in.StepAdjustments = []types.StepAdjustment{
			{MetricIntervalLowerBound: aws.Float64(0), MetricIntervalUpperBound: aws.Float64(10), ScalingAdjustment: aws.Int32(1)},
			{MetricIntervalLowerBound: aws.Float64(10), ScalingAdjustment: aws.Int32(4)},
		}
	}))
	must(s, 0, execute("simple"))
	s.equal(s.row().Desired, 4)
	patient := func(in *autoscaling.ExecutePolicyInput) { in.HonorCooldown = aws.Bool(true) }
	s.Advance(5 * time.Second)
	s.refused(execute("simple", patient), "ScalingActivityInProgress", "is in progress.")
	s.Advance(40 * time.Second)
	s.refused(execute("simple", patient), "ScalingActivityInProgress", "cooldown")
	s.Advance(5 * time.Minute)
	s.equal(s.states(), "[InService:4]")
	if c := *s.activities()[0].Cause; !strings.Contains(c, "a user request executed policy simple changing the desired capacity from 2 to 4.") {
		t.Error(c)
	}
	at := func(value float64) func(*autoscaling.ExecutePolicyInput) {
		return func(in *autoscaling.ExecutePolicyInput) {
			in.MetricValue, in.BreachThreshold = aws.Float64(value), aws.Float64(50)
		}
	}
	must(s, 0, execute("steps", at(40)))
	s.equal(s.row().Desired, 4)
	must(s, 0, execute("steps", at(60)))
	s.equal(s.row().Desired, 8)
	s.refused(execute("steps"), "ValidationError", "MetricValue and BreachThreshold are required")
	s.refused(execute("none"), "ValidationError", "Scaling policy not found: none")
	s.refused(put("bad", func(in *autoscaling.PutScalingPolicyInput) { in.AdjustmentType = nil }), "ValidationError", "AdjustmentType")
	s.refused(put("bad", func(in *autoscaling.PutScalingPolicyInput) {
		in.PolicyType = aws.String("StepScaling")
		in.StepAdjustments = []types.StepAdjustment{{ScalingAdjustment: aws.Int32(1)}, {MetricIntervalLowerBound: aws.Float64(0), ScalingAdjustment: aws.Int32(1)}}
	}), "ValidationError", "overlap")
	list, err := DescribePolicies(s.Call, &autoscaling.DescribePoliciesInput{PolicyTypes: []string{"StepScaling"}})
	p := must(s, list, err).ScalingPolicies
	s.equal([]any{len(p), *p[0].PolicyName, len(p[0].StepAdjustments), *p[0].MetricAggregationType}, "[1 steps 2 Average]")
}

package asg

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awscloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"pgregory.net/rapid"

	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

// policy puts a policy on the group that changes its capacity by a number, and gives its ARN.
func (s *stage) policy(name string, change func(*autoscaling.PutScalingPolicyInput)) string {
	s.t.Helper()
	in := &autoscaling.PutScalingPolicyInput{AutoScalingGroupName: aws.String("web"), PolicyName: aws.String(name), AdjustmentType: aws.String("ChangeInCapacity")}
	change(in)
	out, err := PutScalingPolicy(s.Call, in)
	return *must(s, out, err).PolicyARN
}

// growing is a step policy: one instance more above the threshold, three more from 20 past it.
func growing(in *autoscaling.PutScalingPolicyInput) {
	in.PolicyType, in.EstimatedInstanceWarmup = aws.String("StepScaling"), aws.Int32(300)
	in.StepAdjustments = []types.StepAdjustment{
		{MetricIntervalLowerBound: aws.Float64(0), MetricIntervalUpperBound: aws.Float64(20), ScalingAdjustment: aws.Int32(1)},
		{MetricIntervalLowerBound: aws.Float64(20), ScalingAdjustment: aws.Int32(3)},
	}
}

// alarm watches the load of n for one minute and calls a policy when it compares so with a threshold.
func (s *stage) alarm(name, policy string, comparison cwtypes.ComparisonOperator, threshold float64) {
	s.t.Helper()
	_, err := cloudwatch.PutMetricAlarm(s.Call, &awscloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String(name), Namespace: aws.String("n"), MetricName: aws.String("load"), Statistic: "Average", Period: aws.Int32(60),
		EvaluationPeriods: aws.Int32(1), ComparisonOperator: comparison, Threshold: aws.Float64(threshold), AlarmActions: []string{policy},
	})
	must(s, 0, err)
}

// said are the summaries of what an alarm's actions came to, oldest first.
func (s *stage) said() string {
	var out []string
	for _, e := range s.Region.CloudWatch.History {
		if e.Type == "Action" {
			out = append(out, e.Summary)
		}
	}
	return strings.Join(out, "; ")
}

// Auto Scaling user guide, "Step and simple scaling policies", Considerations.
func TestAStepPolicyGrowsByWhatIsMissingWhileInstancesWarmUp(t *testing.T) {
	s := newStage(t)
	g := s.group(2)
	s.alarm("high", s.policy("grow", growing), "GreaterThanThreshold", 50)
	s.load(60)
	s.scalesTo(3, 45*time.Second, 2*time.Minute)
	s.Advance(10 * time.Second)
	if c := *s.activities()[0].Cause; !strings.Contains(c, "a monitor alarm high in state ALARM triggered policy grow changing the desired capacity from 2 to 3") {
		t.Error(c)
	}
	s.load(75) // the second step, while one of its three instances is on its way
	s.scalesTo(5, time.Second, 2*time.Minute)
	s.Advance(3 * time.Minute)
	s.equal(g.Desired, 5)
	s.load(55)
	s.scalesTo(6, time.Minute, 5*time.Minute) // all have warmed up
	s.load(40)
	s.Advance(time.Hour)
	s.equal(g.Desired, 6)
	s.equal(s.said(), "Successfully executed action "+policyOf(g, "grow").ARN)
	s.quiet()
}

func policyOf(g *world.ScalingGroup, name string) *world.ScalingPolicy {
	p, _ := g.Policies.Get(name)
	return p
}

func TestAStepPolicyShrinksOneStepAtATimeToTheLeastSize(t *testing.T) {
	s := newStage(t)
	g := s.group(4)
	g.Min = 1
	s.alarm("low", s.policy("shrink", func(in *autoscaling.PutScalingPolicyInput) {
		in.PolicyType = aws.String("StepScaling")
		in.StepAdjustments = []types.StepAdjustment{{MetricIntervalUpperBound: aws.Float64(0), ScalingAdjustment: aws.Int32(-1)}}
	}), "LessThanOrEqualToThreshold", 20)
	s.load(20) // at the threshold itself
	for want := 3; want >= 1; want-- {
		s.scalesTo(want, 45*time.Second, 6*time.Minute)
	}
	s.Advance(time.Hour)
	s.equal(g.Desired, 1)
	s.equal(policyOf(g, "shrink").Due.IsZero(), true)
	_, err := UpdateAutoScalingGroup(s.Call, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0)})
	must(s, 0, err)
	s.Advance(5 * time.Minute)
	s.equal(g.Desired, 0)
	s.equal(policyOf(g, "shrink").Due.IsZero(), true)
}

// Auto Scaling user guide, "Scaling cooldowns".
func TestASimplePolicyWaitsForItsCooldown(t *testing.T) {
	s := newStage(t)
	g := s.group(1)
	s.alarm("high", s.policy("grow", func(in *autoscaling.PutScalingPolicyInput) {
		in.ScalingAdjustment, in.Cooldown = aws.Int32(1), aws.Int32(600)
	}), "GreaterThanThreshold", 50)
	s.Advance(10 * time.Minute)
	s.load(60)
	s.scalesTo(2, 45*time.Second, 2*time.Minute)
	s.scalesTo(3, 10*time.Minute, 13*time.Minute)
	s.load(10)
	s.Advance(time.Hour)
	s.equal(g.Desired, 3)
	s.quiet()
}

func TestASuspendedOrDisabledPolicyDoesNotActUntilItMay(t *testing.T) {
	s := newStage(t)
	g := s.group(1)
	s.alarm("high", s.policy("grow", growing), "GreaterThanThreshold", 50)
	_, err := SuspendProcesses(s.Call, &autoscaling.SuspendProcessesInput{AutoScalingGroupName: aws.String("web"), ScalingProcesses: []string{"AlarmNotification"}})
	must(s, 0, err)
	s.load(60)
	s.Advance(time.Hour)
	s.equal(g.Desired, 1)
	s.quiet()
	_, err = ResumeProcesses(s.Call, &autoscaling.ResumeProcessesInput{AutoScalingGroupName: aws.String("web")})
	must(s, 0, err)
	s.scalesTo(2, 0, 2*time.Minute)
	policyOf(g, "grow").Disabled = true
	s.Advance(time.Hour)
	s.equal(g.Desired, 2)
	s.quiet()
}

// CloudWatch API reference, SetAlarmState, StateReasonData.
func TestAStepPolicyGoesByTheDataOfAStateThatWasSetByHand(t *testing.T) {
	s := newStage(t)
	g := s.group(1)
	s.alarm("high", s.policy("grow", growing), "GreaterThanThreshold", 50)
	set := func(data string) {
		in := &awscloudwatch.SetAlarmStateInput{AlarmName: aws.String("high"), StateValue: "ALARM", StateReason: aws.String("a drill")}
		if data != "" {
			in.StateReasonData = &data
		}
		_, err := cloudwatch.SetAlarmState(s.Call, in)
		must(s, 0, err)
		s.Advance(2 * time.Minute) // it looks again, and finds no data
	}
	set("")
	s.equal(g.Desired, 1)
	set(`{"recentDatapoints":[80.0]}`)
	s.equal(g.Desired, 4)
}

func TestAnAlarmWhosePolicyIsGoneSaysSo(t *testing.T) {
	s := newStage(t)
	s.group(1)
	arn := s.policy("grow", growing)
	s.alarm("high", arn, "GreaterThanThreshold", 50)
	out, err := DescribePolicies(s.Call, &autoscaling.DescribePoliciesInput{})
	s.equal(*must(s, out, err).ScalingPolicies[0].Alarms[0].AlarmName, "high")
	_, err = DeletePolicy(s.Call, &autoscaling.DeletePolicyInput{PolicyName: &arn})
	must(s, 0, err)
	a, _ := s.Region.CloudWatch.Alarms.Get("high")
	s.equal(len(a.Alarm), 0) // the alarm stays, without its action
	s.alarm("high", arn, "GreaterThanThreshold", 50)
	s.load(60)
	s.Advance(2 * time.Minute)
	s.equal(s.said(), "Failed to execute action "+arn+`. Received error: "Scaling policy not found: `+arn+`"`)
}

func TestSafetyStepsComeToRestWithinTheBounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		g := s.group(rapid.Int32Range(0, 6).Draw(rt, "size"))
		s.alarm("high", s.policy("grow", growing), "GreaterThanThreshold", 50)
		for range rapid.IntRange(1, 4).Draw(rt, "loads") {
			s.load(rapid.Float64Range(0, 100).Draw(rt, "load"))
			before := g.Desired
			s.Advance(time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds")) * time.Second)
			if g.Desired < before || g.Desired > g.Max {
				rt.Fatalf("from %d to %d instances", before, g.Desired)
			}
		}
		s.load(0)
		s.Advance(time.Hour)
		if at, ok := s.NextEvent(); ok {
			rt.Fatalf("at rest something happens in %s", at.Sub(s.Now()))
		}
	})
}

package asg

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"pgregory.net/rapid"

	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/world"
)

// tracked is a group of n instances with a policy that keeps the load of n at 50.
func (s *stage) tracked(n int32) *world.ScalingGroup {
	s.t.Helper()
	s.group(n)
	_, err := PutScalingPolicy(s.Call, &autoscaling.PutScalingPolicyInput{
		AutoScalingGroupName: aws.String("web"), PolicyName: aws.String("p"), PolicyType: aws.String("TargetTrackingScaling"), EstimatedInstanceWarmup: aws.Int32(120),
		TargetTrackingConfiguration: &types.TargetTrackingConfiguration{
			TargetValue:                   aws.Float64(50),
			CustomizedMetricSpecification: &types.CustomizedMetricSpecification{MetricName: aws.String("load"), Namespace: aws.String("n"), Statistic: "Average"},
		},
	})
	must(s, 0, err)
	return s.row()
}

func (s *stage) load(value float64) {
	cloudwatch.Hold(s.World, s.Region, cloudwatch.Datum{Namespace: "n", Name: "load", Value: value})
}

// scalesTo lets time pass until the group is to have another size: the given one, after no less and no more than the given times.
func (s *stage) scalesTo(want int, least, most time.Duration) {
	s.t.Helper()
	began, had := s.Now(), s.row().Desired
	for s.row().Desired == had && s.Now().Sub(began) <= most {
		s.Advance(time.Second)
	}
	if took := s.Now().Sub(began); s.row().Desired != want || took < least || took > most {
		s.t.Errorf("%d instances after %s, want %d", s.row().Desired, took, want)
	}
}

// Auto Scaling user guide, "Target tracking scaling policies".
func TestATargetTrackingPolicyActsByItsAlarms(t *testing.T) {
	s := newStage(t)
	g := s.tracked(2)
	s.equal(s.Region.CloudWatch.Alarms.Len(), 2)
	s.load(50)
	s.Advance(time.Hour)
	s.equal(g.Desired, 2)
	s.load(90)
	s.scalesTo(4, 2*time.Minute, 3*time.Minute)
	s.equal(g.DesiredBy, "p")
	s.load(20)
	s.scalesTo(2, 14*time.Minute, 15*time.Minute)
	_, err := DeletePolicy(s.Call, &autoscaling.DeletePolicyInput{PolicyName: aws.String("p"), AutoScalingGroupName: aws.String("web")})
	must(s, 0, err)
	s.equal(s.Region.CloudWatch.Alarms.Len(), 0)
}

func TestAPolicyThatMayNotScaleInDoesNot(t *testing.T) {
	s := newStage(t)
	g := s.tracked(4)
	p, _ := g.Policies.Get("p")
	p.DisableScaleIn = true
	s.load(1)
	s.Advance(time.Hour)
	s.equal(g.Desired, 4)
	if at, ok := s.NextEvent(); ok {
		t.Errorf("at rest something happens in %s", at.Sub(s.Now()))
	}
}

func TestAGroupThatGoesTakesItsAlarmsAlong(t *testing.T) {
	s := newStage(t)
	s.tracked(1)
	_, err := DeleteAutoScalingGroup(s.Call, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(true)})
	must(s, 0, err)
	s.Advance(10 * time.Minute)
	s.equal(s.Region.CloudWatch.Alarms.Len()+s.Region.AutoScaling.Groups.Len(), 0)
}

func TestSafetyTrackingStaysWithinTheBounds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := group{ScalingGroup: &world.ScalingGroup{Min: rapid.IntRange(0, 5).Draw(rt, "min")}}
		g.Max = g.Min + rapid.IntRange(0, 10).Draw(rt, "room")
		g.Desired = rapid.IntRange(g.Min, g.Max).Draw(rt, "desired")
		for n := range rapid.IntRange(0, 20).Draw(rt, "in service") {
			id := string(rune('a' + n))
			g.Members.Put(id, &world.GroupMember{ID: id, State: string(types.LifecycleStateInService), Weight: 1})
		}
		p := &world.ScalingPolicy{Target: rapid.Float64Range(1, 100).Draw(rt, "target"), Managed: rapid.Bool().Draw(rt, "managed")}
		value := rapid.Float64Range(0, 1e9).Draw(rt, "value")
		if n := g.larger(p, value); n < g.Desired || n > g.Max {
			rt.Fatalf("out to %d from %d, at most %d", n, g.Desired, g.Max)
		}
		if n := g.smaller(p, value); n > g.Desired || n < g.Min || g.Desired-n > max(g.Desired/2, 1) {
			rt.Fatalf("in to %d from %d, at least %d", n, g.Desired, g.Min)
		}
	})
}

package step

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/world"
)

// Auto Scaling API reference, StepAdjustment.
func TestAStepBeginsWithItsLowerBoundAboveTheThresholdAndEndsWithItsUpperOneBelow(t *testing.T) {
	bound := func(lower, upper *float64, by int32) world.StepBound {
		return world.StepBound{Lower: lower, Upper: upper, By: by}
	}
	p := &world.ScalingPolicy{Type: Stepping, Steps: &world.PolicyStep{Bounds: []world.StepBound{
		bound(nil, aws.Float64(-10), -2), bound(aws.Float64(-10), aws.Float64(-5), -1),
		bound(aws.Float64(0), aws.Float64(10), 1), bound(aws.Float64(10), nil, 3),
	}}}
	for past, want := range map[float64]int32{-20: -2, -10: -2, -7: -1, -5: -1, -1: 0, 0: 1, 9: 1, 10: 3, 99: 3} {
		got := int32(0)
		if by := At(p, past); by != nil {
			got = *by
		}
		if got != want {
			t.Errorf("%v past the threshold: %d, want %d", past, got, want)
		}
	}
}

func TestAStepPolicyGoesByItsAggregationOfWhatTheAlarmSaw(t *testing.T) {
	a := &world.MetricAlarm{Threshold: 50, Seen: []float64{90, 60, 51}}
	for how, want := range map[string]int32{"Minimum": 1, "Average": 2, "Maximum": 4} {
		p := &world.ScalingPolicy{Steps: &world.PolicyStep{Aggregation: how, Bounds: []world.StepBound{
			{Lower: aws.Float64(0), Upper: aws.Float64(10), By: 1}, {Lower: aws.Float64(10), Upper: aws.Float64(30), By: 2}, {Lower: aws.Float64(30), By: 4},
		}}}
		if by := Of(p, a); by == nil || *by != want {
			t.Errorf("%s: %v, want %d", how, by, want)
		}
	}
	if Of(&world.ScalingPolicy{Steps: &world.PolicyStep{}}, &world.MetricAlarm{}) != nil {
		t.Error("it has seen nothing")
	}
}

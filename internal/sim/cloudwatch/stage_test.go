package cloudwatch

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/sns"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with CloudWatch alone, and what was heard in it.
type stage struct {
	*world.Call
	t     *testing.T
	heard []string // states of alarms, as they changed
	bus   []string // notices
	again int      // how often alarms called their policies once more
}

func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "cloudwatch"}, t: t}
	h := Handlers()
	h["cloudwatch.alarm-changed"] = append(h["cloudwatch.alarm-changed"], func(_ *world.World, e world.Event) {
		s.heard = append(s.heard, e.ID+" "+e.Arg)
	})
	h[Repeated] = append(h[Repeated], func(*world.World, world.Event) { s.again++ })
	maps.Copy(h, sns.Handlers())
	h[world.Emitted] = append(h[world.Emitted], func(_ *world.World, e world.Event) { s.bus = append(s.bus, e.Arg) })
	w.Attach(h, nil)
	return s
}

func must[O any](s *stage, out O, err error) O {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *stage) equal(got, want any) {
	s.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("got %v, want %v", got, want)
	}
}

func (s *stage) refused(err error, code, text string) {
	s.t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		s.t.Errorf("got %v, want %s with %q", err, code, text)
	}
}

// alarm makes an alarm called a over load of n: average above 5 in 3 of 3 minutes.
func (s *stage) alarm(change ...func(*cloudwatch.PutMetricAlarmInput)) *world.MetricAlarm {
	s.t.Helper()
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String("a"), Namespace: aws.String("n"), MetricName: aws.String("load"), Statistic: types.StatisticAverage,
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, Threshold: aws.Float64(5), Period: aws.Int32(60), EvaluationPeriods: aws.Int32(3),
	}
	for _, f := range change {
		f(in)
	}
	_, err := PutMetricAlarm(s.Call, in)
	must(s, 0, err)
	a, _ := s.Region.CloudWatch.Alarms.Get(*in.AlarmName)
	return a
}

func (s *stage) put(value float64) {
	Put(s.World, s.Region, Datum{Namespace: "n", Name: "load", Value: value})
}

func (s *stage) hold(value float64) {
	Hold(s.World, s.Region, Datum{Namespace: "n", Name: "load", Value: value})
}

// resting fails unless nothing is scheduled.
func (s *stage) resting() {
	s.t.Helper()
	if at, ok := s.NextEvent(); ok {
		s.t.Errorf("at rest something happens in %s", at.Sub(s.Now()))
	}
}

// averages are those of load in the minutes since the beginning.
func (s *stage) averages() []float64 {
	s.t.Helper()
	out, err := GetMetricStatistics(s.Call, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("n"), MetricName: aws.String("load"), Period: aws.Int32(60), Statistics: []types.Statistic{types.StatisticAverage},
		StartTime: aws.Time(world.Epoch()), EndTime: aws.Time(s.Now().Add(time.Minute)),
	})
	var all []float64
	for _, p := range must(s, out, err).Datapoints {
		all = append(all, *p.Average)
	}
	return all
}

package cloudwatch

import (
	"math"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/world"
)

func TestStatisticsAreThoseOfTheirPeriod(t *testing.T) {
	s := newStage(t)
	_, err := PutMetricData(s.Call, &cloudwatch.PutMetricDataInput{Namespace: aws.String("n"), MetricData: []types.MetricDatum{
		{MetricName: aws.String("load"), Value: aws.Float64(4), Unit: types.StandardUnitCount},
		{MetricName: aws.String("load"), Values: []float64{1, 7}, Counts: []float64{3, 1}, Unit: types.StandardUnitCount},
		{MetricName: aws.String("load"), Unit: types.StandardUnitCount, Timestamp: aws.Time(s.Now().Add(-2 * time.Minute)), StatisticValues: &types.StatisticSet{
			SampleCount: aws.Float64(2), Sum: aws.Float64(20), Minimum: aws.Float64(9), Maximum: aws.Float64(11),
		}},
	}})
	must(s, 0, err)
	ask := func(period int32) []types.Datapoint {
		out, err := GetMetricStatistics(s.Call, &cloudwatch.GetMetricStatisticsInput{
			Namespace: aws.String("n"), MetricName: aws.String("load"), Period: aws.Int32(period), Statistics: types.Statistic("").Values(),
			StartTime: aws.Time(s.Now().Add(-time.Hour)), EndTime: aws.Time(s.Now().Add(time.Minute)),
		})
		return must(s, out, err).Datapoints
	}
	all := ask(60)
	s.equal(len(all), 2)
	s.equal([]float64{*all[0].SampleCount, *all[0].Sum, *all[0].Minimum, *all[0].Maximum, *all[0].Average}, []float64{2, 20, 9, 11, 10})
	s.equal([]float64{*all[1].SampleCount, *all[1].Sum, *all[1].Minimum, *all[1].Maximum, *all[1].Average}, []float64{5, 14, 1, 7, 2.8})
	s.equal(all[0].Unit, "Count")
	out, err := GetMetricData(s.Call, &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(s.Now().Add(-time.Hour)), EndTime: aws.Time(s.Now().Add(time.Minute)),
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("m"), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String("n"), MetricName: aws.String("load")}, Period: aws.Int32(60), Stat: aws.String("Sum"),
		}}},
	})
	s.equal(must(s, out, err).MetricDataResults[0].Values, []float64{14, 20})
	s.equal(*out.MetricDataResults[0].Label, "load")
}

func TestMetricsAreListedByTheirDimensions(t *testing.T) {
	s := newStage(t)
	for _, zone := range []string{"a", "b"} {
		Put(s.World, s.Region, Datum{Namespace: "AWS/X", Name: "load", Dimensions: []world.Tag{{Key: "zone", Value: zone}}, Value: 1})
	}
	s.put(1)
	list := func(in *cloudwatch.ListMetricsInput) int {
		out, err := ListMetrics(s.Call, in)
		return len(must(s, out, err).Metrics)
	}
	s.equal(list(&cloudwatch.ListMetricsInput{}), 3)
	s.equal(list(&cloudwatch.ListMetricsInput{Namespace: aws.String("AWS/X")}), 2)
	s.equal(list(&cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("zone")}}}), 2)
	s.equal(list(&cloudwatch.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("zone"), Value: aws.String("b")}}}), 1)
	s.Advance(4 * time.Hour)
	s.equal(list(&cloudwatch.ListMetricsInput{RecentlyActive: types.RecentlyActivePt3h}), 0)
	s.Advance(15 * 24 * time.Hour)
	s.equal(list(&cloudwatch.ListMetricsInput{}), 0)
}

func TestDataThatCannotBeIsRefused(t *testing.T) {
	s := newStage(t)
	for name, test := range map[string]struct {
		namespace string
		datum     types.MetricDatum
		code      string
	}{
		"AWS's namespace": {"AWS/ECS", types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(1)}, "InvalidParameterValueException"},
		"no name":         {"n", types.MetricDatum{Value: aws.Float64(1)}, "MissingRequiredParameterException"},
		"no value":        {"n", types.MetricDatum{MetricName: aws.String("m")}, "InvalidParameterCombinationException"},
		"two values": {"n", types.MetricDatum{
			MetricName: aws.String("m"), Value: aws.Float64(1), Values: []float64{1},
		}, "InvalidParameterCombinationException"},
		"not a number": {"n", types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(math.NaN())}, "InvalidParameterValueException"},
		"infinite":     {"n", types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(math.Inf(1))}, "InvalidParameterValueException"},
		"too old": {"n", types.MetricDatum{
			MetricName: aws.String("m"), Value: aws.Float64(1), Timestamp: aws.Time(s.Now().Add(-15 * 24 * time.Hour)),
		}, "InvalidParameterValueException"},
		"too early": {"n", types.MetricDatum{
			MetricName: aws.String("m"), Value: aws.Float64(1), Timestamp: aws.Time(s.Now().Add(3 * time.Hour)),
		}, "InvalidParameterValueException"},
		"by the second": {"n", types.MetricDatum{MetricName: aws.String("m"), Value: aws.Float64(1), StorageResolution: aws.Int32(1)}, "InvalidParameterValueException"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			fine := types.MetricDatum{MetricName: aws.String("fine"), Value: aws.Float64(1)}
			_, err := PutMetricData(s.Call, &cloudwatch.PutMetricDataInput{Namespace: aws.String(test.namespace), MetricData: []types.MetricDatum{fine, test.datum}})
			s.refused(err, test.code, "")
			s.equal(s.Region.CloudWatch.Metrics.Len(), 0)
		})
	}
}

func TestStatisticsThatCannotBeAreRefused(t *testing.T) {
	s := newStage(t)
	ask := func(change func(*cloudwatch.GetMetricStatisticsInput)) error {
		in := &cloudwatch.GetMetricStatisticsInput{
			Namespace: aws.String("n"), MetricName: aws.String("load"), Period: aws.Int32(60), Statistics: []types.Statistic{"Sum"},
			StartTime: aws.Time(s.Now().Add(-time.Hour)), EndTime: aws.Time(s.Now()),
		}
		change(in)
		_, err := GetMetricStatistics(s.Call, in)
		return err
	}
	s.refused(ask(func(in *cloudwatch.GetMetricStatisticsInput) { in.StartTime = aws.Time(s.Now().Add(-25 * time.Hour)) }),
		"InvalidParameterCombinationException", "You have requested up to 1500 datapoints, which exceeds the limit of 1440.")
	s.refused(ask(func(in *cloudwatch.GetMetricStatisticsInput) { in.StartTime = in.EndTime }), "InvalidParameterCombinationException", "less than")
	s.refused(ask(func(in *cloudwatch.GetMetricStatisticsInput) { in.Statistics = nil }), "InvalidParameterCombinationException", "At least one")
	s.refused(ask(func(in *cloudwatch.GetMetricStatisticsInput) { in.EndTime = nil }), "MissingRequiredParameterException", "EndTime")
}

func TestAMetricKeepsFifteenDays(t *testing.T) {
	s := newStage(t)
	s.put(1)
	s.Advance(16 * 24 * time.Hour)
	s.put(2)
	for m := range s.Region.CloudWatch.Metrics.Rows() {
		s.equal(len(m.Spans), 1)
	}
	for range 2000 {
		s.put(3)
		s.Advance(time.Minute)
	}
	for m := range s.Region.CloudWatch.Metrics.Rows() {
		s.equal(len(m.Spans), mostSpans)
	}
}

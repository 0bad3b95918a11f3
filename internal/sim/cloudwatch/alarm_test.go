package cloudwatch

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

// CloudWatch user guide, "How alarm state is evaluated when data is missing": the tables of five data points, three periods.
func TestMissingDataIsTreatedAsTheAlarmSays(t *testing.T) {
	const retain = "retain"
	for _, test := range []struct {
		points                                string // oldest first: 0 fine, X breaching, - missing
		toAlarm                               int
		missing, ignore, breaching, notBreach string
	}{
		{"0-X-X", 3, isOK, isOK, isOK, isOK},
		{"----0", 3, isOK, isOK, isOK, isOK},
		{"-----", 3, unknown, retain, isAlarm, isOK},
		{"0XX-X", 3, isAlarm, isAlarm, isAlarm, isAlarm},
		{"--X--", 3, isAlarm, retain, isAlarm, isOK},
		{"0-X-X", 2, isAlarm, isAlarm, isAlarm, isAlarm},
		{"00X-X", 2, isAlarm, isAlarm, isAlarm, isAlarm},
		{"0-X--", 2, isAlarm, retain, isAlarm, isOK},
		{"-----", 2, unknown, retain, isAlarm, isOK},
		{"----X", 2, retain, retain, isAlarm, isOK},
	} {
		for treatment, want := range map[string]string{
			missingMissing: test.missing, missingIgnored: test.ignore, missingBreaching: test.breaching, missingNotBreaching: test.notBreach,
		} {
			for _, before := range []string{isOK, isAlarm, unknown} {
				a := &world.MetricAlarm{Comparison: "GreaterThanThreshold", Threshold: 5, Periods: 3, ToAlarm: test.toAlarm, Missing: treatment, State: before}
				var points []point
				for _, c := range test.points {
					points = append([]point{{there: c != '-', value: map[rune]float64{'0': 0, 'X': 10}[c]}}, points...)
				}
				state := want
				if want == retain {
					state = before
				}
				if got := judge(a, points); got != state {
					t.Errorf("%s, %d to alarm, %s, from %s: %s, want %s", test.points, test.toAlarm, treatment, before, got, state)
				}
			}
		}
	}
}

func TestAnAlarmFollowsItsMetricAndThenRests(t *testing.T) {
	s := newStage(t)
	a := s.alarm()
	s.equal(a.State, unknown)
	for range 3 {
		s.put(10)
		s.Advance(time.Minute)
	}
	s.equal(s.heard, []string{"a ALARM"})
	if want := "Threshold Crossed: 3 out of the last 3 datapoints [10.0 (02/11/26 09:02:00), 10.0 (02/11/26 09:01:00), 10.0 (02/11/26 09:00:00)] were greater than the threshold (5.0) (minimum 3 datapoints for OK -> ALARM transition)."; a.Reason != want {
		t.Errorf("got  %s\nwant %s", a.Reason, want)
	}
	s.put(1)
	s.Advance(time.Minute)
	s.equal(s.heard, []string{"a ALARM", "a OK"})
	s.Advance(10 * time.Minute)
	s.equal(s.heard, []string{"a ALARM", "a OK", "a INSUFFICIENT_DATA"})
	s.resting()
}

func TestAHeldValueCountsEveryMinuteAndCostsNothing(t *testing.T) {
	s := newStage(t)
	s.alarm(func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(15) })
	s.hold(3)
	s.Advance(time.Minute)
	s.equal(s.heard, []string{"a OK"})
	s.resting()
	s.Advance(30*time.Minute + 20*time.Second)
	s.hold(9)
	changed := s.Now()
	for s.heard[len(s.heard)-1] != "a ALARM" {
		at, ok := s.NextEvent()
		if !ok {
			t.Fatal("no alarm")
		}
		s.Advance(at.Sub(s.Now()))
	}
	s.equal(s.Now().Sub(changed.Truncate(time.Minute)), 15*time.Minute)
	s.Advance(time.Minute)
	s.resting()
	s.equal(len(s.averages()), 31+15+2)
	s.equal(s.averages()[30:32], []float64{3, 9})
	Release(s.World, s.Region, Datum{Namespace: "n", Name: "load"})
	s.Advance(time.Hour)
	s.equal(s.heard, []string{"a OK", "a ALARM", "a INSUFFICIENT_DATA"})
	s.resting()
}

func TestTheLastHeldValueOfAMinuteCounts(t *testing.T) {
	s := newStage(t)
	s.hold(1)
	s.hold(2)
	s.Advance(90 * time.Second)
	s.hold(3)
	Release(s.World, s.Region, Datum{Namespace: "n", Name: "load"})
	s.hold(4)
	s.Advance(time.Minute)
	s.equal(s.averages(), []float64{2, 4, 4})
}

func TestAlarmsComeToRestWhateverIsMeasured(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		n := rapid.IntRange(1, 5).Draw(rt, "periods")
		s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
			in.EvaluationPeriods, in.DatapointsToAlarm = aws.Int32(int32(n)), aws.Int32(int32(rapid.IntRange(1, n).Draw(rt, "to alarm")))
			in.Period = aws.Int32(60 * rapid.Int32Range(1, 3).Draw(rt, "period"))
			in.TreatMissingData = aws.String(rapid.SampledFrom([]string{"missing", "ignore", "breaching", "notBreaching"}).Draw(rt, "missing"))
		})
		holds := rapid.Bool().Draw(rt, "held")
		for range rapid.IntRange(0, 20).Draw(rt, "steps") {
			value := rapid.Float64Range(0, 10).Draw(rt, "value")
			switch step := rapid.IntRange(0, 3).Draw(rt, "step"); {
			case step == 0 && holds:
				s.hold(value)
			case step == 0:
				s.put(value)
			case step == 1 && holds:
				Release(s.World, s.Region, Datum{Namespace: "n", Name: "load"})
			default:
				s.Advance(time.Duration(rapid.IntRange(1, 400).Draw(rt, "seconds")) * time.Second)
			}
		}
		end := s.Now().Add(time.Hour)
		for at, ok := s.NextEvent(); ok; at, ok = s.NextEvent() {
			if at.After(end) {
				rt.Fatal("the alarm does not rest")
			}
			s.Advance(max(at.Sub(s.Now()), 1))
		}
		// what it rests in is what it would come to if it looked again and again
		a, _ := s.Region.CloudWatch.Alarms.Get("a")
		state := a.State
		for range 12 {
			watch(s.World, s.Region, a)
			s.Advance(3 * time.Minute)
		}
		if a.State != state {
			rt.Fatalf("it rested in %s, but belongs in %s", state, a.State)
		}
	})
}

func TestAChangeOfStateIsSaidOnTheBusAndInTheHistory(t *testing.T) {
	s := newStage(t)
	s.topic("ops", "")
	s.Region.Events.Rules.Put("default/r", &world.EventRule{Name: "r", Bus: "default"})
	a := s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.AlarmActions = []string{"arn:aws:sns:eu-west-1:123456789012:ops"}
	})
	_, err := SetAlarmState(s.Call, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: types.StateValueAlarm, StateReason: aws.String("a drill")})
	must(s, 0, err)
	s.Advance(2 * time.Second)
	s.equal(s.heard, []string{"a ALARM"})
	topic, _ := s.Region.SNS.Topics.Get("arn:aws:sns:eu-west-1:123456789012:ops")
	s.equal(topic.Figures.Published, 1)
	s.equal(a.Actions(), []string{"arn:aws:sns:eu-west-1:123456789012:ops"})
	s.equal(Alarming(s.Region, []string{"none", "a"}), true)
	s.equal(Alarming(s.Region, []string{"none"}), false)
	var notice struct {
		Source     string
		DetailType string `json:"detail-type"`
		Resources  []string
		Detail     struct {
			AlarmName string
			State     struct{ Value, Reason string }
		}
	}
	if len(s.bus) != 1 || json.Unmarshal([]byte(s.bus[0]), &notice) != nil {
		t.Fatalf("the bus has %v", s.bus)
	}
	s.equal(notice.Source+"|"+notice.DetailType+"|"+notice.Resources[0]+"|"+notice.Detail.AlarmName+"|"+notice.Detail.State.Value+"|"+notice.Detail.State.Reason,
		"aws.cloudwatch|CloudWatch Alarm State Change|arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a|a|ALARM|a drill")
	s.equal(s.history(), []string{
		"Action: Successfully executed action arn:aws:sns:eu-west-1:123456789012:ops",
		"StateUpdate: Alarm updated from INSUFFICIENT_DATA to ALARM", `ConfigurationUpdate: Alarm "a" created`,
	})
	subject, message := Message(s.Region, a)
	s.equal(subject, `ALARM: "a" in eu-west-1`)
	if !strings.Contains(message, `"NewStateReason":"a drill"`) || !json.Valid([]byte(message)) {
		t.Error(message)
	}
}

func (s *stage) history() []string {
	s.t.Helper()
	out, err := DescribeAlarmHistory(s.Call, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: aws.String("a")})
	var all []string
	for _, i := range must(s, out, err).AlarmHistoryItems {
		all = append(all, string(i.HistoryItemType)+": "+*i.HistorySummary)
	}
	return all
}

// CloudWatch user guide, "Alarm actions": what a topic refuses is in the alarm's history.
func TestATopicThatIsNotThereIsAFailedAction(t *testing.T) {
	s := newStage(t)
	s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.AlarmActions = []string{"arn:aws:sns:eu-west-1:123456789012:nobody"}
	})
	_, err := SetAlarmState(s.Call, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: types.StateValueAlarm, StateReason: aws.String("a drill")})
	must(s, 0, err)
	s.Advance(2 * time.Second)
	if got := s.history()[0]; !strings.HasPrefix(got, "Action: Failed to execute action arn:aws:sns:eu-west-1:123456789012:nobody. Received error: ") {
		t.Error(got)
	}
}

func TestDisabledActionsAreNone(t *testing.T) {
	s := newStage(t)
	a := s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.InsufficientDataActions = []string{"arn:aws:sns:eu-west-1:123456789012:ops"}
	})
	s.equal(len(a.Actions()), 1)
	_, err := DisableAlarmActions(s.Call, &cloudwatch.DisableAlarmActionsInput{AlarmNames: []string{"a"}})
	must(s, 0, err)
	s.equal(len(a.Actions()), 0)
	_, err = EnableAlarmActions(s.Call, &cloudwatch.EnableAlarmActionsInput{AlarmNames: []string{"a"}})
	must(s, 0, err)
	s.equal(len(a.Actions()), 1)
}

func TestAnAlarmIsReadBackWhole(t *testing.T) {
	s := newStage(t)
	s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.Dimensions = []types.Dimension{{Name: aws.String("b"), Value: aws.String("2")}, {Name: aws.String("a"), Value: aws.String("1")}}
		in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}
		in.TreatMissingData = aws.String("notBreaching")
	})
	out, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{})
	a := must(s, out, err).MetricAlarms[0]
	s.equal(*a.AlarmArn, "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a")
	s.equal(*a.Dimensions[0].Name+*a.TreatMissingData+string(a.StateValue), "anotBreachingINSUFFICIENT_DATA")
	s.equal(a.DatapointsToAlarm == nil && *a.ActionsEnabled, true)
	metric, err := DescribeAlarmsForMetric(s.Call, &cloudwatch.DescribeAlarmsForMetricInput{
		Namespace: aws.String("n"), MetricName: aws.String("load"),
		Dimensions: []types.Dimension{{Name: aws.String("a"), Value: aws.String("1")}, {Name: aws.String("b"), Value: aws.String("2")}},
	})
	s.equal(len(must(s, metric, err).MetricAlarms), 1)
	_, err = TagResource(s.Call, &cloudwatch.TagResourceInput{ResourceARN: a.AlarmArn, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	must(s, 0, err)
	_, err = UntagResource(s.Call, &cloudwatch.UntagResourceInput{ResourceARN: a.AlarmArn, TagKeys: []string{"team"}})
	must(s, 0, err)
	tags, err := ListTagsForResource(s.Call, &cloudwatch.ListTagsForResourceInput{ResourceARN: a.AlarmArn})
	s.equal(*must(s, tags, err).Tags[0].Key, "k")
	s.equal(len(tags.Tags), 1)
}

func TestAnAlarmThatIsPutAgainKeepsItsState(t *testing.T) {
	s := newStage(t)
	s.alarm()
	s.hold(10)
	s.Advance(5 * time.Minute)
	a := s.alarm(func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = aws.Float64(20) })
	s.equal(a.State, isAlarm)
	s.Advance(time.Minute)
	s.equal(a.State, isOK)
}

func TestAlarmsArePagedAndFiltered(t *testing.T) {
	s := newStage(t)
	for _, name := range []string{"web-1", "web-2", "web-3", "db"} {
		s.alarm(func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmName = aws.String(name) })
	}
	first, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String("web"), MaxRecords: aws.Int32(2)})
	s.equal(len(must(s, first, err).MetricAlarms), 2)
	second, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String("web"), MaxRecords: aws.Int32(2), NextToken: first.NextToken})
	s.equal(*must(s, second, err).MetricAlarms[0].AlarmName, "web-3")
	s.equal(second.NextToken == nil, true)
	named, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"db", "none"}})
	s.equal(len(must(s, named, err).MetricAlarms), 1)
	ok, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{StateValue: types.StateValueOk})
	s.equal(len(must(s, ok, err).MetricAlarms), 0)
	composite, err := DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}})
	s.equal(len(must(s, composite, err).MetricAlarms), 0)
	_, err = DescribeAlarms(s.Call, &cloudwatch.DescribeAlarmsInput{NextToken: aws.String("x")})
	s.refused(err, "InvalidNextToken", "")
}

func TestDeletingUnknownAlarmsDeletesNone(t *testing.T) {
	s := newStage(t)
	s.alarm()
	_, err := DeleteAlarms(s.Call, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"a", "none"}})
	s.refused(err, "ResourceNotFound", "none")
	s.equal(s.Region.CloudWatch.Alarms.Len(), 1)
	_, err = DeleteAlarms(s.Call, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"a"}})
	must(s, 0, err)
	s.Advance(time.Hour) // what it was to look at is passed over
	s.equal(s.history()[0], `ConfigurationUpdate: Alarm "a" deleted`)
	s.resting()
}

func TestAlarmsThatCannotBeAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*cloudwatch.PutMetricAlarmInput)
		code   string
		text   string
	}{
		"no name":            {func(in *cloudwatch.PutMetricAlarmInput) { in.AlarmName = nil }, "MissingRequiredParameterException", "AlarmName"},
		"no threshold":       {func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = nil }, "MissingRequiredParameterException", "Threshold"},
		"a short period":     {func(in *cloudwatch.PutMetricAlarmInput) { in.Period = aws.Int32(10) }, "InvalidParameterValueException", "high-resolution"},
		"an odd period":      {func(in *cloudwatch.PutMetricAlarmInput) { in.Period = aws.Int32(90) }, "InvalidParameterValueException", "multiple of 60"},
		"too long":           {func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(1441) }, "InvalidParameterValueException", "86400"},
		"more than periods":  {func(in *cloudwatch.PutMetricAlarmInput) { in.DatapointsToAlarm = aws.Int32(4) }, "InvalidParameterValueException", "DatapointsToAlarm"},
		"a percentile":       {func(in *cloudwatch.PutMetricAlarmInput) { in.ExtendedStatistic = aws.String("p99") }, "InvalidParameterValueException", "percentile"},
		"metric math":        {func(in *cloudwatch.PutMetricAlarmInput) { in.Metrics = []types.MetricDataQuery{{}} }, "InvalidParameterValueException", "math"},
		"another comparison": {func(in *cloudwatch.PutMetricAlarmInput) { in.ComparisonOperator = "X" }, "InvalidParameterValueException", "ComparisonOperator"},
		"missing data":       {func(in *cloudwatch.PutMetricAlarmInput) { in.TreatMissingData = aws.String("x") }, "InvalidParameterValueException", "TreatMissingData"},
		"no arn":             {func(in *cloudwatch.PutMetricAlarmInput) { in.OKActions = []string{"x"} }, "InvalidParameterValueException", "arn"},
		"another action": {func(in *cloudwatch.PutMetricAlarmInput) {
			in.AlarmActions = []string{"arn:aws:automate:eu-west-1:ec2:stop"}
		}, "InvalidParameterValueException", "not available"},
		"a policy of Application Auto Scaling": {func(in *cloudwatch.PutMetricAlarmInput) {
			in.OKActions = []string{"arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:x:resource/ecs/service/a/b:policyName/p"}
		}, "InvalidParameterValueException", "not available"},
		"a group": {func(in *cloudwatch.PutMetricAlarmInput) {
			in.InsufficientDataActions = []string{"arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:x:autoScalingGroupName/web"}
		}, "InvalidParameterValueException", "not available"},
		"another region": {func(in *cloudwatch.PutMetricAlarmInput) {
			in.AlarmActions = []string{"arn:aws:sns:eu-west-2:123456789012:x"}
		}, "InvalidParameterValueException", "region"},
		"two dimensions of a name": {func(in *cloudwatch.PutMetricAlarmInput) {
			d := types.Dimension{Name: aws.String("a"), Value: aws.String("1")}
			in.Dimensions = []types.Dimension{d, d}
		}, "InvalidParameterValueException", "same name"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			in := &cloudwatch.PutMetricAlarmInput{
				AlarmName: aws.String("a"), Namespace: aws.String("n"), MetricName: aws.String("load"), Statistic: types.StatisticAverage,
				ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, Threshold: aws.Float64(5), Period: aws.Int32(60), EvaluationPeriods: aws.Int32(3),
			}
			test.change(in)
			_, err := PutMetricAlarm(s.Call, in)
			s.refused(err, test.code, test.text)
			s.equal(s.Region.CloudWatch.Alarms.Len(), 0)
		})
	}
}

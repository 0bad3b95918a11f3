package cloudwatch

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/sns"
	"berth/internal/sim/sqs"
)

const topics = "arn:aws:sns:eu-west-1:123456789012:"

// topic makes a topic, with a policy unless it is to have the one that SNS gives.
func (s *stage) topic(name, policy string) {
	s.t.Helper()
	in := &awssns.CreateTopicInput{Name: aws.String(name)}
	if policy != "" {
		in.Attributes = map[string]string{"Policy": policy}
	}
	_, err := sns.CreateTopic(s.Call, in)
	must(s, 0, err)
}

// letters subscribes a new queue to the topic ops; what it gives tells the subjects of the messages in it, and the last message.
func (s *stage) letters() func() ([]string, string) {
	s.t.Helper()
	queue := "arn:aws:sqs:eu-west-1:123456789012:letters"
	_, err := sqs.CreateQueue(s.Call, &awssqs.CreateQueueInput{QueueName: aws.String("letters"), Attributes: map[string]string{
		"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + queue + `"}}`,
	}})
	must(s, 0, err)
	_, err = sns.Subscribe(s.Call, &awssns.SubscribeInput{TopicArn: aws.String(topics + "ops"), Protocol: aws.String("sqs"), Endpoint: aws.String(queue)})
	must(s, 0, err)
	return func() (subjects []string, last string) {
		q, _ := s.Region.SQS.Queues.Get("letters")
		for _, m := range q.Messages {
			var e struct{ Subject, Message string }
			if err := json.Unmarshal([]byte(m.Body), &e); err != nil {
				s.t.Fatal(err)
			}
			subjects, last = append(subjects, e.Subject), e.Message
		}
		return subjects, last
	}
}

// everywhere lets an alarm tell the topic ops of each of its states, of one that breaches without data too.
func everywhere(in *cloudwatch.PutMetricAlarmInput) {
	ops := []string{topics + "ops"}
	in.OKActions, in.AlarmActions, in.InsufficientDataActions, in.EvaluationPeriods = ops, ops, ops, aws.Int32(1)
}

// CloudWatch user guide, "Notify users on alarm changes".
func TestAnAlarmReachesAQueueByItsTopic(t *testing.T) {
	s := newStage(t)
	s.topic("ops", "")
	read := s.letters()
	s.alarm(everywhere)
	for _, value := range []float64{9, 1} {
		_, err := PutMetricData(s.Call, &cloudwatch.PutMetricDataInput{
			Namespace: aws.String("n"), MetricData: []types.MetricDatum{{MetricName: aws.String("load"), Value: aws.Float64(value)}},
		})
		must(s, 0, err)
		s.Advance(time.Minute)
	}
	s.Advance(10 * time.Minute) // without data
	subjects, last := read()
	s.equal(strings.Join(subjects, "; "), `ALARM: "a" in eu-west-1; OK: "a" in eu-west-1; INSUFFICIENT_DATA: "a" in eu-west-1`)
	var said struct{ AlarmName, NewStateValue, AlarmArn string }
	must(s, 0, json.Unmarshal([]byte(last), &said))
	s.equal(said.AlarmName+" "+said.NewStateValue+" "+said.AlarmArn, "a INSUFFICIENT_DATA arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a")
	s.resting()
}

func TestDisabledActionsTellNobodyAndLeaveNoTrace(t *testing.T) {
	s := newStage(t)
	s.topic("ops", "")
	read := s.letters()
	s.alarm(everywhere)
	_, err := DisableAlarmActions(s.Call, &cloudwatch.DisableAlarmActionsInput{AlarmNames: []string{"a"}})
	must(s, 0, err)
	s.put(9)
	s.Advance(2 * time.Minute)
	subjects, _ := read()
	s.equal(len(subjects), 0)
	if got := strings.Join(s.history(), "; "); strings.Contains(got, "Action") || !strings.Contains(got, "to ALARM") {
		t.Error(got)
	}
}

// AWS re:Post, "Why didn't I receive an SNS notification for my CloudWatch alarm trigger?".
func TestTheHistorySaysWhichActionsFailedAndWhy(t *testing.T) {
	s := newStage(t)
	s.topic("ops", "")
	s.topic("shut", `{"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}}`)
	s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.AlarmActions = []string{topics + "ops", topics + "shut", topics + "gone"}
	})
	_, err := SetAlarmState(s.Call, &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: "ALARM", StateReason: aws.String("a drill")})
	must(s, 0, err)
	s.Settle()
	out, err := DescribeAlarmHistory(s.Call, &cloudwatch.DescribeAlarmHistoryInput{HistoryItemType: "Action", ScanBy: "TimestampAscending"})
	items := must(s, out, err).AlarmHistoryItems
	want := []struct{ summary, state, err string }{
		{"Successfully executed action " + topics + "ops", "Succeeded", ""},
		{
			"Failed to execute action " + topics + `shut. Received error: "Resource: arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a is not authorized to perform: SNS:Publish on resource: ` + topics + `shut"`,
			"Failed", "not authorized",
		},
		{"Failed to execute action " + topics + `gone. Received error: "Topic does not exist"`, "Failed", "Topic does not exist"},
	}
	if len(items) != len(want) {
		t.Fatalf("%d actions", len(items))
	}
	for n, w := range want {
		var d struct{ ActionState, PublishedMessage, Error string }
		must(s, 0, json.Unmarshal([]byte(*items[n].HistoryData), &d))
		s.equal(*items[n].HistorySummary, w.summary)
		if d.ActionState != w.state || !strings.Contains(d.Error, w.err) || (d.PublishedMessage != "") != (w.err == "") {
			t.Errorf("%d: %+v", n, d)
		}
	}
}

func TestAnAlarmCallsItsPoliciesAgainWhileWhatItSeesMoves(t *testing.T) {
	s := newStage(t)
	s.alarm(func(in *cloudwatch.PutMetricAlarmInput) {
		in.AlarmActions = []string{"arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:x:autoScalingGroupName/web:policyName/p"}
	})
	s.hold(6)
	s.Advance(time.Hour)
	s.equal(s.again, 0)
	s.resting()
	s.hold(8)
	s.Advance(time.Hour)
	a, _ := s.Region.CloudWatch.Alarms.Get("a")
	s.equal(a.Seen, "[8 8 8]")
	s.equal(s.again, 3)
	s.resting()
}

package sim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// messaging is the SDK for all that takes an event to its readers.
type messaging struct {
	t      testing.TB
	events *eventbridge.Client
	kms    *kms.Client
	sns    *sns.Client
	sqs    *sqs.Client
}

func messagingOf(t testing.TB, cfg aws.Config) messaging {
	return messaging{t, eventbridge.NewFromConfig(cfg), kms.NewFromConfig(cfg), sns.NewFromConfig(cfg), sqs.NewFromConfig(cfg)}
}

// topic makes an encrypted topic that lets EventBridge in, and whose key does so or not.
func (m messaging) topic(keyLetsIn bool) *string {
	m.t.Helper()
	statement := ""
	if keyLetsIn {
		statement = `,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"}`
	}
	key := must[*kms.CreateKeyOutput](m.t)(m.kms.CreateKey(ctx(), &kms.CreateKeyInput{Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}` + statement + `]}`)}))
	must[*kms.EnableKeyRotationOutput](m.t)(m.kms.EnableKeyRotation(ctx(), &kms.EnableKeyRotationInput{KeyId: key.KeyMetadata.KeyId}))
	return must[*sns.CreateTopicOutput](m.t)(m.sns.CreateTopic(ctx(), &sns.CreateTopicInput{Name: aws.String("ops"), Attributes: map[string]string{
		"KmsMasterKeyId": *key.KeyMetadata.Arn,
		"Policy":         `{"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}}`,
	}})).TopicArn
}

// queue makes a queue that gets what the topic gets, and gives its URL.
func (m messaging) queue(topic *string) *string {
	m.t.Helper()
	url := must[*sqs.CreateQueueOutput](m.t)(m.sqs.CreateQueue(ctx(), &sqs.CreateQueueInput{QueueName: aws.String("watch"), Attributes: map[string]string{
		"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"` + *topic + `"}}}}`,
	}})).QueueUrl
	must[*sns.SubscribeOutput](m.t)(m.sns.Subscribe(ctx(), &sns.SubscribeInput{
		TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:" + wiretest.Region + ":123456789012:watch"),
	}))
	return url
}

// rule sends launches of instances to the topic, as a sentence.
func (m messaging) rule(topic *string) {
	m.t.Helper()
	must[*eventbridge.PutRuleOutput](m.t)(m.events.PutRule(ctx(), &eventbridge.PutRuleInput{Name: aws.String("launches"), EventPattern: aws.String(
		`{"source":["aws.autoscaling"],"detail-type":[{"prefix":"EC2 Instance Launch"}],"detail":{"AutoScalingGroupName":["web"]}}`)}))
	must[*eventbridge.PutTargetsOutput](m.t)(m.events.PutTargets(ctx(), &eventbridge.PutTargetsInput{Rule: aws.String("launches"), Targets: []eventtypes.Target{{
		Id: aws.String("ops"), Arn: topic, InputTransformer: &eventtypes.InputTransformer{
			InputPathsMap: map[string]string{"group": "$.detail.AutoScalingGroupName", "type": "$.detail-type"}, InputTemplate: aws.String(`"<type>: <group>"`),
		},
	}}}))
}

func TestLaunchReachesAQueueThroughAnEncryptedTopicIfItsKeyAllows(t *testing.T) {
	for name, letsIn := range map[string]bool{"with the key's statement": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			s, c := embedded(1)
			m := messagingOf(t, wiretest.Config(s.Client().Transport))
			topic := m.topic(letsIn)
			url := m.queue(topic)
			m.rule(topic)
			x := &site{t: t, c: c}
			x.network()
			x.fleet()
			must[*autoscaling.SetDesiredCapacityOutput](t)(c.asg.SetDesiredCapacity(ctx(), &autoscaling.SetDesiredCapacityInput{
				AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(1),
			}))
			must[int](t)(0, s.Sleep(ctx(), 5*time.Minute))
			got := must[*sqs.ReceiveMessageOutput](t)(m.sqs.ReceiveMessage(ctx(), &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10})).Messages
			if !letsIn {
				s.With(func(w *world.World) {
					r, _ := w.Region(wiretest.Region).Events.Rules.Get("default/launches")
					if r.Figures.Matched == 0 || r.Figures.Failed != r.Figures.Matched || len(got) != 0 {
						t.Errorf("%+v, %d messages", r.Figures, len(got))
					}
				})
				return
			}
			var e struct{ Message string }
			if len(got) == 0 || json.Unmarshal([]byte(*got[0].Body), &e) != nil || e.Message != `"EC2 Instance Launch Successful: web"` {
				t.Errorf("%d messages, %s", len(got), e.Message)
			}
		})
	}
}

func TestErrorsOfQueuesHaveTheirOldCodes(t *testing.T) {
	s, _ := embedded(1)
	m := messagingOf(t, wiretest.Config(s.Client().Transport))
	_, err := m.sqs.GetQueueUrl(ctx(), &sqs.GetQueueUrlInput{QueueName: aws.String("none")})
	refused(t, err, "AWS.SimpleQueueService.NonExistentQueue")
	_, err = m.sns.GetTopicAttributes(ctx(), &sns.GetTopicAttributesInput{TopicArn: aws.String("arn:aws:sns:eu-west-1:123456789012:none")})
	refused(t, err, "NotFound")
}

func TestWebServersAreCalledWhileTheWorldIsServed(t *testing.T) {
	s, _ := embedded(1)
	x := serve(t, &sim.Server{Sim: s, Speed: 10_000})
	cfg := wiretest.Config(copying{http.DefaultTransport})
	cfg.BaseEndpoint = &x.url
	m := messagingOf(t, cfg)
	type letter struct{ Type, SubscribeURL, Message, kind string }
	letters, busy := make(chan letter, 10), true
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy { // the first try fails, and is repeated
			busy = false
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body)
		l := letter{kind: r.Header.Get("X-Amz-Sns-Message-Type")}
		if err := json.Unmarshal(body, &l); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		letters <- l
	}))
	defer hook.Close()
	next := func() letter {
		t.Helper()
		select {
		case l := <-letters:
			return l
		case <-time.After(20 * time.Second):
			t.Fatal("nothing came")
			return letter{}
		}
	}
	topic := must[*sns.CreateTopicOutput](t)(m.sns.CreateTopic(ctx(), &sns.CreateTopicInput{Name: aws.String("ops")})).TopicArn
	must[*sns.SubscribeOutput](t)(m.sns.Subscribe(ctx(), &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("http"), Endpoint: aws.String(hook.URL + "/hook")}))
	asked := next()
	if asked.Type != "SubscriptionConfirmation" || asked.kind != asked.Type || !strings.HasPrefix(asked.SubscribeURL, x.url) {
		t.Fatalf("%+v", asked)
	}
	if status, body := x.request("GET", strings.TrimPrefix(asked.SubscribeURL, x.url)); status != http.StatusOK || !strings.Contains(body, *topic+":") {
		t.Fatalf("%d %s", status, body)
	}
	must[*sns.PublishOutput](t)(m.sns.Publish(ctx(), &sns.PublishInput{TopicArn: topic, Message: aws.String("it burns")}))
	if l := next(); l.Type != "Notification" || l.Message != "it burns" {
		t.Errorf("%+v", l)
	}
}

package sns

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	simkms "berth/internal/sim/kms"
	"berth/internal/sim/sqs"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with a topic called ops.
type stage struct {
	*world.Call
	t     *testing.T
	topic *string
}

func newStage(t *testing.T) stage {
	t.Helper()
	w := world.New(1)
	all := Handlers()
	maps.Copy(all, simkms.Handlers())
	w.Attach(all, nil)
	s := stage{&world.Call{World: w, Region: w.Region("eu-west-1"), Service: "sns", Operation: "Test"}, t, nil}
	out, err := CreateTopic(s.Call, &sns.CreateTopicInput{Name: aws.String("ops")})
	s.topic = must(s, out, err).TopicArn
	return s
}

func must[T any](s stage, v T, err error) T {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%v, want %s: %s", err, code, text)
	}
}

// queue makes a queue that lets the topic in, unless told otherwise, and gives its ARN.
func (s stage) queue(name, policy string) string {
	s.t.Helper()
	arn := "arn:aws:sqs:eu-west-1:123456789012:" + name
	if policy == "" {
		policy = `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` + arn +
			`","Condition":{"ArnEquals":{"aws:SourceArn":"` + *s.topic + `"}}}}`
	}
	out, err := sqs.CreateQueue(s.Call, &awssqs.CreateQueueInput{QueueName: aws.String(name), Attributes: map[string]string{"Policy": policy}})
	must(s, out, err)
	return arn
}

// received are the bodies of the messages in a queue.
func (s stage) received(name string) []string {
	q, _ := s.Region.SQS.Queues.Get(name)
	var out []string
	for _, m := range q.Messages {
		out = append(out, m.Body)
	}
	return out
}

func (s stage) subscribe(protocol, endpoint string, attributes map[string]string) string {
	s.t.Helper()
	out, err := Subscribe(s.Call, &sns.SubscribeInput{
		TopicArn: s.topic, Protocol: aws.String(protocol), Endpoint: aws.String(endpoint), Attributes: attributes, ReturnSubscriptionArn: true,
	})
	return *must(s, out, err).SubscriptionArn
}

// confirm confirms a subscription with the token that it was sent.
func (s stage) confirm(arn string) {
	s.t.Helper()
	row, err := findSubscription(s.Region, &arn)
	must(s, 0, err)
	out, err := ConfirmSubscription(s.Call, &sns.ConfirmSubscriptionInput{TopicArn: s.topic, Token: aws.String(row.Token)})
	if got := *must(s, out, err).SubscriptionArn; got != arn {
		s.t.Errorf("confirmed %s, not %s", got, arn)
	}
}

// publish publishes and lets the message arrive.
func (s stage) publish(subject, body string) {
	s.t.Helper()
	in := &sns.PublishInput{TopicArn: s.topic, Message: aws.String(body)}
	if subject != "" {
		in.Subject = aws.String(subject)
	}
	out, err := Publish(s.Call, in)
	must(s, out, err)
	s.Advance(time.Second)
}

func (s stage) figures() world.TopicFigures {
	t, _ := s.Region.SNS.Topics.Get(*s.topic)
	return t.Figures
}

// key makes a key whose policy has one more statement than the account's, and gives its id.
func (s stage) key(statement string) string {
	s.t.Helper()
	policy := `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}` + statement + `]}`
	out, err := simkms.CreateKey(s.Call, &kms.CreateKeyInput{Policy: aws.String(policy)})
	return *must(s, out, err).KeyMetadata.KeyId
}

func (s stage) set(name, value string) {
	s.t.Helper()
	_, err := SetTopicAttributes(s.Call, &sns.SetTopicAttributesInput{TopicArn: s.topic, AttributeName: aws.String(name), AttributeValue: aws.String(value)})
	must(s, 0, err)
}

func decode(t *testing.T, text string) envelope {
	t.Helper()
	var e envelope
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

package sqs

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	simkms "berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a world with queues.
type stage struct {
	*world.Call
	t *testing.T
}

func newStage(t *testing.T) stage {
	t.Helper()
	w := world.New(1)
	w.Attach(simkms.Handlers(), nil)
	return stage{&world.Call{World: w, Region: w.Region("eu-west-1"), Service: "sqs", Operation: "Test"}, t}
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

func arn(name string) string { return "arn:aws:sqs:eu-west-1:123456789012:" + name }

// queue makes a queue and gives its URL.
func (s stage) queue(name string, attributes map[string]string) *string {
	s.t.Helper()
	out, err := CreateQueue(s.Call, &sqs.CreateQueueInput{QueueName: aws.String(name), Attributes: attributes})
	return must(s, out, err).QueueUrl
}

func (s stage) send(url *string, bodies ...string) {
	s.t.Helper()
	for _, body := range bodies {
		out, err := SendMessage(s.Call, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String(body)})
		must(s, out, err)
	}
}

// receive gives up to ten messages.
func (s stage) receive(url *string) []types.Message {
	s.t.Helper()
	out, err := ReceiveMessage(s.Call, &sqs.ReceiveMessageInput{
		QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	return must(s, out, err).Messages
}

func bodies(all []types.Message) string {
	var out []string
	for _, m := range all {
		out = append(out, *m.Body)
	}
	return strings.Join(out, " ")
}

// attributes gives all attributes of a queue.
func (s stage) attributes(url *string) map[string]string {
	s.t.Helper()
	out, err := GetQueueAttributes(s.Call, &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"All"}})
	return must(s, out, err).Attributes
}

// key makes a key with a policy and gives its id.
func (s stage) key(policy string) string {
	s.t.Helper()
	out, err := simkms.CreateKey(s.Call, &kms.CreateKeyInput{Policy: aws.String(policy)})
	return *must(s, out, err).KeyMetadata.KeyId
}

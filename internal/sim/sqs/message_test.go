package sqs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"pgregory.net/rapid"

	simkms "berth/internal/sim/kms"
)

// SQS developer guide, "Amazon SQS visibility timeout".
func TestReceivedMessageIsHiddenUntilItsVisibilityEnds(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	s.send(url, "a")
	first := s.receive(url)
	if bodies(first) != "a" || *first[0].MD5OfBody != "0cc175b9c0f1b6a831c399e269772661" || first[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Fatalf("%+v", first)
	}
	if got := s.attributes(url); got["ApproximateNumberOfMessagesNotVisible"] != "1" || got["ApproximateNumberOfMessages"] != "0" {
		t.Errorf("in flight: %v", got)
	}
	s.Advance(30*time.Second - time.Millisecond)
	if got := s.receive(url); len(got) != 0 {
		t.Errorf("still hidden, but %s", bodies(got))
	}
	s.Advance(time.Millisecond)
	second := s.receive(url)
	if len(second) != 1 || second[0].Attributes["ApproximateReceiveCount"] != "2" || *second[0].ReceiptHandle == *first[0].ReceiptHandle {
		t.Fatalf("%+v", second)
	}
	_, err := DeleteMessage(s.Call, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: first[0].ReceiptHandle})
	must(s, 0, err)
	s.Advance(30 * time.Second)
	third := s.receive(url)
	if len(third) != 1 {
		t.Fatal("an old handle deleted the message")
	}
	_, err = DeleteMessage(s.Call, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: third[0].ReceiptHandle})
	must(s, 0, err)
	s.Advance(time.Minute)
	if got := s.receive(url); len(got) != 0 {
		t.Errorf("deleted, but %s", bodies(got))
	}
}

func TestVisibilityCanBeChanged(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	s.send(url, "a")
	handle := s.receive(url)[0].ReceiptHandle
	change := func(seconds int32) error {
		_, err := ChangeMessageVisibility(s.Call, &sqs.ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds})
		return err
	}
	must(s, 0, change(100))
	s.Advance(99 * time.Second)
	if got := s.receive(url); len(got) != 0 {
		t.Error("it did not last")
	}
	must(s, 0, change(0))
	refused(t, change(10), "MessageNotInflight", "")
	if got := s.receive(url); len(got) != 1 {
		t.Error("0 did not show it at once")
	}
	refused(t, change(10), "InvalidParameterValue", "Message does not exist")
	refused(t, change(43201), "InvalidParameterValue", "VisibilityTimeout")
	handle = aws.String("nonsense")
	refused(t, change(10), "ReceiptHandleIsInvalid", "nonsense")
}

// SQS developer guide, "Using dead-letter queues in Amazon SQS".
func TestMessageReceivedTooOftenGoesToTheDeadLetterQueue(t *testing.T) {
	s := newStage(t)
	dead := s.queue("dead", nil)
	url := s.queue("jobs", map[string]string{"VisibilityTimeout": "1", "RedrivePolicy": `{"deadLetterTargetArn":"` + arn("dead") + `","maxReceiveCount":2}`})
	s.send(url, "a")
	for range 2 {
		if got := s.receive(url); bodies(got) != "a" {
			t.Fatalf("%s", bodies(got))
		}
		s.Advance(time.Second)
	}
	if got := s.receive(url); len(got) != 0 {
		t.Errorf("a third time: %s", bodies(got))
	}
	got := s.receive(dead)
	if len(got) != 1 || got[0].Attributes["DeadLetterQueueSourceArn"] != arn("jobs") || got[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Errorf("dead letters: %+v", got)
	}
}

func TestMessagesPastTheirRetentionAreGone(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", map[string]string{"MessageRetentionPeriod": "60"})
	s.send(url, "a")
	s.Advance(59 * time.Second)
	if got := s.attributes(url)["ApproximateNumberOfMessages"]; got != "1" {
		t.Errorf("%s", got)
	}
	s.Advance(time.Second)
	if got := s.attributes(url)["ApproximateNumberOfMessages"]; got != "0" || len(s.receive(url)) != 0 {
		t.Errorf("%s", got)
	}
}

func TestDelayedMessagesComeLater(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", map[string]string{"DelaySeconds": "10"})
	s.send(url, "a")
	out, err := SendMessage(s.Call, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("b"), DelaySeconds: 5})
	must(s, out, err)
	if got := s.attributes(url); got["ApproximateNumberOfMessagesDelayed"] != "2" {
		t.Errorf("%v", got)
	}
	s.Advance(5 * time.Second)
	if got := bodies(s.receive(url)); got != "b" {
		t.Errorf("after 5 s: %s", got)
	}
	s.Advance(5 * time.Second)
	if got := bodies(s.receive(url)); got != "a" {
		t.Errorf("after 10 s: %s", got)
	}
}

func TestAttributesOfAMessageArriveWithTheirChecksum(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	out, err := SendMessage(s.Call, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{
		"kind": {DataType: aws.String("String"), StringValue: aws.String("alert")},
		"blob": {DataType: aws.String("Binary.gz"), BinaryValue: []byte{1, 2}},
	}, MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{traceHeader: {DataType: aws.String("String"), StringValue: aws.String("Root=1")}}})
	sent := must(s, out, err)
	m := s.receive(url)[0]
	if *m.MD5OfMessageAttributes != *sent.MD5OfMessageAttributes || *m.MessageAttributes["kind"].StringValue != "alert" ||
		string(m.MessageAttributes["blob"].BinaryValue) != "\x01\x02" || m.Attributes[traceHeader] != "Root=1" || sent.MD5OfMessageSystemAttributes == nil {
		t.Errorf("%+v", m)
	}
	s.Advance(time.Minute)
	some, err := ReceiveMessage(s.Call, &sqs.ReceiveMessageInput{QueueUrl: url, MessageAttributeNames: []string{"bl.*", "no"}})
	if got := must(s, some, err).Messages[0]; len(got.MessageAttributes) != 1 || got.Attributes != nil {
		t.Errorf("asked for what begins with \"bl\": %+v", got)
	}
}

func TestMessageRefusals(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", map[string]string{"MaximumMessageSize": "1024"})
	attribute := func(name, kind, text string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{name: {DataType: aws.String(kind), StringValue: aws.String(text)}}
	}
	tests := map[string]struct {
		in         sqs.SendMessageInput
		code, text string
	}{
		"no body":       {sqs.SendMessageInput{}, "MissingParameter", "MessageBody"},
		"long":          {sqs.SendMessageInput{MessageBody: aws.String(strings.Repeat("x", 1025))}, "InvalidParameterValue", "shorter than 1024 bytes"},
		"long with it":  {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attribute("a", "String", strings.Repeat("x", 1024))}, "InvalidParameterValue", "shorter than 1024"},
		"control":       {sqs.SendMessageInput{MessageBody: aws.String("a\x01")}, "InvalidMessageContents", "Invalid characters"},
		"delay":         {sqs.SendMessageInput{MessageBody: aws.String("x"), DelaySeconds: 901}, "InvalidParameterValue", "DelaySeconds"},
		"deduplication": {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageDeduplicationId: aws.String("1")}, "InvalidParameterValue", "MessageDeduplicationId"},
		"type":          {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attribute("a", "Colour", "x")}, "InvalidParameterValue", "invalid message attribute type"},
		"empty value":   {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attribute("a", "String", "")}, "InvalidParameterValue", "non-empty"},
		"name":          {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageAttributes: attribute("AWS.x", "String", "1")}, "InvalidParameterValue", "AWS.x"},
		"system":        {sqs.SendMessageInput{MessageBody: aws.String("x"), MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"x": {}}}, "InvalidParameterValue", "system attribute name"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.QueueUrl = url
			_, err := SendMessage(s.Call, &tt.in)
			refused(t, err, tt.code, tt.text)
		})
	}
	for _, in := range []sqs.ReceiveMessageInput{{MaxNumberOfMessages: 11}, {WaitTimeSeconds: 21}, {VisibilityTimeout: 43201}} {
		in.QueueUrl = url
		_, err := ReceiveMessage(s.Call, &in)
		refused(t, err, "InvalidParameterValue", "")
	}
	_, err := ReceiveMessage(s.Call, &sqs.ReceiveMessageInput{QueueUrl: aws.String("http://x/999999999999/jobs")})
	refused(t, err, "QueueDoesNotExist", "")
}

func TestBatchesTellWhichEntriesFailed(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: aws.String(id), MessageBody: aws.String(body)}
	}
	out, err := SendMessageBatch(s.Call, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: []types.SendMessageBatchRequestEntry{entry("1", "a"), entry("2", ""), entry("3", "c")}})
	if o := must(s, out, err); len(o.Successful) != 2 || len(o.Failed) != 1 || *o.Failed[0].Id != "2" || *o.Failed[0].Code != "MissingParameter" || !o.Failed[0].SenderFault {
		t.Errorf("%+v", o)
	}
	for name, tt := range map[string]struct {
		entries []types.SendMessageBatchRequestEntry
		code    string
	}{
		"none":     {nil, "EmptyBatchRequest"},
		"eleven":   {make([]types.SendMessageBatchRequestEntry, 11), "TooManyEntriesInBatchRequest"},
		"id":       {[]types.SendMessageBatchRequestEntry{entry("a b", "x")}, "InvalidBatchEntryId"},
		"repeated": {[]types.SendMessageBatchRequestEntry{entry("a", "x"), entry("a", "y")}, "BatchEntryIdsNotDistinct"},
		"long":     {[]types.SendMessageBatchRequestEntry{entry("a", strings.Repeat("x", 1<<20)), entry("b", "y")}, "BatchRequestTooLong"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := SendMessageBatch(s.Call, &sqs.SendMessageBatchInput{QueueUrl: url, Entries: tt.entries})
			refused(t, err, tt.code, "")
		})
	}
	got := s.receive(url)
	changed, err := ChangeMessageVisibilityBatch(s.Call, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: aws.String("1"), ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 5}, {Id: aws.String("2"), ReceiptHandle: aws.String("x")},
	}})
	if o := must(s, changed, err); len(o.Successful) != 1 || len(o.Failed) != 1 || *o.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("%+v", o)
	}
	gone, err := DeleteMessageBatch(s.Call, &sqs.DeleteMessageBatchInput{QueueUrl: url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("1"), ReceiptHandle: got[0].ReceiptHandle}, {Id: aws.String("2"), ReceiptHandle: aws.String("x")}, {Id: aws.String("3"), ReceiptHandle: got[1].ReceiptHandle},
	}})
	if o := must(s, gone, err); len(o.Successful) != 2 || len(o.Failed) != 1 {
		t.Errorf("%+v", o)
	}
	if n := s.attributes(url)["ApproximateNumberOfMessagesNotVisible"]; n != "0" {
		t.Errorf("%s are left", n)
	}
}

const letsSNS = `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:123456789012:ops"}}}}`

// SQS developer guide, "Configure KMS permissions for AWS services", and SNS developer guide, "Subscribing an encrypted
// Amazon SQS queue to an Amazon SNS topic".
func TestServicesNeedTheQueuesAndTheKeysPolicy(t *testing.T) {
	s := newStage(t)
	const account = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}`
	open := s.key(`{"Statement":[` + account + `,{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":["kms:GenerateDataKey*","kms:Decrypt"],"Resource":"*"}]}`)
	closed := s.key(`{"Statement":[` + account + `]}`)
	topic := "arn:aws:sns:eu-west-1:123456789012:ops"
	tests := map[string]struct {
		attributes map[string]string
		source     string
		code       string
	}{
		"no policy":     {nil, topic, "AccessDenied"},
		"policy":        {map[string]string{"Policy": letsSNS}, topic, ""},
		"another topic": {map[string]string{"Policy": letsSNS}, topic + "2", "AccessDenied"},
		"open key":      {map[string]string{"Policy": letsSNS, "KmsMasterKeyId": open}, topic, ""},
		"closed key":    {map[string]string{"Policy": letsSNS, "KmsMasterKeyId": closed}, topic, "KmsAccessDenied"},
		"AWS's key":     {map[string]string{"Policy": letsSNS, "KmsMasterKeyId": "alias/aws/sqs"}, topic, "KmsAccessDenied"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := stage{s.Call, t}
			queue := strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
			url := s.queue(queue, tt.attributes)
			err := Deliver(s.World, s.Region, Delivery{Queue: arn(queue), Service: "sns.amazonaws.com", Source: tt.source, Body: "hello"})
			if tt.code == "" {
				must(s, 0, err)
			} else {
				refused(t, err, tt.code, "")
			}
			if got := bodies(s.receive(url)); (got == "hello") != (tt.code == "") {
				t.Errorf("received %q", got)
			}
		})
	}
	refused(t, Deliver(s.World, s.Region, Delivery{Queue: arn("none")}), "QueueDoesNotExist", "")
	refused(t, Deliver(s.World, s.Region, Delivery{Queue: "arn:aws:sqs:us-east-1:123456789012:policy"}), "QueueDoesNotExist", "")
	_, err := simkms.DisableKey(s.Call, &kms.DisableKeyInput{KeyId: aws.String(open)})
	must(s, 0, err)
	_, err = ReceiveMessage(s.Call, &sqs.ReceiveMessageInput{QueueUrl: aws.String("open-key")})
	refused(t, err, "KmsDisabled", "")
	_, err = SendMessage(s.Call, &sqs.SendMessageInput{QueueUrl: aws.String("open-key"), MessageBody: aws.String("x")})
	refused(t, err, "KmsDisabled", "")
}

func TestNoMessageIsLostOrDoubled(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		url := s.queue("jobs", map[string]string{"VisibilityTimeout": "10"})
		sent, deleted := 0, map[string]bool{}
		for range rapid.IntRange(0, 40).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				s.send(url, fmt.Sprint(sent))
				sent++
			case 1:
				s.Advance(time.Duration(rapid.IntRange(1, 12).Draw(rt, "seconds")) * time.Second)
			default:
				for _, m := range s.receive(url) {
					if deleted[*m.Body] {
						rt.Fatalf("%s came after it was deleted", *m.Body)
					}
					if rapid.Bool().Draw(rt, "delete") {
						_, err := DeleteMessage(s.Call, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: m.ReceiptHandle})
						must(s, 0, err)
						deleted[*m.Body] = true
					}
				}
			}
		}
		s.Advance(time.Minute)
		left := map[string]bool{}
		for {
			batch := s.receive(url)
			if len(batch) == 0 {
				break
			}
			for _, m := range batch {
				left[*m.Body] = true
			}
		}
		if len(left)+len(deleted) != sent {
			rt.Fatalf("%d sent, %d deleted, %d left", sent, len(deleted), len(left))
		}
	})
}

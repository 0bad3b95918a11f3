package sqs

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestNewQueueHasTheAttributesOfTheReference(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	if *url != "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs" {
		t.Errorf("its URL is %s", *url)
	}
	want := map[string]string{
		"QueueArn": arn("jobs"), "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"ApproximateNumberOfMessagesDelayed": "0", "CreatedTimestamp": "1793610000", "LastModifiedTimestamp": "1793610000", "VisibilityTimeout": "30",
		"MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "DelaySeconds": "0", "ReceiveMessageWaitTimeSeconds": "0",
		"SqsManagedSseEnabled": "true",
	}
	if got := s.attributes(url); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	out, err := GetQueueAttributes(s.Call, &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"QueueArn", "Policy"}})
	if got := must(s, out, err).Attributes; len(got) != 1 || got["QueueArn"] != arn("jobs") {
		t.Errorf("asked for two: %v", got)
	}
	_, err = GetQueueAttributes(s.Call, &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"Colour"}})
	refused(t, err, "InvalidAttributeName", "Unknown Attribute Colour.")
}

func TestCreationIsIdempotentForEqualAttributes(t *testing.T) {
	s := newStage(t)
	first := s.queue("jobs", map[string]string{"VisibilityTimeout": "60"})
	if again := s.queue("jobs", nil); *again != *first {
		t.Errorf("%s became %s", *first, *again)
	}
	_, err := CreateQueue(s.Call, &sqs.CreateQueueInput{QueueName: aws.String("jobs"), Attributes: map[string]string{"VisibilityTimeout": "61"}})
	refused(t, err, "QueueNameExists", "a different value for attribute VisibilityTimeout")
}

func TestNameOfADeletedQueueIsBlockedForAMinute(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	_, err := DeleteQueue(s.Call, &sqs.DeleteQueueInput{QueueUrl: url})
	must(s, 0, err)
	_, err = GetQueueUrl(s.Call, &sqs.GetQueueUrlInput{QueueName: aws.String("jobs")})
	refused(t, err, "QueueDoesNotExist", "The specified queue does not exist.")
	s.Advance(59 * time.Second)
	_, err = CreateQueue(s.Call, &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
	refused(t, err, "QueueDeletedRecently", "You must wait 60 seconds")
	s.Advance(time.Second)
	s.queue("jobs", nil)
}

func TestQueueRefusals(t *testing.T) {
	s := newStage(t)
	s.queue("dead", map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"byQueue","sourceQueueArns":["` + arn("friend") + `"]}`})
	redrive := func(target, count string) map[string]string {
		return map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + target + `","maxReceiveCount":` + count + `}`}
	}
	tests := map[string]struct {
		name       string
		attributes map[string]string
		code, text string
	}{
		"no name":         {"", nil, "MissingParameter", "QueueName"},
		"name":            {"a b", nil, "InvalidParameterValue", "1 to 80 in length"},
		"fifo":            {"a.fifo", nil, "UnsupportedOperation", "FIFO"},
		"fifo attribute":  {"a", map[string]string{"FifoQueue": "true"}, "UnsupportedOperation", "FIFO"},
		"attribute":       {"a", map[string]string{"Colour": "red"}, "InvalidAttributeName", "Unknown Attribute Colour."},
		"visibility":      {"a", map[string]string{"VisibilityTimeout": "43201"}, "InvalidAttributeValue", "VisibilityTimeout"},
		"retention":       {"a", map[string]string{"MessageRetentionPeriod": "59"}, "InvalidAttributeValue", "MessageRetentionPeriod"},
		"delay":           {"a", map[string]string{"DelaySeconds": "x"}, "InvalidAttributeValue", "DelaySeconds"},
		"wait":            {"a", map[string]string{"ReceiveMessageWaitTimeSeconds": "21"}, "InvalidAttributeValue", "ReceiveMessageWaitTimeSeconds"},
		"size":            {"a", map[string]string{"MaximumMessageSize": "1023"}, "InvalidAttributeValue", "MaximumMessageSize"},
		"key":             {"a", map[string]string{"KmsMasterKeyId": "alias/none"}, "KmsNotFound", "alias/none"},
		"both encryption": {"a", map[string]string{"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}, "InvalidAttributeValue", "SqsManagedSseEnabled"},
		"managed":         {"a", map[string]string{"SqsManagedSseEnabled": "perhaps"}, "InvalidAttributeValue", "SqsManagedSseEnabled"},
		"policy":          {"a", map[string]string{"Policy": "{"}, "InvalidAttributeValue", "Policy"},
		"redrive text":    {"a", map[string]string{"RedrivePolicy": "x"}, "InvalidParameterValue", "not a valid JSON map"},
		"redrive count":   {"a", redrive(arn("dead"), "1001"), "InvalidParameterValue", "maxReceiveCount"},
		"redrive target":  {"a", redrive(arn("none"), "3"), "InvalidParameterValue", "Dead letter target does not exist."},
		"redrive closed":  {"a", redrive(arn("dead"), "3"), "InvalidParameterValue", "does not allow this queue"},
		"redrive allow":   {"a", map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"byQueue"}`}, "InvalidParameterValue", "redrive allow policy"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := CreateQueue(s.Call, &sqs.CreateQueueInput{QueueName: aws.String(tt.name), Attributes: tt.attributes})
			refused(t, err, tt.code, tt.text)
			if _, ok := s.Region.SQS.Queues.Get(tt.name); ok {
				t.Error("the queue is there")
			}
		})
	}
	s.queue("friend", redrive(arn("dead"), `"3"`))
	if got := s.attributes(aws.String("http://localhost:4566/123456789012/friend"))["RedrivePolicy"]; got != `{"deadLetterTargetArn":"`+arn("dead")+`","maxReceiveCount":3}` {
		t.Errorf("%s", got)
	}
	out, err := ListDeadLetterSourceQueues(s.Call, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: aws.String("dead")})
	if got := must(s, out, err).QueueUrls; len(got) != 1 || !strings.HasSuffix(got[0], "/friend") {
		t.Errorf("%v", got)
	}
}

func TestAttributesAreSetAllOrNone(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	s.Advance(time.Minute)
	_, err := SetQueueAttributes(s.Call, &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"DelaySeconds": "5", "VisibilityTimeout": "-1"}})
	refused(t, err, "InvalidAttributeValue", "VisibilityTimeout")
	if got := s.attributes(url); got["DelaySeconds"] != "0" || got["LastModifiedTimestamp"] != got["CreatedTimestamp"] {
		t.Errorf("half of it was set: %v", got)
	}
	_, err = SetQueueAttributes(s.Call, &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{"DelaySeconds": "5", "KmsMasterKeyId": "alias/aws/sqs"}})
	must(s, 0, err)
	if got := s.attributes(url); got["DelaySeconds"] != "5" || got["KmsMasterKeyId"] != "alias/aws/sqs" || got["SqsManagedSseEnabled"] != "false" ||
		got["KmsDataKeyReusePeriodSeconds"] != "300" || got["LastModifiedTimestamp"] == got["CreatedTimestamp"] {
		t.Errorf("%v", got)
	}
	_, err = SetQueueAttributes(s.Call, &sqs.SetQueueAttributesInput{QueueUrl: url})
	refused(t, err, "MissingParameter", "Attribute.Name")
	_, err = SetQueueAttributes(s.Call, &sqs.SetQueueAttributesInput{Attributes: map[string]string{"DelaySeconds": "5"}})
	refused(t, err, "MissingParameter", "QueueUrl")
}

func TestQueuesAreListedByPrefixInPages(t *testing.T) {
	s := newStage(t)
	for _, name := range []string{"b-1", "a-1", "b-2", "b-3"} {
		s.queue(name, nil)
	}
	in := &sqs.ListQueuesInput{QueueNamePrefix: aws.String("b-"), MaxResults: aws.Int32(2)}
	out, err := ListQueues(s.Call, in)
	first := must(s, out, err)
	in.NextToken = first.NextToken
	out, err = ListQueues(s.Call, in)
	second := must(s, out, err)
	if len(first.QueueUrls) != 2 || len(second.QueueUrls) != 1 || second.NextToken != nil || !strings.HasSuffix(second.QueueUrls[0], "b-3") {
		t.Errorf("%v, %v", first, second)
	}
	_, err = ListQueues(s.Call, &sqs.ListQueuesInput{NextToken: aws.String("x")})
	refused(t, err, "InvalidParameterValue", "next token")
	_, err = ListQueues(s.Call, &sqs.ListQueuesInput{MaxResults: aws.Int32(0)})
	refused(t, err, "InvalidParameterValue", "MaxResults")
}

func TestTagsOfAQueueAreSetAndRemoved(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	_, err := TagQueue(s.Call, &sqs.TagQueueInput{QueueUrl: url, Tags: map[string]string{"a": "1", "b": "2"}})
	must(s, 0, err)
	_, err = UntagQueue(s.Call, &sqs.UntagQueueInput{QueueUrl: url, TagKeys: []string{"a"}})
	must(s, 0, err)
	out, err := ListQueueTags(s.Call, &sqs.ListQueueTagsInput{QueueUrl: url})
	if got := must(s, out, err).Tags; !maps.Equal(got, map[string]string{"b": "2"}) {
		t.Errorf("%v", got)
	}
	_, err = TagQueue(s.Call, &sqs.TagQueueInput{QueueUrl: url, Tags: map[string]string{"aws:x": ""}})
	refused(t, err, "InvalidParameterValue", "Tag keys")
}

func TestPurgeIsAllowedOnceAMinute(t *testing.T) {
	s := newStage(t)
	url := s.queue("jobs", nil)
	s.send(url, "a", "b")
	_, err := PurgeQueue(s.Call, &sqs.PurgeQueueInput{QueueUrl: url})
	must(s, 0, err)
	if got := s.receive(url); len(got) != 0 {
		t.Errorf("purged, but %s", bodies(got))
	}
	_, err = PurgeQueue(s.Call, &sqs.PurgeQueueInput{QueueUrl: url})
	refused(t, err, "PurgeQueueInProgress", "Only one PurgeQueue operation on jobs")
	s.Advance(time.Minute)
	_, err = PurgeQueue(s.Call, &sqs.PurgeQueueInput{QueueUrl: url})
	must(s, 0, err)
}

package sns

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

func TestTopicIsMadeOnce(t *testing.T) {
	s := newStage(t)
	tags := []types.Tag{{Key: aws.String("team"), Value: aws.String("platform")}}
	make := func(in sns.CreateTopicInput) error {
		in.Name = aws.String("alerts")
		out, err := CreateTopic(s.Call, &in)
		if err == nil && *out.TopicArn != "arn:aws:sns:eu-west-1:123456789012:alerts" {
			t.Errorf("%s", *out.TopicArn)
		}
		return err
	}
	must(s, 0, make(sns.CreateTopicInput{Tags: tags, Attributes: map[string]string{"DisplayName": "Alerts"}}))
	must(s, 0, make(sns.CreateTopicInput{Tags: tags}))
	must(s, 0, make(sns.CreateTopicInput{Attributes: map[string]string{"DisplayName": "Alerts"}}))
	refused(t, make(sns.CreateTopicInput{Attributes: map[string]string{"DisplayName": "Other"}}), "InvalidParameter", "Topic already exists with different attributes")
	refused(t, make(sns.CreateTopicInput{Tags: []types.Tag{{Key: aws.String("x"), Value: aws.String("y")}}}), "InvalidParameter", "Topic already exists with different tags")
}

func TestTopicRefusals(t *testing.T) {
	s := newStage(t)
	for name, tt := range map[string]struct {
		in   sns.CreateTopicInput
		text string
	}{
		"no name":   {sns.CreateTopicInput{}, "Topic Name"},
		"name":      {sns.CreateTopicInput{Name: aws.String("a b")}, "Topic Name"},
		"fifo":      {sns.CreateTopicInput{Name: aws.String("a.fifo")}, "FIFO"},
		"attribute": {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"Colour": "red"}}, "AttributeName"},
		"policy":    {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"Policy": "{"}}, "Policy"},
		"delivery":  {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"DeliveryPolicy": "{}"}}, "not simulated"},
		"signature": {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"SignatureVersion": "3"}}, "SignatureVersion"},
		"tracing":   {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"TracingConfig": "x"}}, "TracingConfig"},
		"display":   {sns.CreateTopicInput{Name: aws.String("a"), Attributes: map[string]string{"DisplayName": strings.Repeat("x", 101)}}, "DisplayName"},
		"data":      {sns.CreateTopicInput{Name: aws.String("a"), DataProtectionPolicy: aws.String("{}")}, "DataProtectionPolicy"},
		"tag":       {sns.CreateTopicInput{Name: aws.String("a"), Tags: []types.Tag{{Key: aws.String("aws:x")}}}, "aws:x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CreateTopic(s.Call, &tt.in)
			refused(t, err, "InvalidParameter", tt.text)
		})
	}
	_, err := GetTopicAttributes(s.Call, &sns.GetTopicAttributesInput{TopicArn: aws.String("ops")})
	refused(t, err, "InvalidParameter", "Invalid parameter: TopicArn")
	_, err = GetTopicAttributes(s.Call, &sns.GetTopicAttributesInput{TopicArn: aws.String(*s.topic + "x")})
	refused(t, err, "NotFound", "Topic does not exist")
}

func TestTopicTellsItsAttributes(t *testing.T) {
	s := newStage(t)
	s.subscribe("email", "ops@example.com", nil)
	s.subscribe("sqs", s.queue("q", ""), nil)
	s.set("KmsMasterKeyId", "alias/none")
	out, err := GetTopicAttributes(s.Call, &sns.GetTopicAttributesInput{TopicArn: s.topic})
	a := must(s, out, err).Attributes
	for name, want := range map[string]string{
		"TopicArn": *s.topic, "Owner": "123456789012", "SubscriptionsConfirmed": "1", "SubscriptionsPending": "1", "SubscriptionsDeleted": "0",
		"KmsMasterKeyId": "alias/none", "DisplayName": "", "Policy": usualPolicy(*s.topic),
	} {
		if a[name] != want {
			t.Errorf("%s is %q, want %q", name, a[name], want)
		}
	}
	s.set("Policy", "")
	_, err = DeleteTopic(s.Call, &sns.DeleteTopicInput{TopicArn: s.topic})
	must(s, 0, err)
	_, err = DeleteTopic(s.Call, &sns.DeleteTopicInput{TopicArn: s.topic})
	must(s, 0, err)
	if n := s.Region.SNS.Subscriptions.Len(); n != 0 {
		t.Errorf("%d subscriptions outlived their topic", n)
	}
}

func TestTopicsAreListedInPages(t *testing.T) {
	s := newStage(t)
	for i := range 120 {
		_, err := CreateTopic(s.Call, &sns.CreateTopicInput{Name: aws.String(fmt.Sprintf("t%d", i))})
		must(s, 0, err)
	}
	out, err := ListTopics(s.Call, &sns.ListTopicsInput{})
	first := must(s, out, err)
	out, err = ListTopics(s.Call, &sns.ListTopicsInput{NextToken: first.NextToken})
	if second := must(s, out, err); len(first.Topics) != 100 || len(second.Topics) != 21 || second.NextToken != nil {
		t.Errorf("%d and %d", len(first.Topics), len(second.Topics))
	}
	_, err = ListTopics(s.Call, &sns.ListTopicsInput{NextToken: aws.String("x")})
	refused(t, err, "InvalidParameter", "NextToken")
}

func TestTagsOfATopicAreSetAndRemoved(t *testing.T) {
	s := newStage(t)
	_, err := TagResource(s.Call, &sns.TagResourceInput{ResourceArn: s.topic, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	must(s, 0, err)
	_, err = UntagResource(s.Call, &sns.UntagResourceInput{ResourceArn: s.topic, TagKeys: []string{"a"}})
	must(s, 0, err)
	out, err := ListTagsForResource(s.Call, &sns.ListTagsForResourceInput{ResourceArn: s.topic})
	if tags := must(s, out, err).Tags; len(tags) != 1 || *tags[0].Key != "b" {
		t.Errorf("%+v", tags)
	}
	_, err = ListTagsForResource(s.Call, &sns.ListTagsForResourceInput{ResourceArn: aws.String("x")})
	refused(t, err, "ResourceNotFound", "")
}

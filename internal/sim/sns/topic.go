package sns

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTopics is the quota of standard topics (SNS service quotas).
const mostTopics = 100_000

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// usualPolicy is what SNS gives a new topic: its owner may do everything. EventBridge does not say who the owner is.
func usualPolicy(arn string) string {
	return fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow",`+
		`"Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission",`+
		`"SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"%s",`+
		`"Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}`, arn, world.Account)
}

// CreateTopic makes a topic. One of the same name, attributes and tags is the answer itself.
func CreateTopic(c *world.Call, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
	name := aws.ToString(in.Name)
	switch {
	case strings.HasSuffix(name, ".fifo"):
		return nil, invalid("FIFO topics are not simulated")
	case !nameForm.MatchString(name):
		return nil, invalid("Topic Name")
	case in.DataProtectionPolicy != nil:
		return nil, invalid("DataProtectionPolicy is not simulated")
	}
	t := &world.Topic{Name: name, ARN: c.ARN("sns", name)}
	t.Policy = usualPolicy(t.ARN)
	for _, attribute := range sortedKeys(in.Attributes) {
		if err := set(t, attribute, in.Attributes[attribute]); err != nil {
			return nil, err
		}
	}
	var err error
	if t.Tags, err = tagged(nil, in.Tags); err != nil {
		return nil, err
	}
	if have, ok := c.Region.SNS.Topics.Get(t.ARN); ok {
		return same(c, have, t, in)
	}
	if c.Region.SNS.Topics.Len() >= mostTopics {
		return nil, wire.Errorf("TopicLimitExceeded", "Topic limit exceeded").WithStatus(403)
	}
	c.Region.SNS.Topics.Put(t.ARN, t)
	return &sns.CreateTopicOutput{TopicArn: aws.String(t.ARN)}, nil
}

// same answers with a topic that is there, unless it differs from what is asked for.
func same(c *world.Call, have, want *world.Topic, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
	a, b := attributes(c.Region, have), attributes(c.Region, want)
	for _, name := range sortedKeys(in.Attributes) {
		if a[name] != b[name] {
			return nil, invalid("Attributes Reason: Topic already exists with different attributes")
		}
	}
	if len(in.Tags) > 0 && !maps.Equal(tagMap(have.Tags), tagMap(want.Tags)) {
		return nil, invalid("Tags Reason: Topic already exists with different tags")
	}
	return &sns.CreateTopicOutput{TopicArn: aws.String(have.ARN)}, nil
}

// DeleteTopic deletes a topic with its subscriptions; one that is not there is deleted already.
func DeleteTopic(c *world.Call, in *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
	t, err := find(c, in.TopicArn)
	if e, ok := err.(*wire.Error); ok && e.Code == "NotFound" { //nolint:errorlint // find wraps nothing
		return &sns.DeleteTopicOutput{}, nil
	}
	if err != nil {
		return nil, err
	}
	c.Region.SNS.Topics.Delete(t.ARN)
	for id, s := range c.Region.SNS.Subscriptions.All() {
		if s.Topic == t.ARN {
			c.Region.SNS.Subscriptions.Delete(id)
		}
	}
	return &sns.DeleteTopicOutput{}, nil
}

// ListTopics lists the ARNs of all topics.
func ListTopics(c *world.Call, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
	all := []types.Topic{}
	for arn := range c.Region.SNS.Topics.All() {
		all = append(all, types.Topic{TopicArn: aws.String(arn)})
	}
	rows, next, err := page(all, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListTopicsOutput{Topics: rows, NextToken: next}, nil
}

// usualDelivery is how posts are tried again: three times, 20 seconds apart (SNS developer guide, "Creating an HTTP/S delivery
// policy").
const usualDelivery = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,` +
	`"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,` +
	`"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`

// attributes are those of a topic, as they are answered.
func attributes(r *world.Region, t *world.Topic) map[string]string {
	confirmed, pending := 0, 0
	for s := range r.SNS.Subscriptions.Rows() {
		switch {
		case s.Topic != t.ARN:
		case s.Confirmed:
			confirmed++
		default:
			pending++
		}
	}
	out := map[string]string{
		"TopicArn": t.ARN, "Owner": world.Account, "Policy": t.Policy, "DisplayName": t.DisplayName, "EffectiveDeliveryPolicy": usualDelivery,
		"SubscriptionsConfirmed": strconv.Itoa(confirmed), "SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": strconv.Itoa(t.Deleted),
	}
	for name, v := range map[string]string{"KmsMasterKeyId": t.Key, "SignatureVersion": t.Signature, "TracingConfig": t.Tracing} { // unordered: into a map
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// set sets an attribute of a topic. Whether a key can be used shows when somebody publishes.
func set(t *world.Topic, name, value string) error {
	switch name {
	case "DisplayName":
		if len(value) > 100 {
			return invalid("DisplayName")
		}
		t.DisplayName = value
	case "KmsMasterKeyId":
		t.Key = value
	case "Policy":
		return setPolicy(t, value)
	case "SignatureVersion":
		if value != "1" && value != "2" {
			return invalid("SignatureVersion")
		}
		t.Signature = value
	case "TracingConfig":
		if value != "PassThrough" && value != "Active" {
			return invalid("TracingConfig")
		}
		t.Tracing = value
	case "DeliveryPolicy", "FifoTopic", "ContentBasedDeduplication", "ArchivePolicy", "FifoThroughputScope":
		if value != "" {
			return invalid("AttributeName Reason: %s is not simulated", name)
		}
	default:
		return invalid("AttributeName")
	}
	return nil
}

// setPolicy sets a topic's policy; empty, it is the one that SNS gives.
func setPolicy(t *world.Topic, text string) error {
	if text == "" {
		text = usualPolicy(t.ARN)
	}
	if _, err := policy.Parse(text); err != nil {
		return invalid("Policy Error: %v", err)
	}
	t.Policy = text
	return nil
}

// GetTopicAttributes tells all attributes of a topic.
func GetTopicAttributes(c *world.Call, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
	t, err := find(c, in.TopicArn)
	if err != nil {
		return nil, err
	}
	return &sns.GetTopicAttributesOutput{Attributes: attributes(c.Region, t)}, nil
}

// SetTopicAttributes sets one attribute of a topic.
func SetTopicAttributes(c *world.Call, in *sns.SetTopicAttributesInput) (*sns.SetTopicAttributesOutput, error) {
	t, err := find(c, in.TopicArn)
	if err != nil {
		return nil, err
	}
	return &sns.SetTopicAttributesOutput{}, set(t, aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue))
}

package sqs

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// blocked is how long the name of a deleted queue cannot be used (SQS API reference, DeleteQueue), and how long a queue that
// was purged cannot be purged again.
const blocked = 60 * time.Second

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func checkName(in *string) (string, error) {
	name := aws.ToString(in)
	switch {
	case name == "":
		return "", missing("QueueName")
	case strings.HasSuffix(name, ".fifo"):
		return "", wire.Errorf("UnsupportedOperation", "FIFO queues are not simulated.")
	case !nameForm.MatchString(name):
		return "", value(name, "QueueName", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	return name, nil
}

// CreateQueue makes a queue. One of the same name and with the same attributes is the answer itself; a name that was deleted
// less than a minute ago is refused.
func CreateQueue(c *world.Call, in *sqs.CreateQueueInput) (*sqs.CreateQueueOutput, error) {
	name, err := checkName(in.QueueName)
	if err != nil {
		return nil, err
	}
	q := &world.Queue{
		Name: name, ARN: c.ARN("sqs", name), URL: "https://sqs." + c.Region.Name + ".amazonaws.com/" + world.Account + "/" + name,
		Created: c.Now(), Modified: c.Now(), Visibility: 30, Retention: 4 * 24 * 3600, MaxSize: most, Managed: true,
	}
	if err := set(c.Region, q, in.Attributes); err != nil {
		return nil, err
	}
	if q.Tags, err = tagged(nil, in.Tags); err != nil {
		return nil, err
	}
	if have, ok := c.Region.SQS.Queues.Get(name); ok {
		return same(have, q, in.Attributes)
	}
	if at, ok := c.Region.SQS.Deleted[name]; ok && c.Now().Before(at) {
		return nil, wire.Errorf("QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
	}
	delete(c.Region.SQS.Deleted, name)
	c.Region.SQS.Queues.Put(name, q)
	return &sqs.CreateQueueOutput{QueueUrl: aws.String(q.URL)}, nil
}

// same answers with a queue that is there, unless it differs in an attribute that is asked for.
func same(have, want *world.Queue, asked map[string]string) (*sqs.CreateQueueOutput, error) {
	a, b := settings(have), settings(want)
	for _, name := range attributeNames() {
		if _, ok := asked[name]; ok && a[name] != b[name] {
			return nil, wire.Errorf("QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", name)
		}
	}
	return &sqs.CreateQueueOutput{QueueUrl: aws.String(have.URL)}, nil
}

// GetQueueUrl tells a queue's URL.
func GetQueueUrl(c *world.Call, in *sqs.GetQueueUrlInput) (*sqs.GetQueueUrlOutput, error) { //nolint:revive // AWS's name
	if aws.ToString(in.QueueName) == "" {
		return nil, missing("QueueName")
	}
	q, ok := c.Region.SQS.Queues.Get(*in.QueueName)
	if owner := in.QueueOwnerAWSAccountId; !ok || owner != nil && *owner != world.Account {
		return nil, noQueue()
	}
	return &sqs.GetQueueUrlOutput{QueueUrl: aws.String(q.URL)}, nil
}

// DeleteQueue deletes a queue with its messages.
func DeleteQueue(c *world.Call, in *sqs.DeleteQueueInput) (*sqs.DeleteQueueOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	c.Region.SQS.Queues.Delete(q.Name)
	if c.Region.SQS.Deleted == nil {
		c.Region.SQS.Deleted = map[string]time.Time{}
	}
	c.Region.SQS.Deleted[q.Name] = c.Now().Add(blocked)
	return &sqs.DeleteQueueOutput{}, nil
}

// ListQueues lists the URLs of queues whose names begin in a way.
func ListQueues(c *world.Call, in *sqs.ListQueuesInput) (*sqs.ListQueuesOutput, error) {
	urls := []string{}
	for name, q := range c.Region.SQS.Queues.All() {
		if strings.HasPrefix(name, aws.ToString(in.QueueNamePrefix)) {
			urls = append(urls, q.URL)
		}
	}
	rows, next, err := page(urls, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sqs.ListQueuesOutput{QueueUrls: rows, NextToken: next}, nil
}

// ListDeadLetterSourceQueues lists the queues whose dead letters go to this one.
func ListDeadLetterSourceQueues(c *world.Call, in *sqs.ListDeadLetterSourceQueuesInput) (*sqs.ListDeadLetterSourceQueuesOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	urls := []string{}
	for source := range c.Region.SQS.Queues.Rows() {
		if source.DeadLetter == q.ARN {
			urls = append(urls, source.URL)
		}
	}
	rows, next, err := page(urls, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sqs.ListDeadLetterSourceQueuesOutput{QueueUrls: rows, NextToken: next}, nil
}

// PurgeQueue deletes all messages of a queue, at most once a minute.
func PurgeQueue(c *world.Call, in *sqs.PurgeQueueInput) (*sqs.PurgeQueueOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if !q.Purged.IsZero() && c.Now().Before(q.Purged.Add(blocked)) {
		return nil, wire.Errorf("PurgeQueueInProgress", "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.Name).WithStatus(403)
	}
	q.Purged, q.Messages = c.Now(), nil
	return &sqs.PurgeQueueOutput{}, nil
}

// mostTags is how many tags a queue can have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there, in the order of their keys.
func tagged(have world.Tags, in map[string]string) (world.Tags, error) {
	out := have
	for _, key := range sortedKeys(in) {
		if key == "" || len(key) > 128 || len(in[key]) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, wire.Errorf("InvalidParameterValue", "Tag keys must be between 1 and 128 characters in length, and values at most 256.")
		}
		out = out.Set(world.Tag{Key: key, Value: in[key]})
	}
	if len(out) > mostTags {
		return nil, wire.Errorf("InvalidParameterValue", "Too many tags added for queue. Maximum number of tags allowed: %d", mostTags)
	}
	return out, nil
}

// TagQueue adds or replaces tags of a queue.
func TagQueue(c *world.Call, in *sqs.TagQueueInput) (*sqs.TagQueueOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if len(in.Tags) == 0 {
		return nil, missing("Tags")
	}
	if q.Tags, err = tagged(q.Tags, in.Tags); err != nil {
		return nil, err
	}
	return &sqs.TagQueueOutput{}, nil
}

// UntagQueue removes tags of a queue; unknown keys are ignored.
func UntagQueue(c *world.Call, in *sqs.UntagQueueInput) (*sqs.UntagQueueOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.Tags = slices.Clone(q.Tags.Without(in.TagKeys...))
	return &sqs.UntagQueueOutput{}, nil
}

// ListQueueTags lists the tags of a queue.
func ListQueueTags(c *world.Call, in *sqs.ListQueueTagsInput) (*sqs.ListQueueTagsOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out := &sqs.ListQueueTagsOutput{Tags: map[string]string{}}
	for _, t := range q.Tags {
		out.Tags[t.Key] = t.Value
	}
	return out, nil
}

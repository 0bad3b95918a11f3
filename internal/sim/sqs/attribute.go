package sqs

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/sim/kms"
	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// most is the largest message in bytes (SQS developer guide, "Amazon SQS message quotas").
const most = 1 << 20

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// attributeNames are the attributes that can be set.
func attributeNames() []string {
	return []string{
		"DelaySeconds", "KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod", "Policy",
		"ReceiveMessageWaitTimeSeconds", "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout",
	}
}

// set reads attributes into a queue, which is changed only if all of them are right.
func set(r *world.Region, q *world.Queue, in map[string]string) error {
	changed := *q
	for _, name := range sortedKeys(in) {
		if err := setOne(r, &changed, name, in[name]); err != nil {
			return err
		}
	}
	if changed.Key != "" && in["SqsManagedSseEnabled"] == "true" {
		return attribute("SqsManagedSseEnabled")
	}
	if changed.Key != "" {
		changed.Managed = false
	}
	*q = changed
	return nil
}

func setOne(r *world.Region, q *world.Queue, name, text string) error {
	switch name {
	case "DelaySeconds":
		return number(&q.Delay, name, text, 0, 900)
	case "KmsDataKeyReusePeriodSeconds":
		return number(&q.KeyReuse, name, text, 60, 86400)
	case "MaximumMessageSize":
		return number(&q.MaxSize, name, text, 1024, most)
	case "MessageRetentionPeriod":
		return number(&q.Retention, name, text, 60, 1209600)
	case "ReceiveMessageWaitTimeSeconds":
		return number(&q.Wait, name, text, 0, 20)
	case "VisibilityTimeout":
		return number(&q.Visibility, name, text, 0, 43200)
	case "KmsMasterKeyId":
		return setKey(r, q, text)
	case "SqsManagedSseEnabled":
		return setManaged(q, text)
	case "Policy":
		return setPolicy(q, text)
	case "RedrivePolicy":
		return setRedrive(r, q, text)
	case "RedriveAllowPolicy":
		return setRedriveAllow(q, text)
	case "FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit":
		return wire.Errorf("UnsupportedOperation", "FIFO queues are not simulated.")
	}
	return wire.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
}

func number(to *int, name, text string, least, most int) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return attribute(name)
	}
	*to = n
	return nil
}

// setKey encrypts with a key of KMS; empty ends that. The key is looked at when a message comes.
func setKey(r *world.Region, q *world.Queue, text string) error {
	if text != "" && kms.Usable(r, text) == kms.Missing {
		return locked(kms.Missing, text)
	}
	q.Key = text
	if text != "" {
		q.Managed = false
	}
	return nil
}

func setManaged(q *world.Queue, text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return attribute("SqsManagedSseEnabled")
	}
	q.Managed = on
	return nil
}

func setPolicy(q *world.Queue, text string) error {
	if text != "" {
		if _, err := policy.Parse(text); err != nil {
			return wire.Errorf("InvalidAttributeValue", "Invalid value for the parameter Policy. %v", err)
		}
	}
	q.Policy = text
	return nil
}

// redrive is a redrive policy as clients write it.
type redrive struct {
	Target   string `json:"deadLetterTargetArn"`
	Receives any    `json:"maxReceiveCount"`
}

// setRedrive names the dead-letter queue and how often a message is received before it goes there.
func setRedrive(r *world.Region, q *world.Queue, text string) error {
	if text == "" {
		q.DeadLetter, q.MaxReceives = "", 0
		return nil
	}
	var p redrive
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return value(text, "RedrivePolicy", "Redrive policy is not a valid JSON map.")
	}
	count := 0
	switch n := p.Receives.(type) {
	case float64:
		count = int(n)
	case string:
		count, _ = strconv.Atoi(n) // 0 is refused
	}
	if count < 1 || count > 1000 {
		return value(text, "RedrivePolicy", "Invalid value for maxReceiveCount: must be an integer from 1 to 1000.")
	}
	dead, ok := byARN(r, p.Target)
	if !ok {
		return value(text, "RedrivePolicy", "Dead letter target does not exist.")
	}
	if !takesFrom(dead, q.ARN) {
		return value(text, "RedrivePolicy", "The dead letter target does not allow this queue by its redrive allow policy.")
	}
	q.DeadLetter, q.MaxReceives = dead.ARN, count
	return nil
}

// allowance is a redrive allow policy.
type allowance struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns"`
}

func setRedriveAllow(q *world.Queue, text string) error {
	var a allowance
	if text != "" {
		err := json.Unmarshal([]byte(text), &a)
		if err != nil || !slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, a.Permission) || len(a.Sources) > 10 ||
			(len(a.Sources) > 0) != (a.Permission == "byQueue") {
			return value(text, "RedriveAllowPolicy", "Amazon SQS can't create the redrive allow policy, as it's not in the supported format.")
		}
	}
	q.RedriveAllow = text
	return nil
}

// takesFrom tells whether a queue takes the dead letters of another.
func takesFrom(dead *world.Queue, source string) bool {
	var a allowance
	if dead.RedriveAllow == "" || json.Unmarshal([]byte(dead.RedriveAllow), &a) != nil {
		return true
	}
	return a.Permission == "allowAll" || slices.Contains(a.Sources, source)
}

// byARN finds a queue of a region.
func byARN(r *world.Region, arn string) (*world.Queue, bool) {
	name, ok := strings.CutPrefix(arn, "arn:aws:sqs:"+r.Name+":"+world.Account+":")
	if !ok {
		return nil, false
	}
	return r.SQS.Queues.Get(name)
}

// settings are the attributes that can be set, as they are answered. What was never set is left out.
func settings(q *world.Queue) map[string]string {
	out := map[string]string{
		"DelaySeconds": strconv.Itoa(q.Delay), "MaximumMessageSize": strconv.Itoa(q.MaxSize), "MessageRetentionPeriod": strconv.Itoa(q.Retention),
		"ReceiveMessageWaitTimeSeconds": strconv.Itoa(q.Wait), "VisibilityTimeout": strconv.Itoa(q.Visibility),
		"SqsManagedSseEnabled": strconv.FormatBool(q.Managed),
	}
	if q.Key != "" {
		out["KmsMasterKeyId"], out["KmsDataKeyReusePeriodSeconds"] = q.Key, "300"
		if q.KeyReuse > 0 {
			out["KmsDataKeyReusePeriodSeconds"] = strconv.Itoa(q.KeyReuse)
		}
	}
	if q.Policy != "" {
		out["Policy"] = q.Policy
	}
	if q.RedriveAllow != "" {
		out["RedriveAllowPolicy"] = q.RedriveAllow
	}
	if q.DeadLetter != "" {
		out["RedrivePolicy"] = `{"deadLetterTargetArn":"` + q.DeadLetter + `","maxReceiveCount":` + strconv.Itoa(q.MaxReceives) + `}`
	}
	return out
}

// view is all attributes of a queue.
func view(w *world.World, q *world.Queue) map[string]string {
	out := settings(q)
	visible, flying, delayed := count(w, q)
	out["ApproximateNumberOfMessages"] = strconv.Itoa(visible)
	out["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(flying)
	out["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(delayed)
	out["CreatedTimestamp"] = strconv.FormatInt(q.Created.Unix(), 10)
	out["LastModifiedTimestamp"] = strconv.FormatInt(q.Modified.Unix(), 10)
	out["QueueArn"] = q.ARN
	return out
}

// GetQueueAttributes tells attributes by name, or all of them.
func GetQueueAttributes(c *world.Call, in *sqs.GetQueueAttributesInput) (*sqs.GetQueueAttributesOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	all := view(c.World, q)
	out := &sqs.GetQueueAttributesOutput{Attributes: map[string]string{}}
	for _, name := range in.AttributeNames {
		if !slices.Contains(name.Values(), name) {
			return nil, wire.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
		if name == types.QueueAttributeNameAll {
			out.Attributes = all
			break
		}
		if v, ok := all[string(name)]; ok {
			out.Attributes[string(name)] = v
		}
	}
	return out, nil
}

// SetQueueAttributes sets attributes; those that are not named stay.
func SetQueueAttributes(c *world.Call, in *sqs.SetQueueAttributesInput) (*sqs.SetQueueAttributesOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if len(in.Attributes) == 0 {
		return nil, missing("Attribute.Name")
	}
	if err := set(c.Region, q, in.Attributes); err != nil {
		return nil, err
	}
	q.Modified = c.Now()
	return &sqs.SetQueueAttributesOutput{}, nil
}

// text is a member that may be left out.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

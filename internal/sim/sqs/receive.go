package sqs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostFlying is how many messages of a queue can be received and not deleted (SQS developer guide, "Standard queue quotas").
const mostFlying = 120_000

// expired tells whether a message is older than its queue keeps it.
func expired(w *world.World, q *world.Queue, m *world.QueueMessage) bool {
	return w.Now().Sub(m.Sent) >= time.Duration(q.Retention)*time.Second
}

// prune drops the messages that are too old.
func prune(w *world.World, q *world.Queue) {
	q.Messages = slices.DeleteFunc(q.Messages, func(m world.QueueMessage) bool { return expired(w, q, &m) })
}

// count tells how many messages can be received, are received and not deleted, and were never visible yet.
func count(w *world.World, q *world.Queue) (visible, flying, delayed int) {
	for i := range q.Messages {
		m := &q.Messages[i]
		switch {
		case expired(w, q, m):
		case !m.VisibleAt.After(w.Now()):
			visible++
		case m.Receives > 0:
			flying++
		default:
			delayed++
		}
	}
	return visible, flying, delayed
}

// ReceiveMessage gives up to ten messages and hides them for the visibility timeout. It does not wait: see Patience.
func ReceiveMessage(c *world.Call, in *sqs.ReceiveMessageInput) (*sqs.ReceiveMessageOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkReceive(in); err != nil {
		return nil, err
	}
	if q.Key != "" {
		if err := locked(kms.Usable(c.Region, q.Key), q.Key); err != nil {
			return nil, err
		}
	}
	prune(c.World, q)
	bury(c.Region, q, c.Now())
	if _, flying, _ := count(c.World, q); flying >= mostFlying {
		return nil, wire.Errorf("OverLimit", "Too many messages in flight for queue %s", q.Name).WithStatus(403)
	}
	hide := time.Duration(q.Visibility) * time.Second
	if in.VisibilityTimeout > 0 {
		hide = time.Duration(in.VisibilityTimeout) * time.Second
	}
	out := &sqs.ReceiveMessageOutput{}
	for i := range q.Messages {
		if m := &q.Messages[i]; !m.VisibleAt.After(c.Now()) && len(out.Messages) < max(1, int(in.MaxNumberOfMessages)) {
			receive(c.World, m, hide)
			out.Messages = append(out.Messages, viewMessage(m, in))
		}
	}
	return out, nil
}

func checkReceive(in *sqs.ReceiveMessageInput) error {
	switch {
	case in.MaxNumberOfMessages < 0 || in.MaxNumberOfMessages > 10:
		return value(in.MaxNumberOfMessages, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
	case in.WaitTimeSeconds < 0 || in.WaitTimeSeconds > 20:
		return value(in.WaitTimeSeconds, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
	case in.VisibilityTimeout < 0 || in.VisibilityTimeout > 43200:
		return value(in.VisibilityTimeout, "VisibilityTimeout", "Must be >= 0 and <= 43200, if provided.")
	}
	return nil
}

// receive hides a message and gives it a new handle.
func receive(w *world.World, m *world.QueueMessage, hide time.Duration) {
	m.Receives++
	if m.Receives == 1 {
		m.FirstReceived = w.Now()
	}
	m.VisibleAt, m.Receipt = w.Now().Add(hide), handlePrefix+w.Hex(64)
}

// bury moves the messages that were received too often to the dead-letter queue. Their age goes with them.
func bury(r *world.Region, q *world.Queue, now time.Time) {
	dead, ok := byARN(r, q.DeadLetter)
	if !ok {
		return // while it is gone, messages stay
	}
	kept := q.Messages[:0]
	var gone []world.QueueMessage
	for _, m := range q.Messages {
		if m.Receives >= q.MaxReceives && !m.VisibleAt.After(now) {
			m.Source, m.Receives, m.FirstReceived, m.Receipt = q.ARN, 0, time.Time{}, ""
			gone = append(gone, m)
		} else {
			kept = append(kept, m)
		}
	}
	q.Messages = kept
	dead.Messages = append(dead.Messages, gone...)
}

func viewMessage(m *world.QueueMessage, in *sqs.ReceiveMessageInput) types.Message {
	v := types.Message{
		MessageId: aws.String(m.ID), Body: aws.String(m.Body), MD5OfBody: aws.String(md5Text(m.Body)), ReceiptHandle: aws.String(m.Receipt),
		Attributes: systemAttributes(m, in),
	}
	var asked []world.MessageAttribute
	for _, a := range m.Attributes {
		if slices.ContainsFunc(in.MessageAttributeNames, func(name string) bool { return asks(name, a.Name) }) {
			asked = append(asked, a)
		}
	}
	v.MD5OfMessageAttributes = text(md5Attributes(asked))
	for _, a := range asked {
		if v.MessageAttributes == nil {
			v.MessageAttributes = map[string]types.MessageAttributeValue{}
		}
		v.MessageAttributes[a.Name] = types.MessageAttributeValue{DataType: aws.String(a.Type), StringValue: text(a.Text), BinaryValue: a.Binary}
	}
	return v
}

// asks tells whether a name asks for an attribute: by itself, by what it begins with, or for all.
func asks(name, attribute string) bool {
	if prefix, ok := strings.CutSuffix(name, ".*"); ok {
		return strings.HasPrefix(attribute, prefix)
	}
	return name == "All" || name == attribute
}

// systemAttributes are what SQS itself says about a message, as far as it is asked for.
func systemAttributes(m *world.QueueMessage, in *sqs.ReceiveMessageInput) map[string]string {
	all := map[string]string{
		"SenderId": m.Sender, "SentTimestamp": strconv.FormatInt(m.Sent.UnixMilli(), 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.FirstReceived.UnixMilli(), 10),
	}
	for name, v := range map[string]string{"DeadLetterQueueSourceArn": m.Source, traceHeader: m.TraceHeader, "MessageGroupId": m.GroupID} { // unordered: into a map
		if v != "" {
			all[name] = v
		}
	}
	var out map[string]string
	for _, name := range sortedKeys(all) {
		asked := slices.ContainsFunc(in.MessageSystemAttributeNames, func(n types.MessageSystemAttributeName) bool { return asks(string(n), name) }) ||
			slices.ContainsFunc(in.AttributeNames, func(n types.QueueAttributeName) bool { return asks(string(n), name) }) //nolint:staticcheck // old clients say it so
		if asked && out == nil {
			out = map[string]string{}
		}
		if asked {
			out[name] = all[name]
		}
	}
	return out
}

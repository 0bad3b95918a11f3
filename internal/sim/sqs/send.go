package sqs

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/sim/kms"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostAttributes is how many attributes a message can have.
const mostAttributes = 10

// SendMessage puts a message into a queue.
func SendMessage(c *world.Call, in *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	entry := types.SendMessageBatchRequestEntry{
		MessageBody: in.MessageBody, DelaySeconds: in.DelaySeconds, MessageAttributes: in.MessageAttributes,
		MessageDeduplicationId: in.MessageDeduplicationId, MessageGroupId: in.MessageGroupId, MessageSystemAttributes: in.MessageSystemAttributes,
	}
	m, err := send(c, q, entry)
	if err != nil {
		return nil, err
	}
	return &sqs.SendMessageOutput{
		MessageId: aws.String(m.ID), MD5OfMessageBody: aws.String(md5Text(m.Body)), MD5OfMessageAttributes: text(md5Attributes(m.Attributes)),
		MD5OfMessageSystemAttributes: text(md5System(m)),
	}, nil
}

// md5System is the checksum of the one system attribute that senders can set.
func md5System(m world.QueueMessage) string {
	if m.TraceHeader == "" {
		return ""
	}
	return md5Attributes([]world.MessageAttribute{{Name: traceHeader, Type: "String", Text: m.TraceHeader}})
}

const traceHeader = "AWSTraceHeader"

// send checks a message and puts it into a queue.
func send(c *world.Call, q *world.Queue, in types.SendMessageBatchRequestEntry) (world.QueueMessage, error) {
	m := world.QueueMessage{Body: aws.ToString(in.MessageBody), Sender: world.Account, GroupID: aws.ToString(in.MessageGroupId)}
	if err := checkBody(q, m.Body); err != nil {
		return m, err
	}
	if in.DelaySeconds < 0 || in.DelaySeconds > 900 {
		return m, value(in.DelaySeconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900")
	}
	if in.MessageDeduplicationId != nil {
		return m, value(*in.MessageDeduplicationId, "MessageDeduplicationId", "The request includes a parameter that is not valid for this queue type")
	}
	var err error
	if m.Attributes, err = attributes(in.MessageAttributes); err != nil {
		return m, err
	}
	for _, name := range sortedKeys(in.MessageSystemAttributes) {
		if name != traceHeader {
			return m, wire.Errorf("InvalidParameterValue", "Message system attribute name '%s' is invalid.", name)
		}
		m.TraceHeader = aws.ToString(in.MessageSystemAttributes[name].StringValue)
	}
	if size(m) > q.MaxSize {
		return m, tooLong(q)
	}
	if q.Key != "" {
		if err := locked(kms.Usable(c.Region, q.Key), q.Key); err != nil {
			return m, err
		}
	}
	return put(c.World, q, m, int(in.DelaySeconds)), nil
}

// put adds a message to a queue. A delay of 0 is the queue's own.
func put(w *world.World, q *world.Queue, m world.QueueMessage, delay int) world.QueueMessage {
	if delay == 0 {
		delay = q.Delay
	}
	m.ID, m.Sent, m.VisibleAt = w.UUID(), w.Now(), w.Now().Add(time.Duration(delay)*time.Second)
	if len(q.Messages) > 0 && expired(w, q, &q.Messages[0]) { // all need not be looked at every time
		prune(w, q)
	}
	q.Messages = append(q.Messages, m)
	return m
}

func tooLong(q *world.Queue) error {
	return wire.Errorf("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.MaxSize)
}

// checkBody refuses what XML could not carry, as SQS does.
func checkBody(q *world.Queue, body string) error {
	switch {
	case body == "":
		return missing("MessageBody")
	case len(body) > q.MaxSize:
		return tooLong(q)
	case !utf8.ValidString(body) || strings.ContainsFunc(body, isControl):
		return wire.Errorf("InvalidMessageContents", "Invalid characters were found in the message body. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	return nil
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

func size(m world.QueueMessage) int {
	n := len(m.Body)
	for _, a := range m.Attributes {
		n += len(a.Name) + len(a.Type) + len(a.Text) + len(a.Binary)
	}
	return n
}

// attributes reads message attributes, by name.
func attributes(in map[string]types.MessageAttributeValue) ([]world.MessageAttribute, error) {
	if len(in) > mostAttributes {
		return nil, wire.Errorf("InvalidParameterValue", "Number of message attributes [%d] exceeds the allowed maximum [%d].", len(in), mostAttributes)
	}
	var out []world.MessageAttribute
	for _, name := range sortedKeys(in) {
		v := in[name]
		a := world.MessageAttribute{Name: name, Type: aws.ToString(v.DataType), Text: aws.ToString(v.StringValue), Binary: v.BinaryValue}
		if err := checkAttribute(a); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func checkAttribute(a world.MessageAttribute) error {
	kind, _, _ := strings.Cut(a.Type, ".")
	switch {
	case a.Name == "" || len(a.Name) > 256 || strings.HasPrefix(strings.ToLower(a.Name), "aws.") || strings.HasPrefix(strings.ToLower(a.Name), "amazon."):
		return wire.Errorf("InvalidParameterValue", "The message attribute name '%s' is invalid.", a.Name)
	case !slices.Contains([]string{"String", "Number", "Binary"}, kind):
		return wire.Errorf("InvalidParameterValue", "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", a.Name)
	case kind == "Binary" && len(a.Binary) == 0 || kind != "Binary" && a.Text == "":
		return wire.Errorf("InvalidParameterValue", "The message attribute '%s' must contain a non-empty message attribute value for message attribute type '%s'.", a.Name, a.Type)
	}
	return nil
}

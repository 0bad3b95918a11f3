package sqs

import (
	"errors"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostEntries is how many entries a batch can have.
const mostEntries = 10

var entryForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// checkEntries checks what is common to batches; kind is what the entries are called.
func checkEntries[E any](entries []E, id func(E) *string, kind string) error {
	if len(entries) == 0 {
		return wire.Errorf("EmptyBatchRequest", "There should be at least one %s in the request.", kind)
	}
	if len(entries) > mostEntries {
		return wire.Errorf("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", mostEntries, len(entries))
	}
	seen := map[string]bool{}
	for _, e := range entries {
		name := aws.ToString(id(e))
		if !entryForm.MatchString(name) {
			return wire.Errorf("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[name] {
			return wire.Errorf("BatchEntryIdsNotDistinct", "Id %s repeated.", name)
		}
		seen[name] = true
	}
	return nil
}

// failed is the entry of a batch that was refused.
func failed(id *string, err error) types.BatchResultErrorEntry {
	e := types.BatchResultErrorEntry{Id: id, Code: aws.String("InternalError"), Message: aws.String(err.Error())}
	if own, ok := errors.AsType[*wire.Error](err); ok {
		e.Code, e.Message, e.SenderFault = aws.String(own.Code), aws.String(own.Message), true
	}
	return e
}

// SendMessageBatch puts up to ten messages into a queue.
func SendMessageBatch(c *world.Call, in *sqs.SendMessageBatchInput) (*sqs.SendMessageBatchOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkEntries(in.Entries, func(e types.SendMessageBatchRequestEntry) *string { return e.Id }, "SendMessageBatchRequestEntry"); err != nil {
		return nil, err
	}
	total := 0
	for _, e := range in.Entries {
		total += len(aws.ToString(e.MessageBody))
	}
	if total > most {
		return nil, wire.Errorf("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", most, total)
	}
	out := &sqs.SendMessageBatchOutput{}
	for _, e := range in.Entries {
		m, err := send(c, q, e)
		if err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, types.SendMessageBatchResultEntry{
			Id: e.Id, MessageId: aws.String(m.ID), MD5OfMessageBody: aws.String(md5Text(m.Body)), MD5OfMessageAttributes: text(md5Attributes(m.Attributes)),
			MD5OfMessageSystemAttributes: text(md5System(m)),
		})
	}
	return out, nil
}

// DeleteMessageBatch deletes up to ten messages.
func DeleteMessageBatch(c *world.Call, in *sqs.DeleteMessageBatchInput) (*sqs.DeleteMessageBatchOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkEntries(in.Entries, func(e types.DeleteMessageBatchRequestEntry) *string { return e.Id }, "DeleteMessageBatchRequestEntry"); err != nil {
		return nil, err
	}
	out := &sqs.DeleteMessageBatchOutput{}
	for _, e := range in.Entries {
		if err := remove(q, e.ReceiptHandle); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, types.DeleteMessageBatchResultEntry{Id: e.Id})
	}
	return out, nil
}

// ChangeMessageVisibilityBatch hides up to ten messages for other times.
func ChangeMessageVisibilityBatch(c *world.Call, in *sqs.ChangeMessageVisibilityBatchInput) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkEntries(in.Entries, func(e types.ChangeMessageVisibilityBatchRequestEntry) *string { return e.Id }, "ChangeMessageVisibilityBatchRequestEntry"); err != nil {
		return nil, err
	}
	out := &sqs.ChangeMessageVisibilityBatchOutput{}
	for _, e := range in.Entries {
		if err := hide(c.World, q, e.ReceiptHandle, e.VisibilityTimeout); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, types.ChangeMessageVisibilityBatchResultEntry{Id: e.Id})
	}
	return out, nil
}

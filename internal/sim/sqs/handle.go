package sqs

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// handlePrefix begins every receipt handle.
const handlePrefix = "AQEB"

// held finds the message that a receipt handle is the last one of; -1 when it is deleted or was received again since.
func held(q *world.Queue, in *string) (int, error) {
	handle := aws.ToString(in)
	switch {
	case handle == "":
		return -1, missing("ReceiptHandle")
	case !strings.HasPrefix(handle, handlePrefix):
		return -1, wire.Errorf("ReceiptHandleIsInvalid", "The input receipt handle \"%s\" is not a valid receipt handle.", handle)
	}
	return slices.IndexFunc(q.Messages, func(m world.QueueMessage) bool { return m.Receipt == handle }), nil
}

// DeleteMessage deletes a message by the handle of its last receive; an older one deletes nothing.
func DeleteMessage(c *world.Call, in *sqs.DeleteMessageInput) (*sqs.DeleteMessageOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &sqs.DeleteMessageOutput{}, remove(q, in.ReceiptHandle)
}

func remove(q *world.Queue, handle *string) error {
	i, err := held(q, handle)
	if err != nil || i < 0 {
		return err
	}
	q.Messages = slices.Delete(q.Messages, i, i+1)
	return nil
}

// ChangeMessageVisibility hides a received message for another time from now on; 0 shows it at once.
func ChangeMessageVisibility(c *world.Call, in *sqs.ChangeMessageVisibilityInput) (*sqs.ChangeMessageVisibilityOutput, error) {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &sqs.ChangeMessageVisibilityOutput{}, hide(c.World, q, in.ReceiptHandle, in.VisibilityTimeout)
}

func hide(w *world.World, q *world.Queue, handle *string, seconds int32) error {
	if seconds < 0 || seconds > 43200 {
		return value(seconds, "VisibilityTimeout", "Must be between 0 and 43200.")
	}
	i, err := held(q, handle)
	switch {
	case err != nil:
		return err
	case i < 0:
		return value(*handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
	case !q.Messages[i].VisibleAt.After(w.Now()):
		return wire.Errorf("MessageNotInflight", "The specified message isn't in flight.")
	}
	q.Messages[i].VisibleAt = w.Now().Add(time.Duration(seconds) * time.Second)
	return nil
}

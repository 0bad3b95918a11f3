package sqs

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is SQS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"ChangeMessageVisibility":      wire.Op(ChangeMessageVisibility),
		"ChangeMessageVisibilityBatch": wire.Op(ChangeMessageVisibilityBatch),
		"CreateQueue":                  wire.Op(CreateQueue),
		"DeleteMessage":                wire.Op(DeleteMessage),
		"DeleteMessageBatch":           wire.Op(DeleteMessageBatch),
		"DeleteQueue":                  wire.Op(DeleteQueue),
		"GetQueueAttributes":           wire.Op(GetQueueAttributes),
		"GetQueueUrl":                  wire.Op(GetQueueUrl),
		"ListDeadLetterSourceQueues":   wire.Op(ListDeadLetterSourceQueues),
		"ListQueueTags":                wire.Op(ListQueueTags),
		"ListQueues":                   wire.Op(ListQueues),
		"PurgeQueue":                   wire.Op(PurgeQueue),
		"ReceiveMessage":               wire.Op(ReceiveMessage),
		"SendMessage":                  wire.Op(SendMessage),
		"SendMessageBatch":             wire.Op(SendMessageBatch),
		"SetQueueAttributes":           wire.Op(SetQueueAttributes),
		"TagQueue":                     wire.Op(TagQueue),
		"UntagQueue":                   wire.Op(UntagQueue),
	}
}

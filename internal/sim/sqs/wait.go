package sqs

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/world"
)

// Patience is for how long a ReceiveMessage that found nothing may wait for a message: as it says, else as its queue does (SQS API
// reference, ReceiveMessage).
func Patience(c *world.Call, in *sqs.ReceiveMessageInput) time.Duration {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return 0
	}
	return time.Duration(cmp.Or(int(in.WaitTimeSeconds), q.Wait)) * time.Second
}

// Ready tells whether a ReceiveMessage would be answered with something by now: a message, or that the queue is gone.
func Ready(c *world.Call, in *sqs.ReceiveMessageInput) bool {
	q, err := find(c, in.QueueUrl)
	if err != nil {
		return true
	}
	_, buries := byARN(c.Region, q.DeadLetter)
	return slices.ContainsFunc(q.Messages, func(m world.QueueMessage) bool {
		return !m.VisibleAt.After(c.Now()) && !expired(c.World, q, &m) && !(buries && m.Receives >= q.MaxReceives)
	})
}

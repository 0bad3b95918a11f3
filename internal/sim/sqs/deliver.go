package sqs

import (
	"berth/internal/sim/kms"
	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Delivery is a message that another service puts into a queue.
type Delivery struct {
	Queue      string // ARN
	Service    string // its principal: "sns.amazonaws.com"
	Source     string // ARN of the resource that it acts for: a topic, a rule
	Body       string
	Attributes []world.MessageAttribute // by name
}

// Deliver puts another service's message into a queue, if the queue is there, its policy lets the service send for that
// source, and its key lets it encrypt (SQS developer guide, "Configure KMS permissions for AWS services"). Refusals are
// *wire.Error: QueueDoesNotExist, AccessDenied, one of those on keys, InvalidParameterValue for a message that is too long.
func Deliver(w *world.World, r *world.Region, d Delivery) error {
	q, ok := byARN(r, d.Queue)
	if !ok {
		return noQueue()
	}
	if !lets(q, d) {
		return wire.Errorf("AccessDenied", "Access to the resource %s is denied.", q.URL).WithStatus(403)
	}
	if q.Key != "" {
		if err := locked(kms.Encrypts(r, q.Key, d.Service, d.Source), q.Key); err != nil {
			return err
		}
	}
	m := world.QueueMessage{Body: d.Body, Sender: d.Service, Attributes: d.Attributes}
	if size(m) > q.MaxSize {
		return tooLong(q)
	}
	put(w, q, m, 0)
	return nil
}

// lets tells whether the queue's policy allows a delivery; without a policy, none is.
func lets(q *world.Queue, d Delivery) bool {
	if q.Policy == "" {
		return false
	}
	p, err := policy.Parse(q.Policy)
	return err == nil && p.Allows(policy.Request{
		Service: d.Service, Account: world.Account, Action: "sqs:SendMessage", Resource: q.ARN,
		Context: map[string]string{"aws:SourceArn": d.Source, "aws:SourceAccount": world.Account, "aws:SecureTransport": "true"},
	})
}

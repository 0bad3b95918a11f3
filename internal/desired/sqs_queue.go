package desired

import "berth/internal/model"

// How the queues keep messages: as long as SQS can, and a message that cannot be read is put aside after a few tries.
const (
	fourteenDays = 14 * 24 * 3600
	readingTime  = 60
	longPoll     = 20 // an empty read costs as much as a full one, so it waits
	mostReceives = 5
)

// queues are the queue of all events and that of dead letters. They are encrypted with SQS's own key: it costs nothing,
// readers need no right to it, and events are still kept there when the topic's key cannot be used.
func (b *builder) queues() []model.Resource {
	events := b.queue(model.EventQueue)
	events.DeadLetters, events.MaxReceives = model.QueueKey(model.DeadQueue), mostReceives
	return []model.Resource{events, b.queue(model.DeadQueue)}
}

// queue is a queue that only the cluster's rules may send to.
func (b *builder) queue(what string) model.Queue {
	name := b.scope.QueueName(what)
	arn := b.arn("sqs", name)
	return model.Queue{
		What: what, Name: name, Encryption: "SSE-SQS", Retention: fourteenDays, Visibility: readingTime, Wait: longPoll,
		Policy: document(statement{
			Sid: "Rules", Effect: "Allow", Principal: map[string]string{"Service": eventService}, Action: []string{"sqs:SendMessage"}, Resource: []string{arn},
			Condition: b.fromRules(),
		}, onlyTLS("sqs:*", arn)),
		Tags: b.tags(model.QueueKey(what)),
	}
}

// fromRules holds for what the cluster's own rules send: their names begin alike, and those of no other cluster do so.
func (b *builder) fromRules() map[string]map[string]string {
	return map[string]map[string]string{"ArnLike": {"aws:SourceArn": b.arn("events", "rule/"+b.scope.RulePrefix()+"*")}}
}

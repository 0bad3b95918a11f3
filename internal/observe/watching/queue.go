// Package watching reads what a watcher needs beside services and tasks: the events in the cluster's queue, the memory of the watcher
// before, and what no event tells.
//
// In: a cloud.Cloud and the cluster's scope. Out: messages as they came, the memory with its version, and plain facts. It deletes no
// message, writes nothing and judges nothing.
package watching

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// Bounds of SQS (SQS API reference, ReceiveMessage).
const (
	MostMessages = 10 // that one call gives
	LongestPoll  = 20 * time.Second
)

// Message is one message of the queue. Until it is deleted it comes again, at first when its visibility timeout is over.
type Message struct {
	ID       string // the same each time it comes
	Receipt  string // of this time: deletes it
	Body     string
	Receives int // how often it has come, this time included

	Rule  string // of a dead letter: the ARN of the rule that could not deliver it
	Error string // and why: "NO_PERMISSIONS: …" (EventBridge user guide, "Using dead-letter queues to process undelivered events")
}

// Queue is the URL of the queue with the cluster's events; empty where there is none.
func Queue(ctx context.Context, c *cloud.Cloud, scope model.Scope) (string, error) {
	return urlOf(ctx, c, scope.QueueName(model.EventQueue))
}

// DeadLetters is the URL of the queue with what could not be delivered, or not be read; empty where there is none.
func DeadLetters(ctx context.Context, c *cloud.Cloud, scope model.Scope) (string, error) {
	return urlOf(ctx, c, scope.QueueName(model.DeadQueue))
}

func urlOf(ctx context.Context, c *cloud.Cloud, name string) (string, error) {
	out, err := cloud.Read(ctx, c, c.SQS.GetQueueUrl, &sqs.GetQueueUrlInput{QueueName: &name})
	if cloud.Missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(out.QueueUrl), nil
}

// Receive takes up to ten messages, and waits for the first one up to a time of 1 to 20 s. No message is no error.
func Receive(ctx context.Context, c *cloud.Cloud, url string, wait time.Duration) ([]Message, error) {
	seconds := int32(min(max(wait, time.Second), LongestPoll) / time.Second) // 0 would be what the queue says
	out, err := cloud.Read(ctx, c, c.SQS.ReceiveMessage, &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: MostMessages, WaitTimeSeconds: seconds,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
		MessageAttributeNames:       []string{"RULE_ARN", "ERROR_CODE", "ERROR_MESSAGE"},
	})
	if err != nil {
		return nil, err
	}
	var messages []Message
	for _, m := range out.Messages {
		one := Message{ID: aws.ToString(m.MessageId), Receipt: aws.ToString(m.ReceiptHandle), Body: aws.ToString(m.Body)}
		one.Receives, _ = strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)]) // 0: SQS does not say
		one.Rule, one.Error = attribute(m, "RULE_ARN"), attribute(m, "ERROR_CODE")
		if why := attribute(m, "ERROR_MESSAGE"); why != "" {
			one.Error += ": " + why
		}
		messages = append(messages, one)
	}
	return messages, nil
}

func attribute(m types.Message, name string) string {
	return aws.ToString(m.MessageAttributes[name].StringValue)
}

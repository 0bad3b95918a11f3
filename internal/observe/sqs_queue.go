package observe

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type queueAnswers struct {
	queueURLs map[string]string            // by what they are for
	queues    map[string]map[string]string // attributes
	queueTags map[string]model.Tags
}

func queueRow() row {
	return row{model.KindQueue, []func(*look) []call{queueURLCalls, nothing, queueCalls}, foldQueues}
}

// queueKinds are the cluster's queues, that of dead letters first: the other one refers to it.
func queueKinds() []string { return []string{model.DeadQueue, model.EventQueue} }

// queueURLCalls finds the queues by the beginning of their names.
func queueURLCalls(l *look) []call {
	l.queueURLs, l.queues, l.queueTags = map[string]string{}, map[string]map[string]string{}, map[string]model.Tags{}
	in := &sqs.ListQueuesInput{QueueNamePrefix: aws.String(l.scope.Mark() + "_"), MaxResults: aws.Int32(1000)}
	return []call{fetch.Pages(l, l.c.SQS.ListQueues, in, func(in *sqs.ListQueuesInput, out *sqs.ListQueuesOutput) bool {
		for _, url := range out.QueueUrls {
			for _, what := range queueKinds() {
				if strings.HasSuffix(url, "/"+l.scope.QueueName(what)) {
					l.queueURLs[what] = url
				}
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func queueCalls(l *look) []call {
	var calls []call
	for _, what := range queueKinds() {
		url, ok := l.queueURLs[what]
		if !ok {
			continue
		}
		in := &sqs.GetQueueAttributesInput{QueueUrl: aws.String(url), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}}
		calls = append(calls,
			fetch.Maybe(l, l.c.SQS.GetQueueAttributes, in, func(out *sqs.GetQueueAttributesOutput) { l.queues[what] = out.Attributes }),
			fetch.Maybe(l, l.c.SQS.ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: aws.String(url)}, func(out *sqs.ListQueueTagsOutput) {
				l.queueTags[what] = shape.MapTags(out.Tags)
			}))
	}
	return calls
}

func foldQueues(l *look) {
	for _, what := range queueKinds() {
		found := l.queues[what]
		if found == nil {
			continue
		}
		name, tags := l.scope.QueueName(what), l.queueTags[what]
		if _, ours := l.mine(tags, model.KindQueue); !ours {
			l.stray(model.QueueKey(what), name, "SQS queue "+name)
			continue
		}
		q := model.Queue{
			What: what, Name: name, Policy: model.CanonicalJSON(found["Policy"]), Encryption: shape.QueueEncryption(found), Tags: tags.Own(),
			Retention: shape.Whole(found["MessageRetentionPeriod"]), Visibility: shape.Whole(found["VisibilityTimeout"]), Wait: shape.Whole(found["ReceiveMessageWaitTimeSeconds"]),
		}
		q.DeadLetters, q.MaxReceives = shape.Redrive(l.key, found["RedrivePolicy"])
		l.add(q, model.Handle{ID: l.queueURLs[what], ARN: found["QueueArn"]})
	}
}

package observe

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

type alertQueueAnswers struct {
	alertURLs map[string]string // by the queue's ARN
	heard     []model.AlertQueue
}

// alertQueueRow looks at the queues of the file's alerts, as far as the caller may.
func alertQueueRow() row {
	return row{rounds: []func(*look) []call{nothing, alertURLCalls, alertQueueCalls}, fold: foldAlertQueues}
}

// alertURLCalls ask where the queues are. SQS says of a queue of another account that it is not there when the caller may not
// see it.
func alertURLCalls(l *look) []call {
	l.alertURLs = map[string]string{}
	var calls []call
	for _, a := range l.ask.Alerts {
		if a.Protocol != model.ProtocolSQS {
			continue
		}
		parts := strings.Split(a.Endpoint, ":")
		owner, name := parts[4], parts[5]
		ask := fetch.Get(l, l.c.SQS.GetQueueUrl, &sqs.GetQueueUrlInput{QueueName: &name, QueueOwnerAWSAccountId: &owner}, func(out *sqs.GetQueueUrlOutput) {
			l.alertURLs[a.Endpoint] = aws.ToString(out.QueueUrl)
		})
		calls = append(calls, fetch.Undenied(func(ctx context.Context) error {
			err := ask(ctx)
			if !cloud.Missing(err) {
				return err
			}
			if l.Lock(); owner == l.scope.Account {
				l.heard = append(l.heard, model.AlertQueue{ARN: a.Endpoint, Missing: true})
			}
			l.Unlock()
			return nil
		}))
	}
	return calls
}

func alertQueueCalls(l *look) []call {
	var calls []call
	for _, a := range l.ask.Alerts {
		url, known := l.alertURLs[a.Endpoint]
		if !known {
			continue
		}
		in := &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNamePolicy, types.QueueAttributeNameKmsMasterKeyId}}
		calls = append(calls, fetch.Undenied(fetch.Maybe(l, l.c.SQS.GetQueueAttributes, in, func(out *sqs.GetQueueAttributesOutput) {
			l.heard = append(l.heard, model.AlertQueue{ARN: a.Endpoint, Policy: out.Attributes["Policy"], Key: out.Attributes["KmsMasterKeyId"]})
		})))
	}
	return calls
}

// foldAlertQueues puts the queues into an order that does not follow from whose answer came first.
func foldAlertQueues(l *look) {
	slices.SortFunc(l.heard, func(a, b model.AlertQueue) int { return cmp.Compare(a.ARN, b.ARN) })
}

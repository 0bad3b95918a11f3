package apply

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/cloud"
	"berth/internal/model"
)

func queueEntry() entry { return typed(createQueue, updateQueue, deleteQueue) }

// queueAttributes are those settings of a queue that are asked for, under AWS's names.
func (j *job) queueAttributes(q model.Queue, differs func(...string) bool) map[string]string {
	out := map[string]string{}
	for _, one := range []struct{ ours, aws, value string }{
		{"policy", "Policy", q.Policy},
		{"retention_seconds", "MessageRetentionPeriod", strconv.Itoa(q.Retention)},
		{"visibility_seconds", "VisibilityTimeout", strconv.Itoa(q.Visibility)},
		{"wait_seconds", "ReceiveMessageWaitTimeSeconds", strconv.Itoa(q.Wait)},
	} {
		if differs(one.ours) {
			out[one.aws] = one.value
		}
	}
	if differs("dead_letters", "max_receives") {
		out["RedrivePolicy"] = j.redrive(q)
	}
	if differs("encryption") {
		out["SqsManagedSseEnabled"] = strconv.FormatBool(q.Encryption == "SSE-SQS")
	}
	return out
}

// redrive is where a queue's dead letters go; empty: nowhere.
func (j *job) redrive(q model.Queue) string {
	if q.DeadLetters.IsZero() {
		return ""
	}
	b, err := json.Marshal(map[string]any{"deadLetterTargetArn": j.have.Handle(q.DeadLetters).ARN, "maxReceiveCount": q.MaxReceives})
	if err != nil {
		panic(err) // a text and a number always marshal
	}
	return string(b)
}

// createQueue can be repeated: a queue of the same name and attributes is the answer itself. For a minute after a queue was
// deleted SQS gives its name to no other.
func createQueue(ctx context.Context, j *job, q model.Queue) (model.Handle, error) {
	in := &sqs.CreateQueueInput{QueueName: aws.String(q.Name), Attributes: j.queueAttributes(q, func(...string) bool { return true }), Tags: tagMap(q.Tags)}
	if in.Attributes["RedrivePolicy"] == "" {
		delete(in.Attributes, "RedrivePolicy")
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.SQS.CreateQueue, in)
	if err != nil {
		return model.Handle{}, err
	}
	arn := "arn:" + j.scope.Partition + ":sqs:" + j.scope.Region + ":" + j.scope.Account + ":" + q.Name
	return model.Handle{ID: aws.ToString(out.QueueUrl), ARN: arn}, nil
}

func updateQueue(ctx context.Context, j *job, q model.Queue) (model.Handle, error) {
	h := j.handle()
	if in := j.queueAttributes(q, j.differs); len(in) > 0 {
		if _, err := cloud.Repeat(ctx, j.c, j.c.SQS.SetQueueAttributes, &sqs.SetQueueAttributesInput{QueueUrl: &h.ID, Attributes: in}); err != nil {
			return h, err
		}
	}
	set, drop := tagChanges(j.change.From.(model.Queue).Tags, q.Tags)
	if len(set) > 0 {
		if _, err := cloud.Repeat(ctx, j.c, j.c.SQS.TagQueue, &sqs.TagQueueInput{QueueUrl: &h.ID, Tags: tagMap(set)}); err != nil {
			return h, err
		}
	}
	if len(drop) == 0 {
		return h, nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.SQS.UntagQueue, &sqs.UntagQueueInput{QueueUrl: &h.ID, TagKeys: drop})
	return h, err
}

// deleteQueue takes the messages along.
func deleteQueue(ctx context.Context, j *job, _ model.Queue) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.SQS.DeleteQueue, &sqs.DeleteQueueInput{QueueUrl: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

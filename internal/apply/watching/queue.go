package watching

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"berth/internal/cloud"
)

// batch is how many messages one call deletes (SQS API reference, DeleteMessageBatch).
const batch = 10

// Delete deletes messages by their receipts, and returns how many SQS has not deleted: those come again. One that is deleted
// already is no failure.
func Delete(ctx context.Context, c *cloud.Cloud, url string, receipts []string) (left int, err error) {
	for part := range slices.Chunk(receipts, batch) {
		in := &sqs.DeleteMessageBatchInput{QueueUrl: &url}
		for i, r := range part {
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(r)})
		}
		out, err := cloud.Repeat(ctx, c, c.SQS.DeleteMessageBatch, in)
		if err != nil {
			return left, err
		}
		left += len(out.Failed)
	}
	return left, nil
}

// Return makes messages that were received visible again at once, for whoever reads the queue. Those that SQS does not return come
// back when their visibility timeout is over.
func Return(ctx context.Context, c *cloud.Cloud, url string, receipts []string) error {
	for part := range slices.Chunk(receipts, batch) {
		in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url}
		for i, r := range part {
			in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(r)})
		}
		if _, err := cloud.Repeat(ctx, c, c.SQS.ChangeMessageVisibilityBatch, in); err != nil {
			return err
		}
	}
	return nil
}

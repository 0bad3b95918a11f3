package watching

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
)

// Event is one event for the default bus. Its source cannot begin with "aws." (EventBridge API reference, PutEventsRequestEntry).
type Event struct {
	Source    string
	Type      string // the detail type
	Detail    string // a JSON object
	Resources []string
}

// Emit puts an event on the default bus and returns its id. When the answer is lost it is put again: it may come twice, under
// different ids.
func Emit(ctx context.Context, c *cloud.Cloud, e Event) (string, error) {
	out, err := cloud.Repeat(ctx, c, c.Events.PutEvents, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		Source: &e.Source, DetailType: &e.Type, Detail: &e.Detail, Resources: e.Resources,
	}}})
	if err != nil {
		return "", err
	}
	if len(out.Entries) == 0 {
		return "", nil
	}
	entry := out.Entries[0]
	if code := aws.ToString(entry.ErrorCode); code != "" {
		return "", &smithy.OperationError{ServiceID: eventbridge.ServiceID, OperationName: "PutEvents", Err: &smithy.GenericAPIError{
			Code: code, Message: aws.ToString(entry.ErrorMessage),
		}}
	}
	return aws.ToString(entry.EventId), nil
}

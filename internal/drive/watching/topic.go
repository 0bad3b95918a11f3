package watching

import (
	"context"
	"encoding/json"

	deed "berth/internal/apply/watching"
	"berth/internal/cloud"
	"berth/internal/notify"
	"berth/internal/watch"
)

// Topic is an SNS topic of others that is told: a notify.Sink.
type Topic struct {
	Cloud *cloud.Cloud
	Alert string // name in the file
	ARN   string
}

// Name is the alert's name in the file.
func (t Topic) Name() string { return t.Alert }

// Send publishes a message as JSON, under its title. What AWS refuses for good is final: a topic that is not there, a permission that
// is missing.
func (t Topic) Send(ctx context.Context, m watch.Message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return &notify.Failure{Text: err.Error(), Final: true}
	}
	err = deed.Publish(ctx, t.Cloud, t.ARN, m.Title, string(text))
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &notify.Failure{Text: "SNS: " + cloud.Message(err), Final: cloud.Missing(err) || cloud.Code(err) == "InvalidParameter"}
}

package apply

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"berth/internal/cloud"
	"berth/internal/model"
)

func subscriptionEntry() entry {
	return typed(createSubscription, updateSubscription, deleteSubscription)
}

// createSubscription first notes on the topic that the subscription is ours, and when it was asked for: SNS tells neither.
// Subscribing again is safe; whoever has not confirmed yet is asked once more.
func createSubscription(ctx context.Context, j *job, s model.Subscription) (model.Handle, error) {
	topic := j.have.Handle(model.TopicKey()).ARN
	note := model.NewTags(model.Tag{Key: model.TagAlerts, Value: s.Marks})
	if own := ":" + j.scope.Account + ":"; s.Protocol != model.ProtocolSQS || !strings.Contains(s.Endpoint, own) {
		note = note.With(model.TagAsked, j.c.Clock.Now().UTC().Format(time.RFC3339))
	}
	if err := j.tagTopic(ctx, topic, note); err != nil {
		return model.Handle{}, err
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.SNS.Subscribe, &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String(s.Protocol), Endpoint: aws.String(s.Endpoint),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.SubscriptionHandle(aws.ToString(out.SubscriptionArn)), nil
}

// updateSubscription is never called: all that a subscription has is for ever.
func updateSubscription(_ context.Context, j *job, _ model.Subscription) (model.Handle, error) {
	return j.handle(), errors.New("a subscription cannot be changed")
}

// deleteSubscription leaves one alone that nobody confirmed: AWS has no name for it, and it goes with its topic, or by itself.
func deleteSubscription(ctx context.Context, j *job, _ model.Subscription) (model.Handle, error) {
	h := j.handle()
	if h.ARN == "" {
		return model.Handle{}, nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.SNS.Unsubscribe, &sns.UnsubscribeInput{SubscriptionArn: &h.ARN})
	return model.Handle{}, gone(err)
}

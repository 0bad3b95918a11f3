package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
)

type subscriptionAnswers struct {
	subscriptions []types.Subscription
	subscribed    []model.Subscription // made by berth and not in the file any more
}

func subscriptionRow() row {
	return row{model.KindSubscription, []func(*look) []call{nothing, subscriptionCalls}, foldSubscriptions}
}

func subscriptionCalls(l *look) []call {
	in := &sns.ListSubscriptionsByTopicInput{TopicArn: l.topicARN()}
	return []call{fetch.UnlessMissing(fetch.Pages(l, l.c.SNS.ListSubscriptionsByTopic, in, func(in *sns.ListSubscriptionsByTopicInput, out *sns.ListSubscriptionsByTopicOutput) bool {
		l.subscriptions = append(l.subscriptions, out.Subscriptions...)
		return fetch.More(out.NextToken, &in.NextToken)
	}))}
}

// foldSubscriptions takes the receivers of the file for ours, and those that the topic's tag says berth has subscribed.
// Whoever else listens was subscribed by others and is left alone. What is pending and not in the file cannot be deleted, and
// goes by itself.
func foldSubscriptions(l *look) {
	if !l.inv.Has(model.TopicKey()) {
		return
	}
	marks := l.topicTags.Get(model.TagAlerts)
	for _, found := range l.subscriptions {
		s := model.Subscription{Protocol: aws.ToString(found.Protocol), Endpoint: aws.ToString(found.Endpoint)}
		h := model.SubscriptionHandle(aws.ToString(found.SubscriptionArn))
		i := slices.IndexFunc(l.ask.Alerts, func(a model.Subscription) bool { return a.Protocol == s.Protocol && a.Endpoint == s.Endpoint })
		switch {
		case aws.ToString(found.SubscriptionArn) == "Deleted": // AWS shows it for a while
			continue
		case i >= 0:
			s.Name = l.ask.Alerts[i].Name
		case h.Reason != "" || !s.Marked(marks):
			continue
		default:
			s.Name = s.Address()
			l.subscribed = append(l.subscribed, s)
		}
		l.add(s, h)
	}
}

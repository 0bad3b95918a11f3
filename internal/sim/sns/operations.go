package sns

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is SNS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"ConfirmSubscription":       wire.Op(ConfirmSubscription),
		"CreateTopic":               wire.Op(CreateTopic),
		"DeleteTopic":               wire.Op(DeleteTopic),
		"GetSubscriptionAttributes": wire.Op(GetSubscriptionAttributes),
		"GetTopicAttributes":        wire.Op(GetTopicAttributes),
		"ListSubscriptions":         wire.Op(ListSubscriptions),
		"ListSubscriptionsByTopic":  wire.Op(ListSubscriptionsByTopic),
		"ListTagsForResource":       wire.Op(ListTagsForResource),
		"ListTopics":                wire.Op(ListTopics),
		"Publish":                   wire.Op(Publish),
		"SetSubscriptionAttributes": wire.Op(SetSubscriptionAttributes),
		"SetTopicAttributes":        wire.Op(SetTopicAttributes),
		"Subscribe":                 wire.Op(Subscribe),
		"TagResource":               wire.Op(TagResource),
		"Unsubscribe":               wire.Op(Unsubscribe),
		"UntagResource":             wire.Op(UntagResource),
	}
}

// Handlers is what happens when one of SNS's events falls due.
func Handlers() world.Handlers {
	return world.Handlers{
		"sns.deliver":              {deliver},
		"sns.subscription-expired": {expired},
	}
}

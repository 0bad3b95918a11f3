package model

import "strings"

// The protocols of subscriptions, as SNS spells them.
const (
	ProtocolEmail = "email"
	ProtocolHTTPS = "https"
	ProtocolSQS   = "sqs"
)

// Unconfirmed is the Reason in the Handle of a subscription whose receiver has not confirmed it yet. AWS knows it by no ARN
// until then, so it can be neither changed nor deleted, and forgets it after 48 hours (SNS developer guide, "Deleting an
// Amazon SNS topic and subscription").
const Unconfirmed = "nobody has confirmed it yet"

// Subscription is somebody who is told: one of the file's alerts. Nothing of it can be changed.
type Subscription struct {
	Name     string // of the alert; of one that the file does not name any more, Address
	Protocol string
	Endpoint string // where it goes; of a web address the path may be a secret: show Address
	Marks    string // the value of TagAlerts once it stands; not compared
}

// SubscriptionKey names the subscription of an alert.
func SubscriptionKey(alert string) Key { return Key{KindSubscription, alert} }

// Key is SubscriptionKey of its name.
func (s Subscription) Key() Key { return SubscriptionKey(s.Name) }

// Refs is the topic.
func (s Subscription) Refs() []Key { return []Key{TopicKey()} }

// Attrs lists the subscription's settings.
func (s Subscription) Attrs() []Attr {
	var a attrs
	a.text("protocol", s.Protocol)
	a.text("address", s.Address())
	return a
}

// SubscriptionHandle is how SNS names a subscription: by its ARN, or, until it is confirmed, by two words that stand for none.
func SubscriptionHandle(arn string) Handle {
	if arn == "PendingConfirmation" || arn == "pending confirmation" {
		return Handle{ID: "PendingConfirmation", Reason: Unconfirmed}
	}
	return Handle{ID: arn, ARN: arn}
}

// Address is where it goes, as far as it may be shown: of a web address the host.
func (s Subscription) Address() string {
	rest, web := strings.CutPrefix(s.Endpoint, "https://")
	if !web {
		return s.Endpoint
	}
	host, _, _ := strings.Cut(rest, "/")
	return "https://" + host
}

// SubscriptionMarks is the value of TagAlerts for these subscriptions: a few digits of a hash of each, side by side, by which
// berth knows its own among those that others made, be it on the same server: of a web address the whole counts, in which the
// file may hold no secret.
func SubscriptionMarks(all []Subscription) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.Protocol + ":" + s.Endpoint
	}
	return UserTags(texts...)
}

// Marked tells whether a value of TagAlerts names the subscription.
func (s Subscription) Marked(marks string) bool { return remembers(marks, s.Protocol+":"+s.Endpoint) }

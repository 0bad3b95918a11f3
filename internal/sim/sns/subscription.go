package sns

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/sim/world"
)

// confirmable is how long a subscription can be confirmed before SNS deletes it (AWS, "Amazon SNS now supports faster automatic
// deletion of unconfirmed subscriptions", May 2023).
const confirmable = 48 * time.Hour

// checkEndpoint tells what is wrong with an endpoint for its protocol.
func checkEndpoint(protocol, endpoint string) error {
	switch protocol {
	case "email", "email-json":
		name, host, ok := strings.Cut(endpoint, "@")
		if !ok || name == "" || !strings.Contains(host, ".") || strings.ContainsAny(endpoint, " \r\n") {
			return invalid("Email address")
		}
	case "sqs":
		return checkQueue(endpoint)
	case "http", "https":
		u, err := url.Parse(endpoint)
		if err != nil || u.Scheme != protocol || u.Host == "" {
			return invalid("Endpoint must match the specified protocol")
		}
	case "sms", "lambda", "application", "firehose":
		return invalid("Protocol Reason: %s is not simulated", protocol)
	default:
		return invalid("Does not support this protocol string: %s", protocol)
	}
	return nil
}

func checkQueue(arn string) error {
	if !strings.HasPrefix(arn, "arn:aws:sqs:") || strings.Count(arn, ":") != 5 {
		return invalid("SQS endpoint ARN")
	}
	if strings.HasSuffix(arn, ".fifo") {
		return invalid("Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
	}
	return nil
}

// ownQueue tells a queue of the topic's own account, which nobody has to confirm (SNS developer guide, "Fanout to Amazon SQS
// queues in a different account").
func ownQueue(s *world.Subscription) bool {
	return s.Protocol == "sqs" && strings.Split(s.Endpoint, ":")[4] == world.Account
}

// Subscribe subscribes an endpoint to a topic. Queues of the account get messages from then on; others have to be confirmed.
func Subscribe(c *world.Call, in *sns.SubscribeInput) (*sns.SubscribeOutput, error) {
	t, err := find(c, in.TopicArn)
	if err != nil {
		return nil, err
	}
	s := &world.Subscription{Topic: t.ARN, Protocol: aws.ToString(in.Protocol), Endpoint: aws.ToString(in.Endpoint)}
	if err := checkEndpoint(s.Protocol, s.Endpoint); err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(in.Attributes) {
		if err := setOne(s, name, in.Attributes[name]); err != nil {
			return nil, err
		}
	}
	have := existing(c.Region, s)
	switch {
	case have == nil:
		s.ID = c.UUID()
		s.ARN, s.Confirmed = t.ARN+":"+s.ID, ownQueue(s)
		s.Authenticated = s.Confirmed
		c.Region.SNS.Subscriptions.Put(s.ID, s)
	case have.Raw != s.Raw || have.DeadLetter != s.DeadLetter:
		return nil, invalid("Attributes Reason: Subscription already exists with different attributes")
	default:
		s = have
	}
	if !s.Confirmed {
		ask(c.World, c.Region, s)
	}
	if !s.Confirmed && !in.ReturnSubscriptionArn {
		return &sns.SubscribeOutput{SubscriptionArn: aws.String("pending confirmation")}, nil
	}
	return &sns.SubscribeOutput{SubscriptionArn: aws.String(s.ARN)}, nil
}

// existing finds the subscription of the same endpoint.
func existing(r *world.Region, s *world.Subscription) *world.Subscription {
	for have := range r.SNS.Subscriptions.Rows() {
		if have.Topic == s.Topic && have.Protocol == s.Protocol && have.Endpoint == s.Endpoint {
			return have
		}
	}
	return nil
}

// ask sends an endpoint the token that confirms it; one sent before is worth nothing any more.
func ask(w *world.World, r *world.Region, s *world.Subscription) {
	s.Token = w.Hex(64)
	w.Schedule(confirmable, world.Event{Kind: "sns.subscription-expired", Region: r.Name, ID: s.ID, Arg: s.Token})
	link := address(w, r) + "/?" + url.Values{
		"Action": {"ConfirmSubscription"}, "TopicArn": {s.Topic}, "Token": {s.Token}, "Version": {"2010-03-31"},
	}.Encode()
	if strings.HasPrefix(s.Protocol, "email") {
		w.Send(world.Mail{
			To: s.Endpoint, Subject: "AWS Notification - Subscription Confirmation",
			Body: "You have chosen to subscribe to the topic:\n" + s.Topic + "\n\nTo confirm this subscription, visit the link below. " +
				"If this was in error, no action is necessary.\n" + link + "\n",
		})
		return
	}
	if s.Protocol != "sqs" { // who has the queue reads it in an account that is not simulated
		post(w, r, s, confirmation(w, r, s, link))
	}
}

// expired forgets a subscription that nobody confirmed in time.
func expired(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if s, ok := r.SNS.Subscriptions.Get(e.ID); ok && !s.Confirmed && s.Token == e.Arg {
		r.SNS.Subscriptions.Delete(s.ID)
	}
}

// ConfirmSubscription takes the token that an endpoint was sent.
func ConfirmSubscription(c *world.Call, in *sns.ConfirmSubscriptionInput) (*sns.ConfirmSubscriptionOutput, error) {
	home := *c
	home.Region = regionOf(c, in.TopicArn)
	t, err := find(&home, in.TopicArn)
	if err != nil {
		return nil, err
	}
	for s := range home.Region.SNS.Subscriptions.Rows() {
		if s.Topic == t.ARN && s.Token != "" && s.Token == aws.ToString(in.Token) {
			s.Confirmed = true
			s.Authenticated = s.Authenticated || aws.ToString(in.AuthenticateOnUnsubscribe) == "true"
			return &sns.ConfirmSubscriptionOutput{SubscriptionArn: aws.String(s.ARN)}, nil
		}
	}
	return nil, invalid("Token")
}

// Unsubscribe ends a subscription; one that is not there has ended already.
func Unsubscribe(c *world.Call, in *sns.UnsubscribeInput) (*sns.UnsubscribeOutput, error) {
	r := regionOf(c, in.SubscriptionArn)
	s, err := findSubscription(r, in.SubscriptionArn)
	if err != nil {
		if strings.Count(aws.ToString(in.SubscriptionArn), ":") < 6 {
			return nil, err
		}
		return &sns.UnsubscribeOutput{}, nil
	}
	if !s.Confirmed {
		return nil, invalid("This operation can't be performed. Cannot unsubscribe a subscription that is pending confirmation")
	}
	r.SNS.Subscriptions.Delete(s.ID)
	if t, ok := r.SNS.Topics.Get(s.Topic); ok {
		t.Deleted++
	}
	return &sns.UnsubscribeOutput{}, nil
}

func view(s *world.Subscription) types.Subscription {
	v := types.Subscription{
		SubscriptionArn: aws.String(s.ARN), TopicArn: aws.String(s.Topic), Owner: aws.String(world.Account),
		Protocol: aws.String(s.Protocol), Endpoint: aws.String(s.Endpoint),
	}
	if !s.Confirmed {
		v.SubscriptionArn = aws.String("PendingConfirmation")
	}
	return v
}

// subscriptions are those of a topic, or all of them.
func subscriptions(r *world.Region, topic string) []types.Subscription {
	all := []types.Subscription{}
	for s := range r.SNS.Subscriptions.Rows() {
		if topic == "" || s.Topic == topic {
			all = append(all, view(s))
		}
	}
	return slices.Clip(all)
}

// ListSubscriptions lists all subscriptions.
func ListSubscriptions(c *world.Call, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
	rows, next, err := page(subscriptions(c.Region, ""), in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsOutput{Subscriptions: rows, NextToken: next}, nil
}

// ListSubscriptionsByTopic lists the subscriptions of a topic.
func ListSubscriptionsByTopic(c *world.Call, in *sns.ListSubscriptionsByTopicInput) (*sns.ListSubscriptionsByTopicOutput, error) {
	t, err := find(c, in.TopicArn)
	if err != nil {
		return nil, err
	}
	rows, next, err := page(subscriptions(c.Region, t.ARN), in.NextToken)
	if err != nil {
		return nil, err
	}
	return &sns.ListSubscriptionsByTopicOutput{Subscriptions: rows, NextToken: next}, nil
}

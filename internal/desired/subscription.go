package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// subscriptions are the file's alerts. Each carries the marks of all that berth has made or will make, so that whichever
// is made last leaves the right ones on the topic.
func (b *builder) subscriptions() []model.Resource {
	all := Subscriptions(b.c)
	marks := model.SubscriptionMarks(append(b.facts.Alerts, all...))
	var out []model.Resource
	for _, s := range all {
		s.Marks = marks
		out = append(out, s)
	}
	return out
}

// Subscriptions are the file's alerts that AWS tells, as SNS knows them, in the file's order.
func Subscriptions(c *config.Config) []model.Subscription {
	var out []model.Subscription
	for _, a := range c.Alerts {
		if a.Watched() {
			continue // berth watch tells it, and not SNS
		}
		s := model.Subscription{Name: a.Name, Protocol: model.ProtocolEmail, Endpoint: a.Email}
		switch {
		case a.HTTPS != "":
			s.Protocol, s.Endpoint = model.ProtocolHTTPS, a.HTTPS
		case a.QueueARN != "":
			s.Protocol, s.Endpoint = model.ProtocolSQS, a.QueueARN
		}
		out = append(out, s)
	}
	return out
}

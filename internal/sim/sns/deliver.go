package sns

import (
	"encoding/json"
	"strings"

	"berth/internal/sim/sqs"
	"berth/internal/sim/world"
)

// deliver takes a message to one subscription.
func deliver(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	s, ok := r.SNS.Subscriptions.Get(e.ID)
	var m Message
	if !ok || json.Unmarshal([]byte(e.Arg), &m) != nil {
		return // it was ended meanwhile
	}
	if own, ok := m.By[s.Protocol]; ok {
		m.Body = own
	}
	switch s.Protocol {
	case "sqs":
		enqueue(w, r, s, m)
	case "http", "https":
		post(w, r, s, notification(w, r, s, m))
	default:
		mail(w, r, s, m)
	}
}

// enqueue puts a message into a queue, or into the dead-letter queue when that is refused.
func enqueue(w *world.World, r *world.Region, s *world.Subscription, m Message) {
	d := sqs.Delivery{Queue: s.Endpoint, Service: principal, Source: s.Topic, Body: m.Body, Attributes: m.Attributes}
	if !s.Raw {
		d.Body, d.Attributes = notification(w, r, s, m).Body, nil
	}
	if err := into(w, d); err != nil {
		lost(w, r, s, d.Body, err.Error())
		return
	}
	count(r, s).Delivered++
}

// into delivers to a queue of whatever region its ARN names.
func into(w *world.World, d sqs.Delivery) error {
	parts := strings.Split(d.Queue, ":") // checked when it was subscribed
	return sqs.Deliver(w, w.Region(parts[3]), d)
}

// lost is the end of a message that its endpoint does not take.
func lost(w *world.World, r *world.Region, s *world.Subscription, body, why string) {
	f := count(r, s)
	f.Failed++
	f.LastError = why
	if s.DeadLetter == "" {
		return
	}
	if err := into(w, sqs.Delivery{Queue: s.DeadLetter, Service: principal, Source: s.Topic, Body: body}); err != nil {
		f.LastError = why + "; the dead-letter queue: " + err.Error()
	}
}

// count gives the figures of a subscription's topic; of one that is gone, nobody's.
func count(r *world.Region, s *world.Subscription) *world.TopicFigures {
	if t, ok := r.SNS.Topics.Get(s.Topic); ok {
		return &t.Figures
	}
	return &world.TopicFigures{}
}

// mail sends a message as a mail that people can read.
func mail(w *world.World, r *world.Region, s *world.Subscription, m Message) {
	subject, body := m.Subject, m.Body
	if subject == "" {
		subject = "AWS Notification Message"
	}
	if s.Protocol == "email-json" {
		body = notification(w, r, s, m).Body
	} else {
		body += "\n\n--\nTo stop receiving notifications from this topic, visit the link below:\n" + unsubscribe(w, r, s) + "\n"
	}
	w.Send(world.Mail{To: s.Endpoint, Subject: subject, Body: body})
	count(r, s).Delivered++
}

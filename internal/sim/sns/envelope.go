package sns

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// envelope is a message as queues and web servers get it (SNS developer guide, "Parsing Amazon SNS message formats").
type envelope struct {
	Type             string
	MessageID        string `json:"MessageId"`
	Token            string `json:",omitempty"`
	TopicARN         string `json:"TopicArn"`
	Subject          string `json:",omitempty"`
	Message          string
	SubscribeURL     string `json:",omitempty"`
	Timestamp        string
	SignatureVersion string
	Signature        string
	SigningCertURL   string
	UnsubscribeURL   string                    `json:",omitempty"`
	Attributes       map[string]typedAttribute `json:"MessageAttributes,omitempty"`
}

type typedAttribute struct{ Type, Value string }

// letter is an envelope on paper.
type letter struct{ kind, id, Body string }

// address is where SNS itself can be called.
func address(w *world.World, r *world.Region) string {
	return cmp.Or(w.Outbox.Address, "https://sns."+r.Name+".amazonaws.com")
}

func unsubscribe(w *world.World, r *world.Region, s *world.Subscription) string {
	return address(w, r) + "/?" + url.Values{"Action": {"Unsubscribe"}, "SubscriptionArn": {s.ARN}, "Version": {"2010-03-31"}}.Encode()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// seal signs an envelope in form only, and writes it down.
func seal(r *world.Region, t *world.Topic, e envelope) letter {
	e.SignatureVersion = "1"
	if t != nil {
		e.SignatureVersion = cmp.Or(t.Signature, "1")
	}
	sum := sha256.Sum256([]byte(e.MessageID + e.Timestamp + e.Message))
	e.Signature = base64.StdEncoding.EncodeToString(sum[:])
	e.SigningCertURL = "https://sns." + r.Name + ".amazonaws.com/SimpleNotificationService-" + strings.Repeat("0", 32) + ".pem"
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	j.SetIndent("", "  ")
	_ = j.Encode(e) // texts always become JSON
	return letter{e.Type, e.MessageID, strings.TrimSuffix(b.String(), "\n")}
}

// notification is the envelope of a message; raw, its body alone.
func notification(w *world.World, r *world.Region, s *world.Subscription, m Message) letter {
	e := envelope{
		Type: "Notification", MessageID: m.ID, TopicARN: m.Topic, Subject: m.Subject, Message: m.Body, Timestamp: stamp(m.At),
		UnsubscribeURL: unsubscribe(w, r, s),
	}
	for _, a := range m.Attributes {
		if e.Attributes == nil {
			e.Attributes = map[string]typedAttribute{}
		}
		value := a.Text
		if strings.HasPrefix(a.Type, "Binary") {
			value = base64.StdEncoding.EncodeToString(a.Binary)
		}
		e.Attributes[a.Name] = typedAttribute{a.Type, value}
	}
	t, _ := r.SNS.Topics.Get(s.Topic)
	l := seal(r, t, e)
	if s.Raw {
		l.Body = m.Body
	}
	return l
}

// confirmation is the envelope that asks an endpoint to confirm its subscription.
func confirmation(w *world.World, r *world.Region, s *world.Subscription, link string) letter {
	t, _ := r.SNS.Topics.Get(s.Topic)
	return seal(r, t, envelope{
		Type: "SubscriptionConfirmation", MessageID: w.UUID(), Token: s.Token, TopicARN: s.Topic, SubscribeURL: link, Timestamp: stamp(w.Now()),
		Message: "You have chosen to subscribe to the topic " + s.Topic + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
	})
}

package sns

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/sim/kms"
	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostBytes is the largest message with its attributes.
const mostBytes = 256 * 1024

// Message is a message to a topic.
type Message struct {
	ID, Topic     string // Topic is an ARN
	Subject, Body string
	By            map[string]string        // bodies by protocol, where they differ
	Attributes    []world.MessageAttribute // by name
	At            time.Time
}

// Source is the service that sends a message, and what it sends for.
type Source struct {
	Service string // its principal, "events.amazonaws.com"
	ARN     string // of the rule, the alarm, the group
}

// Publish sends a message to all confirmed subscriptions of a topic.
func Publish(c *world.Call, in *sns.PublishInput) (*sns.PublishOutput, error) {
	switch {
	case in.PhoneNumber != nil:
		return nil, invalid("PhoneNumber Reason: text messages are not simulated")
	case in.MessageGroupId != nil || in.MessageDeduplicationId != nil:
		return nil, invalid("The request includes a parameter that is not valid for this topic type")
	}
	t, err := find(c, cmp.Or(in.TopicArn, in.TargetArn))
	if err != nil {
		return nil, err
	}
	m := Message{Topic: t.ARN, Subject: aws.ToString(in.Subject), Body: aws.ToString(in.Message)}
	if in.Subject != nil && m.Subject == "" {
		return nil, invalid("Subject")
	}
	if m.Attributes, err = readAttributes(in.MessageAttributes); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := m.structure(aws.ToString(in.MessageStructure)); err != nil {
		return nil, err
	}
	if t.Key != "" {
		if err := locked(kms.Usable(c.Region, t.Key), t.Key); err != nil {
			return nil, err
		}
	}
	return &sns.PublishOutput{MessageId: aws.String(fan(c.World, c.Region, t, m))}, nil
}

// Send publishes another service's message and gives its id, if the topic is there, its policy lets the service publish for
// that source, and its key lets it encrypt. Refusals are *wire.Error: NotFound, AuthorizationError, one of those on keys,
// InvalidParameter. What was refused is counted in the topic's figures.
func Send(w *world.World, r *world.Region, from Source, m Message) (id string, err error) {
	t, ok := r.SNS.Topics.Get(m.Topic)
	if !ok {
		return "", notFound("Topic")
	}
	err = m.check()
	if err == nil && !lets(t, from) {
		err = wire.Errorf("AuthorizationError", "%s is not authorized to perform: SNS:Publish on resource: %s", from.Service, t.ARN).WithStatus(403)
	}
	if err == nil && t.Key != "" {
		err = locked(kms.Encrypts(r, t.Key, from.Service, from.keySource()), t.Key)
	}
	if err != nil {
		t.Figures.Refused++
		t.Figures.LastError = err.Error()
		return "", err
	}
	return fan(w, r, t, m), nil
}

// keySource is the source that a key's policy gets to see. EventBridge does not say it, so a condition on it shuts EventBridge
// out (SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics").
func (s Source) keySource() string {
	if s.Service == "events.amazonaws.com" {
		return ""
	}
	return s.ARN
}

// lets tells whether a topic's policy lets a service publish. EventBridge says nothing of whom it asks for, so a condition on
// the source shuts it out (EventBridge user guide, "Using resource-based policies for Amazon EventBridge"); other services say
// that the topic's owner asks for it, which the policy that SNS gives allows.
func lets(t *world.Topic, from Source) bool {
	p, err := policy.Parse(t.Policy)
	context := map[string]string{"aws:SecureTransport": "true"}
	if from.Service != "events.amazonaws.com" {
		context["aws:SourceArn"], context["aws:SourceAccount"], context["aws:SourceOwner"] = from.ARN, world.Account, world.Account
	}
	return err == nil && p.Allows(policy.Request{
		Service: from.Service, Account: world.Account, Action: "sns:Publish", Resource: t.ARN, Context: context,
	})
}

// check refuses a message that SNS would not take.
func (m Message) check() error {
	n := len(m.Body)
	for _, a := range m.Attributes {
		n += len(a.Name) + len(a.Type) + len(a.Text) + len(a.Binary)
	}
	switch {
	case m.Body == "":
		return invalid("Empty message")
	case n > mostBytes:
		return invalid("Message too long")
	case len(m.Subject) > 100 || strings.ContainsFunc(m.Subject, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }):
		return invalid("Subject")
	}
	return nil
}

// structure reads a message that has bodies for protocols.
func (m *Message) structure(kind string) error {
	if kind == "" {
		return nil
	}
	if kind != "json" {
		return invalid("MessageStructure")
	}
	by := map[string]string{}
	if err := json.Unmarshal([]byte(m.Body), &by); err != nil {
		return invalid("Message Structure - JSON message body failed to parse")
	}
	body, ok := by["default"]
	if !ok {
		return invalid("Message Structure - No default entry in JSON message body")
	}
	m.Body, m.By = body, by
	return nil
}

func readAttributes(in map[string]types.MessageAttributeValue) ([]world.MessageAttribute, error) {
	var out []world.MessageAttribute
	for _, name := range sortedKeys(in) {
		v := in[name]
		a := world.MessageAttribute{Name: name, Type: aws.ToString(v.DataType), Text: aws.ToString(v.StringValue), Binary: v.BinaryValue}
		kind, _, _ := strings.Cut(a.Type, ".")
		switch {
		case !slices.Contains([]string{"String", "Number", "Binary"}, kind):
			return nil, wire.Errorf("ParameterValueInvalid", "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case kind == "Binary" && len(a.Binary) == 0 || kind != "Binary" && a.Text == "":
			return nil, wire.Errorf("ParameterValueInvalid", "The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.Type)
		}
		out = append(out, a)
	}
	return out, nil
}

// fan takes a message to a topic's confirmed subscriptions, each by itself.
func fan(w *world.World, r *world.Region, t *world.Topic, m Message) string {
	m.ID, m.At = w.UUID(), w.Now()
	t.Figures.Published++
	text, _ := json.Marshal(m) // texts always become JSON
	usual := world.Span{Mean: 100 * time.Millisecond, Deviation: 30 * time.Millisecond, Floor: 20 * time.Millisecond}
	for id, s := range r.SNS.Subscriptions.All() {
		if s.Topic == t.ARN && s.Confirmed {
			w.Schedule(w.Draw("sns.deliver", s.ARN, usual), world.Event{Kind: "sns.deliver", Region: r.Name, ID: id, Arg: string(text)})
		}
	}
	return m.ID
}

package sns

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	simkms "berth/internal/sim/kms"
	"berth/internal/sim/world"
)

// SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic".
func TestQueueGetsTheEnvelopeOrTheRawMessage(t *testing.T) {
	s := newStage(t)
	s.subscribe("sqs", s.queue("wrapped", ""), nil)
	s.subscribe("sqs", s.queue("raw", ""), map[string]string{"RawMessageDelivery": "true"})
	out, err := Publish(s.Call, &sns.PublishInput{
		TopicArn: s.topic, Subject: aws.String("Alarm"), Message: aws.String("it <burns>"),
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("fire")}},
	})
	id := *must(s, out, err).MessageId
	if got := s.received("raw"); len(got) != 0 {
		t.Error("it is there before it was sent")
	}
	s.Advance(time.Second)
	if got := s.received("raw"); len(got) != 1 || got[0] != "it <burns>" {
		t.Errorf("raw: %q", got)
	}
	q, _ := s.Region.SQS.Queues.Get("raw")
	if a := q.Messages[0].Attributes; len(a) != 1 || a[0].Text != "fire" {
		t.Errorf("raw: %+v", a)
	}
	e := decode(t, s.received("wrapped")[0])
	if e.Signature == "" || e.SigningCertURL == "" || !strings.Contains(e.UnsubscribeURL, "Action=Unsubscribe") {
		t.Errorf("%+v", e)
	}
	e.Signature, e.SigningCertURL, e.UnsubscribeURL = "", "", ""
	want := envelope{
		Type: "Notification", MessageID: id, TopicARN: *s.topic, Subject: "Alarm", Message: "it <burns>",
		Timestamp: "2026-11-02T09:00:00.000Z", SignatureVersion: "1", Attributes: map[string]typedAttribute{"kind": {"String", "fire"}},
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("%+v, want %+v", e, want)
	}
	if f := s.figures(); f.Published != 1 || f.Delivered != 2 || f.Failed != 0 {
		t.Errorf("%+v", f)
	}
}

func TestQueueThatRefusesLosesTheMessage(t *testing.T) {
	s := newStage(t)
	const nobody = `{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`
	arn := s.subscribe("sqs", s.queue("closed", nobody), nil)
	s.publish("", "a")
	if f := s.figures(); f.Failed != 1 || f.Delivered != 0 || !strings.Contains(f.LastError, "AccessDenied") {
		t.Errorf("%+v", f)
	}
	dead := s.queue("dead", "")
	_, err := SetSubscriptionAttributes(s.Call, &sns.SetSubscriptionAttributesInput{
		SubscriptionArn: &arn, AttributeName: aws.String("RedrivePolicy"), AttributeValue: aws.String(`{"deadLetterTargetArn":"` + dead + `"}`),
	})
	must(s, 0, err)
	s.publish("", "b")
	if got := s.received("dead"); len(got) != 1 || decode(t, got[0]).Message != "b" {
		t.Errorf("dead letters: %q", got)
	}
	s.subscribe("sqs", "arn:aws:sqs:us-east-1:123456789012:elsewhere", nil)
	s.publish("", "c")
	if f := s.figures(); f.Failed != 4 {
		t.Errorf("%+v", f)
	}
}

func TestAQueueOfAnotherAccountHasToBeConfirmed(t *testing.T) {
	s := newStage(t)
	for queue, want := range map[string]bool{"arn:aws:sqs:eu-west-1:123456789012:ours": true, "arn:aws:sqs:eu-west-1:210987654321:theirs": false} {
		out, err := Subscribe(s.Call, &sns.SubscribeInput{TopicArn: s.topic, Protocol: aws.String("sqs"), Endpoint: &queue})
		if got := *must(s, out, err).SubscriptionArn != "pending confirmation"; got != want {
			t.Errorf("%s is confirmed: %v", queue, got)
		}
	}
	if n := s.Outbox.Posts.Len(); n != 0 {
		t.Errorf("%d posts", n)
	}
	s.Advance(49 * time.Hour)
	if n := s.Region.SNS.Subscriptions.Len(); n != 1 {
		t.Errorf("two days later there are %d subscriptions", n)
	}
}

func TestMailIsSentOnceItIsConfirmed(t *testing.T) {
	s := newStage(t)
	out, err := Subscribe(s.Call, &sns.SubscribeInput{TopicArn: s.topic, Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")})
	if got := *must(s, out, err).SubscriptionArn; got != "pending confirmation" {
		t.Errorf("%s", got)
	}
	if m := s.Mailbox.Mails; len(m) != 1 || m[0].To != "ops@example.com" || m[0].Subject != "AWS Notification - Subscription Confirmation" || !strings.Contains(m[0].Body, "Token=") {
		t.Fatalf("%+v", m)
	}
	s.publish("", "too early")
	list, err := ListSubscriptionsByTopic(s.Call, &sns.ListSubscriptionsByTopicInput{TopicArn: s.topic})
	if got := must(s, list, err).Subscriptions; len(got) != 1 || *got[0].SubscriptionArn != "PendingConfirmation" {
		t.Errorf("%+v", got)
	}
	arn := s.subscribe("email", "ops@example.com", nil)
	if n := s.Region.SNS.Subscriptions.Len(); n != 1 || len(s.Mailbox.Mails) != 2 {
		t.Errorf("subscribed again: %d subscriptions, %d mails", n, len(s.Mailbox.Mails))
	}
	s.confirm(arn)
	s.publish("Alarm", "it burns")
	s.publish("", "no subject")
	m := s.Mailbox.Mails
	if len(m) != 4 || m[2].Number != 3 || m[2].Subject != "Alarm" || !strings.HasPrefix(m[2].Body, "it burns\n") || m[3].Subject != "AWS Notification Message" {
		t.Errorf("%+v", m)
	}
}

func TestEndedSubscriptionGetsNothing(t *testing.T) {
	s := newStage(t)
	arn := s.subscribe("email", "ops@example.com", nil)
	s.confirm(arn)
	_, err := Unsubscribe(s.Call, &sns.UnsubscribeInput{SubscriptionArn: &arn})
	must(s, 0, err)
	s.publish("", "after the end")
	if len(s.Mailbox.Mails) != 1 {
		t.Errorf("%+v", s.Mailbox.Mails[1:])
	}
}

func TestSubscriptionThatNobodyConfirmsExpires(t *testing.T) {
	s := newStage(t)
	arn := s.subscribe("email", "ops@example.com", nil)
	_, err := Unsubscribe(s.Call, &sns.UnsubscribeInput{SubscriptionArn: &arn})
	refused(t, err, "InvalidParameter", "pending confirmation")
	s.Advance(confirmable - time.Second)
	s.subscribe("email", "ops@example.com", nil) // sent again, it lives on
	s.Advance(time.Hour)
	if s.Region.SNS.Subscriptions.Len() != 1 {
		t.Error("it expired by its first token")
	}
	s.Advance(confirmable)
	if s.Region.SNS.Subscriptions.Len() != 0 {
		t.Error("it never expires")
	}
	_, err = ConfirmSubscription(s.Call, &sns.ConfirmSubscriptionInput{TopicArn: s.topic, Token: aws.String("")})
	refused(t, err, "InvalidParameter", "Token")
}

// waits is the one post in the outbox.
func (s stage) waits() *world.Post {
	s.t.Helper()
	for p := range s.Outbox.Posts.Rows() {
		return p
	}
	s.t.Fatal("the outbox is empty")
	return nil
}

// SNS developer guide, "Subscribing HTTP/S endpoints to topics".
func TestWebServerIsPostedToThroughTheOutbox(t *testing.T) {
	s := newStage(t)
	s.Outbox.Address = "http://127.0.0.1:4566"
	arn := s.subscribe("https", "https://hooks.example.com/x?y=1", nil)
	p := s.waits()
	if e := decode(t, p.Body); e.Token == "" || !strings.HasPrefix(e.SubscribeURL, "http://127.0.0.1:4566/?Action=ConfirmSubscription&") {
		t.Errorf("%+v", e)
	}
	if p.URL != "https://hooks.example.com/x?y=1" || p.Header["X-Amz-Sns-Message-Type"] != "SubscriptionConfirmation" {
		t.Errorf("%+v", p)
	}
	Posted(s.World, s.Region, p.ID, 200)
	if s.Outbox.Posts.Len() != 0 {
		t.Error("it stays after it was posted")
	}
	s.confirm(arn)
	s.publish("Alarm", "it burns")
	p = s.waits()
	if e := decode(t, p.Body); e.Message != "it burns" || p.Header["X-Amz-Sns-Subscription-Arn"] != arn {
		t.Errorf("%+v %+v", p, e)
	}
	Posted(s.World, s.Region, p.ID, 204)
	Posted(s.World, s.Region, "gone", 200)
	if f := s.figures(); f.Delivered != 1 || s.Outbox.Posts.Len() != 0 {
		t.Errorf("%+v", f)
	}
}

// SNS developer guide, "Amazon SNS message delivery retries".
func TestPostsAreTriedFourTimes(t *testing.T) {
	s := newStage(t)
	s.confirm(s.subscribe("https", "https://hooks.example.com", nil))
	Posted(s.World, s.Region, s.waits().ID, 200)
	s.publish("Alarm", "it burns")
	id := s.waits().ID
	for try := 1; try <= 3; try++ {
		Posted(s.World, s.Region, id, 503)
		if p := s.waits(); p.Tries != try || !p.At.Equal(s.Now().Add(20*time.Second)) {
			t.Errorf("after failure %d: %+v", try, p)
		}
		s.Advance(20 * time.Second)
	}
	Posted(s.World, s.Region, id, 0)
	if f := s.figures(); s.Outbox.Posts.Len() != 0 || f.Failed != 1 {
		t.Errorf("after four tries: %+v", f)
	}
	s.publish("", "refused")
	Posted(s.World, s.Region, s.waits().ID, 404)
	if f := s.figures(); s.Outbox.Posts.Len() != 0 || f.Failed != 2 {
		t.Errorf("a 404 is tried again: %+v", f)
	}
}

func TestMessagesCanDifferByProtocol(t *testing.T) {
	s := newStage(t)
	s.confirm(s.subscribe("email", "ops@example.com", nil))
	s.subscribe("sqs", s.queue("q", ""), nil)
	publish := func(body string) error {
		_, err := Publish(s.Call, &sns.PublishInput{TopicArn: s.topic, Message: &body, MessageStructure: aws.String("json")})
		s.Advance(time.Second)
		return err
	}
	must(s, 0, publish(`{"default":"for all","email":"for people"}`))
	if got := decode(t, s.received("q")[0]).Message; got != "for all" {
		t.Errorf("%s", got)
	}
	if got := s.Mailbox.Mails[1].Body; !strings.HasPrefix(got, "for people\n") {
		t.Errorf("%s", got)
	}
	refused(t, publish(`{"email":"x"}`), "InvalidParameter", "No default entry in JSON message body")
	refused(t, publish(`x`), "InvalidParameter", "failed to parse")
}

func TestPublishRefusals(t *testing.T) {
	s := newStage(t)
	attribute := func(kind, value string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{"a": {DataType: &kind, StringValue: &value}}
	}
	for name, tt := range map[string]struct {
		in         sns.PublishInput
		code, text string
	}{
		"no message":   {sns.PublishInput{TopicArn: s.topic}, "InvalidParameter", "Empty message"},
		"long":         {sns.PublishInput{TopicArn: s.topic, Message: aws.String(strings.Repeat("x", 256*1024+1))}, "InvalidParameter", "Message too long"},
		"subject":      {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), Subject: aws.String("two\nlines")}, "InvalidParameter", "Subject"},
		"no subject":   {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), Subject: aws.String("")}, "InvalidParameter", "Subject"},
		"long subject": {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), Subject: aws.String(strings.Repeat("x", 101))}, "InvalidParameter", "Subject"},
		"phone":        {sns.PublishInput{PhoneNumber: aws.String("+49"), Message: aws.String("x")}, "InvalidParameter", "PhoneNumber"},
		"group":        {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), MessageGroupId: aws.String("g")}, "InvalidParameter", "topic type"},
		"structure":    {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), MessageStructure: aws.String("xml")}, "InvalidParameter", "MessageStructure"},
		"type":         {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), MessageAttributes: attribute("Colour", "x")}, "ParameterValueInvalid", "invalid message attribute type"},
		"value":        {sns.PublishInput{TopicArn: s.topic, Message: aws.String("x"), MessageAttributes: attribute("String", "")}, "ParameterValueInvalid", "non-empty"},
		"topic":        {sns.PublishInput{TargetArn: aws.String(*s.topic + "2"), Message: aws.String("x")}, "NotFound", "Topic does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Publish(s.Call, &tt.in)
			refused(t, err, tt.code, tt.text)
		})
	}
	k := s.key("")
	s.set("KmsMasterKeyId", k)
	s.publish("", "the account may use its own key")
	_, err := simkms.DisableKey(s.Call, &kms.DisableKeyInput{KeyId: &k})
	must(s, 0, err)
	_, err = Publish(s.Call, &sns.PublishInput{TopicArn: s.topic, Message: aws.String("x")})
	refused(t, err, "KMSDisabled", "is disabled.")
	s.set("KmsMasterKeyId", "alias/none")
	_, err = Publish(s.Call, &sns.PublishInput{TopicArn: s.topic, Message: aws.String("x")})
	refused(t, err, "KMSNotFound", "does not exist")
}

func TestSubscriptionRefusals(t *testing.T) {
	s := newStage(t)
	queue := s.queue("q", "")
	for name, tt := range map[string]struct {
		protocol, endpoint string
		attributes         map[string]string
		text               string
	}{
		"mail":            {"email", "ops", nil, "Email address"},
		"queue":           {"sqs", "https://sqs.eu-west-1.amazonaws.com/1/q", nil, "SQS endpoint ARN"},
		"fifo queue":      {"sqs", queue + ".fifo", nil, "FIFO"},
		"scheme":          {"https", "http://example.com", nil, "Endpoint must match the specified protocol"},
		"text message":    {"sms", "+49", nil, "not simulated"},
		"protocol":        {"pigeon", "coop", nil, "Does not support this protocol"},
		"filter":          {"sqs", queue, map[string]string{"FilterPolicy": `{"a":["b"]}`}, "FilterPolicy is not simulated"},
		"raw":             {"sqs", queue, map[string]string{"RawMessageDelivery": "perhaps"}, "RawMessageDelivery"},
		"raw mail":        {"email", "a@example.com", map[string]string{"RawMessageDelivery": "true"}, "RawMessageDelivery"},
		"redrive":         {"sqs", queue, map[string]string{"RedrivePolicy": "{}"}, "RedrivePolicy"},
		"other attribute": {"sqs", queue, map[string]string{"Colour": "red"}, "AttributeName"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Subscribe(s.Call, &sns.SubscribeInput{TopicArn: s.topic, Protocol: &tt.protocol, Endpoint: &tt.endpoint, Attributes: tt.attributes})
			refused(t, err, "InvalidParameter", tt.text)
		})
	}
	arn := s.subscribe("sqs", queue, nil)
	_, err := Subscribe(s.Call, &sns.SubscribeInput{TopicArn: s.topic, Protocol: aws.String("sqs"), Endpoint: &queue, Attributes: map[string]string{"RawMessageDelivery": "true"}})
	refused(t, err, "InvalidParameter", "Subscription already exists with different attributes")
	out, err := GetSubscriptionAttributes(s.Call, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &arn})
	if a := must(s, out, err).Attributes; a["PendingConfirmation"] != "false" || a["ConfirmationWasAuthenticated"] != "true" || a["RawMessageDelivery"] != "false" || a["Endpoint"] != queue {
		t.Errorf("%v", a)
	}
	_, err = GetSubscriptionAttributes(s.Call, &sns.GetSubscriptionAttributesInput{SubscriptionArn: aws.String("PendingConfirmation")})
	refused(t, err, "InvalidParameter", "An ARN must have at least 6 elements, not 1")
	_, err = GetSubscriptionAttributes(s.Call, &sns.GetSubscriptionAttributesInput{SubscriptionArn: aws.String(*s.topic + ":x")})
	refused(t, err, "NotFound", "Subscription does not exist")
	_, err = Unsubscribe(s.Call, &sns.UnsubscribeInput{SubscriptionArn: aws.String(*s.topic + ":x")})
	must(s, 0, err)
	all, err := ListSubscriptions(s.Call, &sns.ListSubscriptionsInput{})
	if got := must(s, all, err).Subscriptions; len(got) != 1 || *got[0].SubscriptionArn != arn {
		t.Errorf("%+v", got)
	}
}

const letsEvents = `,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"%s}`

// SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
func TestServicesNeedTheTopicsAndTheKeysPolicy(t *testing.T) {
	const rule = "arn:aws:events:eu-west-1:123456789012:rule/ops"
	const open = `{"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}}`
	sourced := strings.Replace(open, `"Resource":"*"`, `"Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"`+rule+`"}}`, 1)
	conditional := strings.Replace(letsEvents, "%s", `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`, 1)
	tests := map[string]struct {
		from              Source
		policy, statement string
		encrypted         string // "own", or an alias of AWS
		code              string
	}{
		"the usual policy":           {from: Source{"events.amazonaws.com", rule}, code: "AuthorizationError"},
		"the usual policy, an alarm": {from: Source{"cloudwatch.amazonaws.com", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x"}},
		"a policy":                   {from: Source{"events.amazonaws.com", rule}, policy: open},
		"a policy for one source":    {from: Source{"events.amazonaws.com", rule}, policy: sourced, code: "AuthorizationError"},
		"AWS's key":                  {from: Source{"events.amazonaws.com", rule}, policy: open, encrypted: "alias/aws/sns", code: "KMSAccessDenied"},
		"a key that is closed":       {from: Source{"events.amazonaws.com", rule}, policy: open, encrypted: "own", code: "KMSAccessDenied"},
		"a key that is open":         {from: Source{"events.amazonaws.com", rule}, policy: open, encrypted: "own", statement: strings.Replace(letsEvents, "%s", "", 1)},
		"a key with a condition":     {from: Source{"events.amazonaws.com", rule}, policy: open, encrypted: "own", statement: conditional, code: "KMSAccessDenied"},
		"an alarm and a condition":   {from: Source{"cloudwatch.amazonaws.com", "arn:x"}, encrypted: "own", statement: strings.Replace(conditional, "events.", "cloudwatch.", 1)},
		"a key that is not there":    {from: Source{"events.amazonaws.com", rule}, policy: open, encrypted: "alias/none", code: "KMSNotFound"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.subscribe("sqs", s.queue("q", ""), nil)
			if tt.policy != "" {
				s.set("Policy", tt.policy)
			}
			if tt.encrypted == "own" {
				tt.encrypted = s.key(tt.statement)
			}
			s.set("KmsMasterKeyId", tt.encrypted)
			_, err := Send(s.World, s.Region, tt.from, Message{Topic: *s.topic, Body: "x"})
			s.Advance(time.Second)
			if tt.code != "" {
				refused(t, err, tt.code, "")
				if f := s.figures(); f.Refused != 1 || f.Published != 0 || len(s.received("q")) != 0 {
					t.Errorf("%+v", f)
				}
				return
			}
			if must(s, 0, err); len(s.received("q")) != 1 {
				t.Error("it did not arrive")
			}
		})
	}
	s := newStage(t)
	_, err := Send(s.World, s.Region, Source{}, Message{Topic: "x"})
	refused(t, err, "NotFound", "")
}

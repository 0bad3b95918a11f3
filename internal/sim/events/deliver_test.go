package events

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslogs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/kms"
	"berth/internal/sim/logs"
	"berth/internal/sim/sns"
	"berth/internal/sim/sqs"
	"berth/internal/sim/world"
)

func TestEventThatMatchesReachesTheQueue(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	must(s, 0, s.targets("ops", target("1", s.queue("q", "ops"))))
	s.emit("RUNNING")
	s.emit("STOPPED")
	got := s.received("q")
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	var n world.Notice
	if err := json.Unmarshal([]byte(got[0].Body), &n); err != nil || n.Source != "aws.ecs" || n.Version != "0" || n.Account != "123456789012" || n.Region != "eu-west-1" {
		t.Errorf("%s", got[0].Body)
	}
	if !strings.Contains(got[0].Body, `"time":"2026-11-02T09:00:02Z"`) {
		t.Errorf("its time: %s", got[0].Body)
	}
	if f := s.figures(); f != (world.EventFigures{Matched: 1, Invocations: 1}) {
		t.Errorf("%+v", f)
	}
	_, err := DisableRule(s.Call, &eventbridge.DisableRuleInput{Name: aws.String("ops")})
	must(s, 0, err)
	s.emit("STOPPED")
	if len(s.received("q")) != 1 {
		t.Error("a disabled rule works")
	}
}

// EventBridge user guide, "Using dead-letter queues to process undelivered events": what cannot work is not tried again.
func TestTargetThatDoesNotLetEventBridgeInLosesTheEvent(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	closed := s.queue("closed", "another")
	must(s, 0, s.targets("ops", target("1", closed), target("2", arn("sqs", "gone"))))
	s.emit("STOPPED")
	s.Advance(25 * time.Hour)
	if f := s.figures(); f.Matched != 1 || f.Failed != 2 || f.Invocations != 0 || f.DeadLettered != 0 || f.LastError == "" {
		t.Errorf("%+v", f)
	}
}

func TestDeadLettersTellWhatWentWrong(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	closed := s.queue("closed", "another")
	one := target("1", closed)
	one.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(s.queue("dead", "ops"))}
	two := target("2", arn("sqs", "gone"))
	two.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(closed)}
	must(s, 0, s.targets("ops", one, two))
	s.emit("STOPPED")
	dead := s.received("dead")
	if f := s.figures(); f.Failed != 2 || f.DeadLettered != 1 || len(dead) != 1 || !strings.Contains(f.LastError, "dead-letter queue") {
		t.Fatalf("%+v, %d dead letters", f, len(dead))
	}
	said := map[string]string{}
	for _, a := range dead[0].Attributes {
		said[a.Name] = a.Text
	}
	if said["ERROR_CODE"] != "NO_PERMISSIONS" || said["RULE_ARN"] != arn("events", "rule/ops") || said["TARGET_ARN"] != closed || said["RETRY_ATTEMPTS"] != "0" ||
		!strings.Contains(dead[0].Body, "ECS Task State Change") {
		t.Errorf("%v: %s", said, dead[0].Body)
	}
}

func TestWhatFailsForAWhileIsTriedAgain(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	must(s, 0, s.targets("ops", target("1", s.queue("q", "ops"))))
	s.Weather.Break = 1
	s.emit("STOPPED")
	s.Advance(time.Hour)
	if f := s.figures(); f.Failed != 0 || f.Invocations != 0 || s.Region.Events.Deliveries.Len() != 1 {
		t.Errorf("%+v", f)
	}
	s.Weather.Break = 0
	s.Advance(20 * time.Minute)
	if f := s.figures(); f.Invocations != 1 || len(s.received("q")) != 1 || s.Region.Events.Deliveries.Len() != 0 {
		t.Errorf("%+v", f)
	}
}

// EventBridge user guide, "Retry policies": 24 hours and 185 times, unless the target says less.
func TestTriesEndByTheRetryPolicy(t *testing.T) {
	tests := map[string]struct {
		policy    *types.RetryPolicy
		within    time.Duration
		condition string
	}{
		"usual":    {nil, 29 * time.Hour, ""},
		"none":     {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(0)}, time.Second, "MaximumRetryAttempts"},
		"two":      {&types.RetryPolicy{MaximumRetryAttempts: aws.Int32(2)}, 10 * time.Second, "MaximumRetryAttempts"},
		"a minute": {&types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(60)}, 2 * time.Minute, "MaximumEventAgeInSeconds"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.rule("ops", aboutTasks)
			one := target("1", s.queue("q", "ops"))
			one.RetryPolicy, one.DeadLetterConfig = tt.policy, &types.DeadLetterConfig{Arn: aws.String(s.queue("dead", "ops"))}
			must(s, 0, s.targets("ops", one))
			s.Weather.Throttle = 1
			s.emit("STOPPED")
			if early := tt.within / 30; early > time.Minute {
				s.Advance(early)
				if f := s.figures(); f.Failed != 0 {
					t.Errorf("given up early: %+v", f)
				}
			}
			s.Advance(tt.within)
			if f := s.figures(); f.Failed != 1 || f.DeadLettered != 1 {
				t.Fatalf("%+v", f)
			}
			said := ""
			for _, a := range s.received("dead")[0].Attributes {
				if a.Name == "EXHAUSTED_RETRY_CONDITION" {
					said = a.Text
				}
			}
			if tt.condition != "" && said != tt.condition || said == "" {
				t.Errorf("exhausted by %q", said)
			}
		})
	}
}

// encryptedTopic makes a topic whose key may let EventBridge in, with a queue and a person behind it.
func encryptedTopic(s stage, letsIn bool) string {
	s.t.Helper()
	statement := ""
	if letsIn {
		statement = `,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"}`
	}
	policy := `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}` + statement + `]}`
	key, err := kms.CreateKey(s.Call, &awskms.CreateKeyInput{Policy: aws.String(policy)})
	id := must(s, key, err).KeyMetadata.KeyId
	_, err = kms.CreateAlias(s.Call, &awskms.CreateAliasInput{AliasName: aws.String("alias/ops"), TargetKeyId: id})
	must(s, 0, err)
	open := `{"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}}`
	out, err := sns.CreateTopic(s.Call, &awssns.CreateTopicInput{Name: aws.String("ops"), Attributes: map[string]string{"KmsMasterKeyId": "alias/ops", "Policy": open}})
	topic := must(s, out, err).TopicArn
	letsTopic := `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnEquals":{"aws:SourceArn":"` + *topic + `"}}}}`
	_, err = sqs.CreateQueue(s.Call, &awssqs.CreateQueueInput{QueueName: aws.String("watch"), Attributes: map[string]string{"Policy": letsTopic}})
	must(s, 0, err)
	_, err = sns.Subscribe(s.Call, &awssns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String(arn("sqs", "watch"))})
	must(s, 0, err)
	_, err = sns.Subscribe(s.Call, &awssns.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")})
	must(s, 0, err)
	for row := range s.Region.SNS.Subscriptions.Rows() {
		if !row.Confirmed {
			_, err := sns.ConfirmSubscription(s.Call, &awssns.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String(row.Token)})
			must(s, 0, err)
		}
	}
	return *topic
}

// SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
func TestEventReachesPeopleThroughAnEncryptedTopicIfItsKeyAllows(t *testing.T) {
	for name, letsIn := range map[string]bool{"with the statement": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			topic := encryptedTopic(s, letsIn)
			s.rule("ops", aboutTasks)
			one := target("1", topic)
			one.InputTransformer = &types.InputTransformer{
				InputPathsMap: map[string]string{"task": "$.resources[0]", "why": "$.detail.stoppedReason"},
				InputTemplate: aws.String(`"<task> stopped: <why> (<aws.events.rule-name>)"`),
			}
			must(s, 0, s.targets("ops", one))
			s.emit("STOPPED")
			f := s.figures()
			if !letsIn {
				if f.Failed != 1 || !strings.Contains(f.LastError, "KMSAccessDenied") || len(s.received("watch")) != 0 || len(s.Mailbox.Mails) != 1 {
					t.Errorf("%+v", f)
				}
				return
			}
			const want = `"arn:task stopped: Essential container in task exited (ops)"`
			var envelope struct{ Message string }
			got := s.received("watch")
			if f.Invocations != 1 || len(got) != 1 || json.Unmarshal([]byte(got[0].Body), &envelope) != nil || envelope.Message != want {
				t.Errorf("%+v: %+v", f, got)
			}
			if m := s.Mailbox.Mails; len(m) != 2 || !strings.HasPrefix(m[1].Body, want+"\n") {
				t.Errorf("%+v", m)
			}
		})
	}
}

// CloudWatch Logs user guide, "Resource policies": EventBridge writes only where one lets it.
func TestEventReachesALogGroupThatLetsEventBridgeIn(t *testing.T) {
	s := newStage(t)
	_, err := logs.CreateLogGroup(s.Call, &awslogs.CreateLogGroupInput{LogGroupName: aws.String("/aws/events/ops")})
	must(s, 0, err)
	s.rule("ops", aboutTasks)
	must(s, 0, s.targets("ops", target("1", arn("logs", "log-group:/aws/events/ops"))))
	s.emit("STOPPED")
	if f := s.figures(); f.Failed != 1 || !strings.Contains(f.LastError, "AccessDenied") {
		t.Errorf("%+v", f)
	}
	_, err = logs.PutResourcePolicy(s.Call, &awslogs.PutResourcePolicyInput{PolicyName: aws.String("events"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","delivery.logs.amazonaws.com"]},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/*:*"}}`)})
	must(s, 0, err)
	s.emit("STOPPED")
	g, _ := s.Region.Logs.Groups.Get("/aws/events/ops")
	stream, ok := g.Streams.Get("ops")
	if f := s.figures(); f.Invocations != 1 || !ok || len(stream.Events) != 1 || !strings.Contains(stream.Events[0].Message, "STOPPED") {
		t.Errorf("%+v", f)
	}
}

func TestOwnEventsReachTheRulesOfTheirBus(t *testing.T) {
	s := newStage(t)
	_, err := CreateEventBus(s.Call, &eventbridge.CreateEventBusInput{Name: aws.String("orders")})
	must(s, 0, err)
	_, err = PutRule(s.Call, &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: aws.String("orders"), EventPattern: aws.String(`{"source":["shop"],"detail":{"total":[{"numeric":[">",10]}]}}`)})
	must(s, 0, err)
	_, err = PutTargets(s.Call, &eventbridge.PutTargetsInput{Rule: aws.String("r"), EventBusName: aws.String("orders"), Targets: []types.Target{target("1", s.queue("q", "orders/r"))}})
	must(s, 0, err)
	entry := func(source, detail, bus string) types.PutEventsRequestEntry {
		return types.PutEventsRequestEntry{Source: aws.String(source), DetailType: aws.String("Order"), Detail: aws.String(detail), EventBusName: aws.String(bus)}
	}
	out, err := PutEvents(s.Call, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		entry("shop", `{"total":11}`, "orders"), entry("shop", `{"total":10}`, "orders"), entry("shop", `{"total":12}`, "default"),
		entry("aws.ecs", `{}`, "orders"), entry("shop", `[]`, "orders"), entry("", `{}`, "orders"), entry("shop", `{"total":13}`, "nowhere"),
	}})
	o := must(s, out, err)
	var codes []string
	for _, e := range o.Entries {
		codes = append(codes, aws.ToString(e.ErrorCode))
	}
	if got := strings.Join(codes, ","); o.FailedEntryCount != 3 || got != ",,,NotAuthorizedForSourceException,MalformedDetail,InvalidArgument," {
		t.Errorf("%s", got)
	}
	s.Advance(2 * time.Second)
	if got := s.received("q"); len(got) != 1 || !strings.Contains(got[0].Body, `"total":11`) || !strings.Contains(got[0].Body, *o.Entries[0].EventId) {
		t.Errorf("%+v", got)
	}
	_, err = PutEvents(s.Call, &eventbridge.PutEventsInput{})
	refused(t, err, "ValidationException", "entries")
	_, err = PutEvents(s.Call, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{entry("shop", `{"x":"`+strings.Repeat("x", 256*1024)+`"}`, "")}})
	refused(t, err, "ValidationException", "over the limit")
	_, err = PutEvents(s.Call, &eventbridge.PutEventsInput{EndpointId: aws.String("x"), Entries: []types.PutEventsRequestEntry{entry("a", "{}", "")}})
	refused(t, err, "ValidationException", "Global endpoints")
}

package events

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim/world"
)

func TestRuleIsDescribedAsItWasPut(t *testing.T) {
	s := newStage(t)
	out, err := PutRule(s.Call, &eventbridge.PutRuleInput{
		Name: aws.String("ops"), EventPattern: aws.String(aboutTasks), Description: aws.String("tasks that stop"), State: types.RuleStateDisabled,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}},
	})
	if got := *must(s, out, err).RuleArn; got != arn("events", "rule/ops") {
		t.Errorf("%s", got)
	}
	_, err = EnableRule(s.Call, &eventbridge.EnableRuleInput{Name: aws.String("ops")})
	must(s, 0, err)
	got, err := DescribeRule(s.Call, &eventbridge.DescribeRuleInput{Name: aws.String("ops"), EventBusName: aws.String(arn("events", "event-bus/default"))})
	r := must(s, got, err)
	if *r.EventPattern != aboutTasks || *r.Description != "tasks that stop" || r.State != types.RuleStateEnabled || *r.EventBusName != "default" {
		t.Errorf("%+v", r)
	}
	s.rule("ops", `{"source":["aws.ec2"]}`)
	tags, err := ListTagsForResource(s.Call, &eventbridge.ListTagsForResourceInput{ResourceARN: aws.String(arn("events", "rule/ops"))})
	if got := must(s, tags, err).Tags; len(got) != 1 || *got[0].Key != "team" {
		t.Errorf("a new pattern took the tags away: %+v", got)
	}
}

func TestRuleRefusals(t *testing.T) {
	s := newStage(t)
	for name, tt := range map[string]struct {
		in         eventbridge.PutRuleInput
		code, text string
	}{
		"no name":      {eventbridge.PutRuleInput{}, "ValidationException", "'name' failed"},
		"name":         {eventbridge.PutRuleInput{Name: aws.String("a b")}, "ValidationException", "regular expression"},
		"long name":    {eventbridge.PutRuleInput{Name: aws.String(strings.Repeat("x", 65))}, "ValidationException", "64"},
		"nothing":      {eventbridge.PutRuleInput{Name: aws.String("a")}, "ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."},
		"schedule":     {eventbridge.PutRuleInput{Name: aws.String("a"), ScheduleExpression: aws.String("rate(5 minutes)")}, "ValidationException", "schedules are not simulated"},
		"pattern":      {eventbridge.PutRuleInput{Name: aws.String("a"), EventPattern: aws.String(`{"source":"aws.ecs"}`)}, "InvalidEventPatternException", `Event pattern is not valid. Reason: "source" must be an object or an array`},
		"long pattern": {eventbridge.PutRuleInput{Name: aws.String("a"), EventPattern: aws.String(`{"a":["` + strings.Repeat("x", 2048) + `"]}`)}, "InvalidEventPatternException", "2048"},
		"bus":          {eventbridge.PutRuleInput{Name: aws.String("a"), EventBusName: aws.String("none"), EventPattern: aws.String(aboutTasks)}, "ResourceNotFoundException", "Event bus none does not exist."},
		"state":        {eventbridge.PutRuleInput{Name: aws.String("a"), State: "PERHAPS", EventPattern: aws.String(aboutTasks)}, "ValidationException", "'state' failed"},
		"sentence":     {eventbridge.PutRuleInput{Name: aws.String("a"), Description: aws.String(strings.Repeat("x", 513)), EventPattern: aws.String(aboutTasks)}, "ValidationException", "512"},
		"tag":          {eventbridge.PutRuleInput{Name: aws.String("a"), EventPattern: aws.String(aboutTasks), Tags: []types.Tag{{Key: aws.String("aws:x")}}}, "ValidationException", "aws:x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := PutRule(s.Call, &tt.in)
			refused(t, err, tt.code, tt.text)
		})
	}
	_, err := DescribeRule(s.Call, &eventbridge.DescribeRuleInput{Name: aws.String("none")})
	refused(t, err, "ResourceNotFoundException", "Rule none does not exist on EventBus default.")
	for i := range mostRules {
		s.rule(fmt.Sprintf("r%d", i), aboutTasks)
	}
	_, err = PutRule(s.Call, &eventbridge.PutRuleInput{Name: aws.String("more"), EventPattern: aws.String(aboutTasks)})
	refused(t, err, "LimitExceededException", "The requested resource exceeds the maximum number allowed.")
	s.rule("r0", `{"source":["x"]}`)
}

func TestRuleWithTargetsCannotBeDeleted(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	must(s, 0, s.targets("ops", target("1", arn("sqs", "q"))))
	remove := func() error {
		_, err := DeleteRule(s.Call, &eventbridge.DeleteRuleInput{Name: aws.String("ops")})
		return err
	}
	refused(t, remove(), "ValidationException", "Rule can't be deleted since it has targets.")
	out, err := RemoveTargets(s.Call, &eventbridge.RemoveTargetsInput{Rule: aws.String("ops"), Ids: []string{"1", "2"}})
	if o := must(s, out, err); o.FailedEntryCount != 1 || *o.FailedEntries[0].TargetId != "2" {
		t.Errorf("%+v", o)
	}
	must(s, 0, remove())
	must(s, 0, remove())
}

func TestManagedRuleIsLeftAlone(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	r, _ := s.Region.Events.Rules.Get("default/ops")
	r.ManagedBy = "ecs.amazonaws.com"
	_, err := DisableRule(s.Call, &eventbridge.DisableRuleInput{Name: aws.String("ops")})
	refused(t, err, "ManagedRuleException", "ops")
	refused(t, s.targets("ops", target("1", arn("sqs", "q"))), "ManagedRuleException", "ops")
	_, err = PutRule(s.Call, &eventbridge.PutRuleInput{Name: aws.String("ops"), EventPattern: aws.String(aboutTasks)})
	refused(t, err, "ManagedRuleException", "ops")
	_, err = DeleteRule(s.Call, &eventbridge.DeleteRuleInput{Name: aws.String("ops"), Force: true})
	must(s, 0, err)
}

func TestTargetRefusals(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	with := func(change func(*types.Target)) types.Target {
		one := target("1", arn("sqs", "q"))
		change(&one)
		return one
	}
	for name, tt := range map[string]struct {
		target types.Target
		text   string
	}{
		"no id":       {types.Target{Arn: aws.String(arn("sqs", "q"))}, "id' failed"},
		"id":          {target("a b", arn("sqs", "q")), "regular expression"},
		"arn":         {target("1", "q"), "Provided Arn is not in correct format."},
		"lambda":      {target("1", arn("lambda", "function:x")), "lambda are not simulated"},
		"region":      {target("1", "arn:aws:sqs:us-east-1:123456789012:q"), "other regions"},
		"two inputs":  {with(func(t *types.Target) { t.Input, t.InputPath = aws.String("1"), aws.String("$") }), "Only one of Input, InputPath, or InputTransformer must be provided."},
		"no template": {with(func(t *types.Target) { t.InputTransformer = &types.InputTransformer{} }), "inputTemplate' failed"},
		"placeholder": {with(func(t *types.Target) {
			t.InputTransformer = &types.InputTransformer{InputTemplate: aws.String(`"<x>"`)}
		}), "placeholder <x>"},
		"retries":     {with(func(t *types.Target) { t.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(186)} }), "maximumRetryAttempts"},
		"age":         {with(func(t *types.Target) { t.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(59)} }), "maximumEventAgeInSeconds"},
		"dead letter": {with(func(t *types.Target) { t.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String("q")} }), "DeadLetterConfig.Arn"},
		"parameters":  {with(func(t *types.Target) { t.SqsParameters = &types.SqsParameters{MessageGroupId: aws.String("g")} }), "not simulated"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, s.targets("ops", tt.target), "ValidationException", tt.text) })
	}
	refused(t, s.targets("ops"), "ValidationException", "'targets' failed")
	refused(t, s.targets("ops", target("1", arn("sqs", "a")), target("1", arn("sqs", "b"))), "ValidationException", "twice")
	refused(t, s.targets("none", target("1", arn("sqs", "a"))), "ResourceNotFoundException", "Rule none does not exist")
	for i := range mostTargets {
		must(s, 0, s.targets("ops", target(fmt.Sprint(i), arn("sqs", "q"))))
	}
	refused(t, s.targets("ops", target("more", arn("sqs", "q"))), "LimitExceededException", "exceeds the maximum")
	must(s, 0, s.targets("ops", target("0", arn("sns", "replaced"))))
	refused(t, s.targets("ops", target("1", arn("sqs", "q")), target("x", "y")), "ValidationException", "")
}

func TestTargetsAreListedAsTheyWerePut(t *testing.T) {
	s := newStage(t)
	s.rule("ops", aboutTasks)
	s.rule("other", aboutTasks)
	full := types.Target{
		Id: aws.String("1"), Arn: aws.String(arn("sns", "ops")), RoleArn: aws.String("arn:aws:iam::123456789012:role/x"),
		InputTransformer: &types.InputTransformer{InputPathsMap: map[string]string{"s": "$.detail.lastStatus"}, InputTemplate: aws.String(`"<s>"`)},
		DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(arn("sqs", "dead"))},
		RetryPolicy:      &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(60), MaximumRetryAttempts: aws.Int32(0)},
	}
	must(s, 0, s.targets("ops", full))
	out, err := ListTargetsByRule(s.Call, &eventbridge.ListTargetsByRuleInput{Rule: aws.String("ops")})
	got := must(s, out, err).Targets
	if len(got) != 1 || *got[0].InputTransformer.InputTemplate != `"<s>"` || got[0].InputTransformer.InputPathsMap["s"] != "$.detail.lastStatus" ||
		*got[0].DeadLetterConfig.Arn != arn("sqs", "dead") || *got[0].RetryPolicy.MaximumEventAgeInSeconds != 60 || *got[0].RetryPolicy.MaximumRetryAttempts != 0 {
		t.Errorf("%+v", got)
	}
	names, err := ListRuleNamesByTarget(s.Call, &eventbridge.ListRuleNamesByTargetInput{TargetArn: aws.String(arn("sns", "ops"))})
	if got := must(s, names, err).RuleNames; !slices.Equal(got, []string{"ops"}) {
		t.Errorf("%v", got)
	}
	rules, err := ListRules(s.Call, &eventbridge.ListRulesInput{NamePrefix: aws.String("o"), Limit: aws.Int32(1)})
	first := must(s, rules, err)
	rules, err = ListRules(s.Call, &eventbridge.ListRulesInput{NamePrefix: aws.String("o"), NextToken: first.NextToken})
	if second := must(s, rules, err); len(first.Rules) != 1 || len(second.Rules) != 1 || *second.Rules[0].Name != "other" || second.NextToken != nil {
		t.Errorf("%+v, %+v", first, second)
	}
	_, err = ListRules(s.Call, &eventbridge.ListRulesInput{NextToken: aws.String("x")})
	refused(t, err, "ValidationException", "NextToken")
	_, err = ListRules(s.Call, &eventbridge.ListRulesInput{Limit: aws.Int32(101)})
	refused(t, err, "ValidationException", "limit")
}

func TestBusesAreMadeAndDeleted(t *testing.T) {
	s := newStage(t)
	out, err := CreateEventBus(s.Call, &eventbridge.CreateEventBusInput{Name: aws.String("orders")})
	if got := *must(s, out, err).EventBusArn; got != arn("events", "event-bus/orders") {
		t.Errorf("%s", got)
	}
	for name, tt := range map[string]struct {
		in   eventbridge.CreateEventBusInput
		code string
	}{
		"again":   {eventbridge.CreateEventBusInput{Name: aws.String("orders")}, "ResourceAlreadyExistsException"},
		"default": {eventbridge.CreateEventBusInput{Name: aws.String("default")}, "ResourceAlreadyExistsException"},
		"partner": {eventbridge.CreateEventBusInput{Name: aws.String("aws.partner/x")}, "ValidationException"},
		"key":     {eventbridge.CreateEventBusInput{Name: aws.String("x"), KmsKeyIdentifier: aws.String("k")}, "ValidationException"},
		"name":    {eventbridge.CreateEventBusInput{Name: aws.String("a b")}, "ValidationException"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CreateEventBus(s.Call, &tt.in)
			refused(t, err, tt.code, "")
		})
	}
	_, err = PutRule(s.Call, &eventbridge.PutRuleInput{Name: aws.String("r"), EventBusName: aws.String("orders"), EventPattern: aws.String(`{"source":["shop"]}`)})
	must(s, 0, err)
	remove := func(name string) error {
		_, err := DeleteEventBus(s.Call, &eventbridge.DeleteEventBusInput{Name: aws.String(name)})
		return err
	}
	refused(t, remove("orders"), "ValidationException", "since it has rules")
	refused(t, remove("default"), "ValidationException", "Cannot delete event bus default.")
	list, err := ListEventBuses(s.Call, &eventbridge.ListEventBusesInput{})
	if got := must(s, list, err).EventBuses; len(got) != 2 || *got[0].Name != "default" || *got[1].Name != "orders" {
		t.Errorf("%+v", got)
	}
	one, err := DescribeEventBus(s.Call, &eventbridge.DescribeEventBusInput{Name: aws.String("orders")})
	if got := must(s, one, err); *got.Arn != arn("events", "event-bus/orders") {
		t.Errorf("%+v", got)
	}
	busARN := aws.String(arn("events", "event-bus/orders"))
	_, err = TagResource(s.Call, &eventbridge.TagResourceInput{ResourceARN: busARN, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	must(s, 0, err)
	_, err = UntagResource(s.Call, &eventbridge.UntagResourceInput{ResourceARN: busARN, TagKeys: []string{"a"}})
	must(s, 0, err)
	tags, err := ListTagsForResource(s.Call, &eventbridge.ListTagsForResourceInput{ResourceARN: busARN})
	if got := must(s, tags, err).Tags; len(got) != 1 || *got[0].Key != "b" {
		t.Errorf("%+v", got)
	}
	_, err = ListTagsForResource(s.Call, &eventbridge.ListTagsForResourceInput{ResourceARN: aws.String(arn("events", "rule/none"))})
	refused(t, err, "ResourceNotFoundException", "Rule none does not exist.")
	_, err = DeleteRule(s.Call, &eventbridge.DeleteRuleInput{Name: aws.String("r"), EventBusName: aws.String("orders")})
	must(s, 0, err)
	must(s, 0, remove("orders"))
	must(s, 0, remove("orders"))
}

func TestPatternsCanBeTried(t *testing.T) {
	s := newStage(t)
	const event = `{"id":"1","account":"1","source":"aws.ecs","time":"2026-01-01T00:00:00Z","region":"eu-west-1","resources":[],"detail-type":"ECS Task State Change","detail":{"lastStatus":"STOPPED"}}`
	try := func(pattern, event string) (*eventbridge.TestEventPatternOutput, error) {
		return TestEventPattern(s.Call, &eventbridge.TestEventPatternInput{EventPattern: aws.String(pattern), Event: aws.String(event)})
	}
	out, err := try(aboutTasks, event)
	if !must(s, out, err).Result {
		t.Error("it does not match")
	}
	out, err = try(`{"source":["aws.ec2"]}`, event)
	if must(s, out, err).Result {
		t.Error("it matches")
	}
	_, err = try(aboutTasks, `{"id":"1"}`)
	refused(t, err, "ValidationException", "the field account is missing")
	_, err = try(aboutTasks, `x`)
	refused(t, err, "ValidationException", "not a JSON object")
	_, err = try(`{}`, event)
	refused(t, err, "InvalidEventPatternException", "Empty objects are not allowed")
	_, err = try("", event)
	refused(t, err, "ValidationException", "eventPattern")
}

func TestRulesListenOnlyForTheSourcesTheyName(t *testing.T) {
	s := newStage(t)
	asked := 0
	say := func() {
		s.Emit(s.Region, world.Notice{Source: "aws.ec2", DetailType: "x"}, func() any { asked++; return map[string]string{} })
	}
	say()
	s.rule("tasks", aboutTasks)
	say()
	if asked != 0 {
		t.Errorf("a detail was made %d times for nobody", asked)
	}
	s.rule("all", `{"account":["123456789012"]}`)
	s.rule("prefix", `{"source":[{"prefix":"aws."}]}`)
	say()
	if asked != 1 {
		t.Errorf("a rule without sources did not listen")
	}
}

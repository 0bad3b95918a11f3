package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type eventRuleAnswers struct {
	eventRules   []types.Rule
	eventTargets map[string][]types.Target // by the rule's name
}

func eventRuleRow() row {
	return row{model.KindEventRule, []func(*look) []call{eventRuleCalls, nothing, eventTargetCalls}, foldEventRules}
}

// eventRuleKinds are what the cluster's rules are for.
func eventRuleKinds() []string {
	return []string{model.TestRule, "deployment_failed", "events", "launch_failed", "service_impaired", "task_failed"}
}

func eventRuleCalls(l *look) []call {
	l.eventTargets = map[string][]types.Target{}
	in := &eventbridge.ListRulesInput{NamePrefix: aws.String(l.scope.RulePrefix())}
	return []call{fetch.Pages(l, l.c.Events.ListRules, in, func(in *eventbridge.ListRulesInput, out *eventbridge.ListRulesOutput) bool {
		l.eventRules = append(l.eventRules, out.Rules...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func eventTargetCalls(l *look) []call {
	var calls []call
	for _, r := range l.eventRules {
		name := aws.ToString(r.Name)
		if l.ruleOf(name) == "" {
			continue
		}
		in := &eventbridge.ListTargetsByRuleInput{Rule: r.Name}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(l, l.c.Events.ListTargetsByRule, in, func(in *eventbridge.ListTargetsByRuleInput, out *eventbridge.ListTargetsByRuleOutput) bool {
			l.eventTargets[name] = append(l.eventTargets[name], out.Targets...)
			return fetch.More(out.NextToken, &in.NextToken)
		})))
	}
	return calls
}

// ruleOf is what the cluster's rule of that name is for; empty where the name is none of ours.
func (l *look) ruleOf(name string) string {
	for _, what := range eventRuleKinds() {
		if l.scope.RuleName(what) == name {
			return what
		}
	}
	return ""
}

func foldEventRules(l *look) {
	for _, found := range l.eventRules {
		name, description := aws.ToString(found.Name), aws.ToString(found.Description)
		what := l.ruleOf(name)
		switch {
		case what == "":
			continue
		case !l.scope.OwnsRule(what, name, description) && !slices.ContainsFunc(l.eventTargets[name], shape.OurTarget):
			l.stray(model.EventRuleKey(what), name, "EventBridge rule "+name)
			continue
		}
		r := model.EventRule{
			What: what, Name: name, Description: description, Pattern: model.CanonicalJSON(aws.ToString(found.EventPattern)),
			Enabled: found.State == types.RuleStateEnabled,
		}
		for _, t := range l.eventTargets[name] {
			if shape.OurTarget(t) {
				shape.ReadTarget(l.key, &r, t)
			} else {
				r.OtherTargets = append(r.OtherTargets, aws.ToString(t.Id))
			}
		}
		l.add(r, model.Handle{ID: name, ARN: aws.ToString(found.Arn)})
	}
}

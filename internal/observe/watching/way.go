package watching

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Way is the way by which AWS itself tells people, as far as it stands.
type Way struct {
	Topic bool // there is one
	Tests bool // a rule that is enabled hands test messages to it
	Facts Facts
}

// WayOf looks at the way that test messages take to these alerts; without alerts it looks at nothing.
func WayOf(ctx context.Context, c *cloud.Cloud, scope model.Scope, alerts []model.Subscription) (w Way, err error) {
	if len(alerts) == 0 {
		return w, nil
	}
	l := &look{c: c}
	if w.Topic, err = l.subscriptions(ctx, scope, alerts, &w.Facts); err != nil || !w.Topic {
		return w, err
	}
	name := scope.RuleName(model.TestRule)
	in := &eventbridge.ListRulesInput{NamePrefix: &name}
	enabled := false
	err = fetch.Pages(l, l.c.Events.ListRules, in, func(in *eventbridge.ListRulesInput, out *eventbridge.ListRulesOutput) bool {
		for _, r := range out.Rules {
			enabled = enabled || aws.ToString(r.Name) == name && r.State == types.RuleStateEnabled
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})(ctx)
	if err != nil || !enabled {
		return w, err
	}
	of := &eventbridge.ListTargetsByRuleInput{Rule: &name}
	err = fetch.UnlessMissing(fetch.Pages(l, l.c.Events.ListTargetsByRule, of, func(in *eventbridge.ListTargetsByRuleInput, out *eventbridge.ListTargetsByRuleOutput) bool {
		for _, t := range out.Targets {
			w.Tests = w.Tests || aws.ToString(t.Arn) == scope.TopicARN()
		}
		return fetch.More(out.NextToken, &in.NextToken)
	}))(ctx)
	return w, err
}

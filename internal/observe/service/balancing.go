package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/deploy/given"
	"berth/internal/document"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// estate is a look at what was made for one service.
type estate struct {
	asker
	scope   model.Scope
	service string
	needs   []deploy.Need

	logs      []logtypes.LogGroup
	logTags   map[string]model.Tags // by ARN
	groups    []types.TargetGroup
	settings  map[string][]types.TargetGroupAttribute // by ARN of the target group
	listeners []types.Listener
	rules     map[string][]types.Rule // by ARN of the listener
	tags      map[string]model.Tags   // of target groups and rules, by ARN
}

// Needs looks for what a service needs: which of it stands, what else of the service's does, and every rule beside its own. A
// service without routes costs one call for each log group and one for all target groups; a route adds a few.
func Needs(ctx context.Context, c *cloud.Cloud, scope model.Scope, service string, needs []deploy.Need) ([]deploy.Standing, error) {
	e := &estate{
		asker: asker{c: c}, scope: scope, service: service, needs: needs, logTags: map[string]model.Tags{}, settings: map[string][]types.TargetGroupAttribute{},
		rules: map[string][]types.Rule{}, tags: map[string]model.Tags{},
	}
	for _, calls := range []func() []fetch.Call{e.listCalls, e.groupCalls, e.listenerCalls, e.ruleCalls, e.ruleTagCalls} {
		if err := e.round(ctx, calls()); err != nil {
			return nil, err
		}
	}
	return slices.Concat(e.logStanding(), e.groupStanding(), e.ruleStanding()), nil
}

// listCalls ask for log groups by their names, and for all target groups: one that left the folder has a name of the service.
func (e *estate) listCalls() []fetch.Call {
	var calls []fetch.Call
	for _, n := range e.needs {
		if n.Kind != given.LogGroup {
			continue
		}
		in := &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(n.Name)}
		calls = append(calls, fetch.Pages(e, e.c.Logs.DescribeLogGroups, in, func(in *cloudwatchlogs.DescribeLogGroupsInput, out *cloudwatchlogs.DescribeLogGroupsOutput) bool {
			i := slices.IndexFunc(out.LogGroups, func(g logtypes.LogGroup) bool { return aws.ToString(g.LogGroupName) == n.Name })
			if i >= 0 {
				e.logs = append(e.logs, out.LogGroups[i])
				return false
			}
			return fetch.More(out.NextToken, &in.NextToken)
		}))
	}
	in := &elbv2.DescribeTargetGroupsInput{}
	return append(calls, fetch.Pages(e, e.c.Balance.DescribeTargetGroups, in, func(in *elbv2.DescribeTargetGroupsInput, out *elbv2.DescribeTargetGroupsOutput) bool {
		for _, g := range out.TargetGroups {
			if e.mayBeOurs(aws.ToString(g.TargetGroupName)) {
				e.groups = append(e.groups, g)
			}
		}
		return fetch.More(out.NextMarker, &in.Marker)
	}))
}

// mayBeOurs tells whether a name is one that a target group of the service may have, now or before.
func (e *estate) mayBeOurs(name string) bool {
	like := e.scope.ServiceTargetName(e.service)
	return len(name) == len(like) && name[:len(like)-8] == like[:len(like)-8]
}

func (e *estate) groupCalls() []fetch.Call {
	var arns []string
	var calls []fetch.Call
	for _, g := range e.logs {
		arn := strings.TrimSuffix(aws.ToString(g.Arn), ":*")
		in := &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arn)}
		calls = append(calls, fetch.Maybe(e, e.c.Logs.ListTagsForResource, in, func(out *cloudwatchlogs.ListTagsForResourceOutput) {
			e.logTags[aws.ToString(g.LogGroupName)] = shape.MapTags(out.Tags)
		}))
	}
	for _, g := range e.groups {
		arn := aws.ToString(g.TargetGroupArn)
		arns = append(arns, arn)
		in := &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: aws.String(arn)}
		calls = append(calls, fetch.Maybe(e, e.c.Balance.DescribeTargetGroupAttributes, in, func(out *elbv2.DescribeTargetGroupAttributesOutput) {
			e.settings[arn] = out.Attributes
		}))
	}
	return append(calls, e.tagCalls(arns, e.tags)...)
}

// listenerCalls ask for the ports of the load balancers of the needs, and of those that send to the service now.
func (e *estate) listenerCalls() []fetch.Call {
	var balancers []string
	for _, n := range e.needs {
		if l := n.Spec.Get("ListenerArn").Text; n.Kind == given.ListenerRule && l != "" {
			balancers = append(balancers, balancerOf(l))
		}
	}
	for _, g := range e.groups {
		if e.ours(aws.ToString(g.TargetGroupArn)) {
			balancers = append(balancers, g.LoadBalancerArns...)
		}
	}
	slices.Sort(balancers)
	var calls []fetch.Call
	for _, arn := range slices.Compact(balancers) {
		in := &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(arn)}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(e, e.c.Balance.DescribeListeners, in, func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) bool {
			e.listeners = append(e.listeners, out.Listeners...)
			return fetch.More(out.NextMarker, &in.Marker)
		})))
	}
	return calls
}

// balancerOf is the ARN of the load balancer that a listener belongs to: …:listener/app/NAME/ID/LISTENER.
func balancerOf(listener string) string {
	front := strings.Replace(listener, ":listener/", ":loadbalancer/", 1)
	return front[:max(strings.LastIndexByte(front, '/'), 0)]
}

func (e *estate) ruleCalls() []fetch.Call {
	var calls []fetch.Call
	for _, l := range e.listeners {
		arn := aws.ToString(l.ListenerArn)
		in := &elbv2.DescribeRulesInput{ListenerArn: aws.String(arn)}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(e, e.c.Balance.DescribeRules, in, func(in *elbv2.DescribeRulesInput, out *elbv2.DescribeRulesOutput) bool {
			e.rules[arn] = append(e.rules[arn], out.Rules...)
			return fetch.More(out.NextMarker, &in.Marker)
		})))
	}
	return calls
}

// ruleTagCalls ask whose the rules are.
func (e *estate) ruleTagCalls() []fetch.Call {
	var arns []string
	for _, l := range e.listeners {
		for _, r := range e.rules[aws.ToString(l.ListenerArn)] {
			if !aws.ToBool(r.IsDefault) {
				arns = append(arns, aws.ToString(r.RuleArn))
			}
		}
	}
	return e.tagCalls(arns, e.tags)
}

// ours tells whether a target group or a rule was made for the service.
func (e *estate) ours(arn string) bool {
	of, ok := e.scope.ServiceOf(e.tags[arn])
	return ok && of == e.service
}

func (e *estate) logStanding() []deploy.Standing {
	var out []deploy.Standing
	for _, g := range e.logs {
		name := aws.ToString(g.LogGroupName)
		of, ours := e.scope.ServiceOf(e.logTags[name])
		spec := document.New("logGroupName", document.Of(name))
		if g.RetentionInDays != nil {
			spec = spec.With("retentionInDays", document.Int(int(*g.RetentionInDays)))
		}
		out = append(out, deploy.Standing{
			Kind: given.LogGroup, Name: name, ARN: strings.TrimSuffix(aws.ToString(g.Arn), ":*"), Ours: ours && of == e.service, Service: of, Spec: spec,
			Another: e.scope.Another(e.logTags[name]),
		})
	}
	return out
}

func (e *estate) groupStanding() []deploy.Standing {
	var out []deploy.Standing
	for _, g := range e.groups {
		arn := aws.ToString(g.TargetGroupArn)
		out = append(out, deploy.Standing{
			Kind: given.TargetGroup, Name: aws.ToString(g.TargetGroupName), ARN: arn, Ours: e.ours(arn), Service: e.tags[arn].Get(model.TagService), Spec: e.groupSpec(g),
		})
	}
	return out
}

// groupSpec is a target group in the shape of the need: of its attributes those that a need names.
func (e *estate) groupSpec(g types.TargetGroup) document.Value {
	var attributes []document.Value
	for _, key := range []string{"deregistration_delay.timeout_seconds", "stickiness.enabled"} {
		for _, a := range e.settings[aws.ToString(g.TargetGroupArn)] {
			if aws.ToString(a.Key) == key {
				attributes = append(attributes, document.New("Key", document.Of(key), "Value", document.Of(aws.ToString(a.Value))))
			}
		}
	}
	spec := document.New(
		"Name", document.Of(aws.ToString(g.TargetGroupName)), "Protocol", document.Of(string(g.Protocol)), "Port", integer(g.Port),
		"VpcId", document.Of(aws.ToString(g.VpcId)), "TargetType", document.Of(string(g.TargetType)),
		"HealthCheckProtocol", document.Of(string(g.HealthCheckProtocol)), "HealthCheckPath", document.Of(aws.ToString(g.HealthCheckPath)),
		"HealthCheckIntervalSeconds", integer(g.HealthCheckIntervalSeconds), "HealthCheckTimeoutSeconds", integer(g.HealthCheckTimeoutSeconds),
		"HealthyThresholdCount", integer(g.HealthyThresholdCount), "UnhealthyThresholdCount", integer(g.UnhealthyThresholdCount),
	)
	if g.Matcher != nil {
		spec = spec.With("Matcher", document.New("HttpCode", document.Of(aws.ToString(g.Matcher.HttpCode))))
	}
	return spec.With("Attributes", document.Items(attributes...))
}

func integer(n *int32) document.Value {
	if n == nil {
		return document.Value{}
	}
	return document.Int(int(*n))
}

// ruleStanding names the rules that send to a target group of the service as the needs do; those of others have no name.
func (e *estate) ruleStanding() []deploy.Standing {
	names := map[string]string{}
	for _, g := range e.groups {
		if arn := aws.ToString(g.TargetGroupArn); e.ours(arn) {
			names[arn] = aws.ToString(g.TargetGroupName)
		}
	}
	var out []deploy.Standing
	for _, l := range e.listeners {
		for _, r := range e.rules[aws.ToString(l.ListenerArn)] {
			if aws.ToBool(r.IsDefault) {
				continue
			}
			spec := ruleSpec(aws.ToString(l.ListenerArn), r)
			arn := aws.ToString(r.RuleArn)
			s := deploy.Standing{Kind: given.ListenerRule, ARN: arn, Ours: e.ours(arn), Service: e.tags[arn].Get(model.TagService), Spec: spec}
			if group := names[spec.Get("Actions", "0", "TargetGroupArn").Text]; group != "" && s.Ours {
				s.Name = given.RuleName(group, int(aws.ToInt32(l.Port)))
			}
			out = append(out, s)
		}
	}
	return out
}

func ruleSpec(listener string, r types.Rule) document.Value {
	spec := document.New("ListenerArn", document.Of(listener), "Priority", document.Value{Kind: document.Number, Text: aws.ToString(r.Priority)})
	var conditions, actions []document.Value
	for _, c := range r.Conditions {
		one := document.New("Field", document.Of(aws.ToString(c.Field)))
		values := slices.Clone(c.Values)
		switch {
		case c.HostHeaderConfig != nil:
			one = one.With("HostHeaderConfig", valuesOf(c.HostHeaderConfig.Values))
		case c.PathPatternConfig != nil:
			one = one.With("PathPatternConfig", valuesOf(c.PathPatternConfig.Values))
		default:
			one = one.With("Values", valuesOf(values).Get("Values"))
		}
		conditions = append(conditions, one)
	}
	slices.SortFunc(conditions, func(a, b document.Value) int { return strings.Compare(a.Get("Field").Text, b.Get("Field").Text) })
	for _, a := range r.Actions {
		actions = append(actions, document.New("Type", document.Of(string(a.Type)), "TargetGroupArn", arnOf(a)))
	}
	return spec.With("Conditions", document.Items(conditions...)).With("Actions", document.Items(actions...))
}

// arnOf is the target group that an action sends to alone.
func arnOf(a types.Action) document.Value {
	switch {
	case a.TargetGroupArn != nil:
		return document.Of(*a.TargetGroupArn)
	case a.ForwardConfig != nil && len(a.ForwardConfig.TargetGroups) == 1:
		return document.Of(aws.ToString(a.ForwardConfig.TargetGroups[0].TargetGroupArn))
	}
	return document.Value{}
}

func valuesOf(values []string) document.Value {
	var items []document.Value
	for _, v := range slices.Sorted(slices.Values(values)) {
		items = append(items, document.Of(v))
	}
	return document.New("Values", document.Items(items...))
}

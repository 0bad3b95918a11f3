package tenant

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// tagBatch is how many resources DescribeTags takes at once (ELB API reference, DescribeTags).
const tagBatch = 20

// targetCalls list the target groups whose names begin as the cluster's do: services' names follow behind.
func (l *Look) targetCalls() []fetch.Call {
	like := l.scope.ServiceTargetName("")
	begin := strings.TrimRight(like[:len(like)-9], "-")
	in := &elbv2.DescribeTargetGroupsInput{}
	return []fetch.Call{fetch.Pages(l, l.c.Balance.DescribeTargetGroups, in, func(in *elbv2.DescribeTargetGroupsInput, out *elbv2.DescribeTargetGroupsOutput) bool {
		for _, g := range out.TargetGroups {
			if strings.HasPrefix(aws.ToString(g.TargetGroupName), begin) {
				l.groups = append(l.groups, g)
			}
		}
		return fetch.More(out.NextMarker, &in.Marker)
	})}
}

func (l *Look) targetTagCalls() []fetch.Call {
	var arns []string
	for _, g := range l.groups {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	return l.tagCalls(arns)
}

func (l *Look) tagCalls(arns []string) []fetch.Call {
	return fetch.Batches(arns, tagBatch, func(some []string) fetch.Call {
		return fetch.Get(l, l.c.Balance.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: some}, func(out *elbv2.DescribeTagsOutput) {
			for _, d := range out.TagDescriptions {
				l.tags[aws.ToString(d.ResourceArn)] = shape.BalanceTags(d.Tags)
			}
		})
	})
}

// listenerCalls ask for the ports of our own load balancers, and of those of others that send to target groups of services.
func (l *Look) listenerCalls() []fetch.Call {
	var balancers []string
	for b := range model.Every[model.LoadBalancer](&l.have.Set) {
		if h := l.have.Handle(b.Key()); h.Status != model.Leaving {
			balancers = append(balancers, h.ARN)
		}
	}
	for _, g := range l.groups {
		if l.ours(l.tags[aws.ToString(g.TargetGroupArn)]) {
			balancers = append(balancers, g.LoadBalancerArns...)
		}
	}
	slices.Sort(balancers)
	var calls []fetch.Call
	for _, arn := range slices.Compact(balancers) {
		in := &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(arn)}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(l, l.c.Balance.DescribeListeners, in, func(in *elbv2.DescribeListenersInput, out *elbv2.DescribeListenersOutput) bool {
			l.listeners = append(l.listeners, out.Listeners...)
			return fetch.More(out.NextMarker, &in.Marker)
		})))
	}
	return calls
}

func (l *Look) ruleCalls() []fetch.Call {
	var calls []fetch.Call
	for _, x := range l.listeners {
		arn := aws.ToString(x.ListenerArn)
		in := &elbv2.DescribeRulesInput{ListenerArn: aws.String(arn)}
		calls = append(calls, fetch.UnlessMissing(fetch.Pages(l, l.c.Balance.DescribeRules, in, func(in *elbv2.DescribeRulesInput, out *elbv2.DescribeRulesOutput) bool {
			l.rules[arn] = append(l.rules[arn], out.Rules...)
			return fetch.More(out.NextMarker, &in.Marker)
		})))
	}
	return calls
}

func (l *Look) ruleTagCalls() []fetch.Call {
	var arns []string
	for _, x := range l.listeners {
		for _, r := range l.rules[aws.ToString(x.ListenerArn)] {
			if !aws.ToBool(r.IsDefault) {
				arns = append(arns, aws.ToString(r.RuleArn))
			}
		}
	}
	return l.tagCalls(arns)
}

func (l *Look) foldTargets() {
	names := map[string]string{}
	for _, g := range l.groups {
		arn, name := aws.ToString(g.TargetGroupArn), aws.ToString(g.TargetGroupName)
		if service, ours := l.scope.ServiceOf(l.tags[arn]); ours {
			names[arn] = name
			l.have.Add(model.ServiceTarget{Name: name, Service: service}, model.Handle{ID: name, ARN: arn})
		}
	}
	for _, x := range l.listeners {
		for _, r := range l.rules[aws.ToString(x.ListenerArn)] {
			arn := aws.ToString(r.RuleArn)
			service, ours := l.scope.ServiceOf(l.tags[arn])
			if !ours {
				continue
			}
			l.have.Add(model.ServiceRule{
				ID: shape.LastOf(r.RuleArn), Service: service, Listener: l.listenerKey(aws.ToString(x.ListenerArn)), Target: names[sendsTo(r)],
			}, model.Handle{ID: shape.LastOf(r.RuleArn), ARN: arn})
		}
	}
}

// listenerKey is the key of a listener of ours.
func (l *Look) listenerKey(arn string) model.Key {
	for x := range model.Every[model.Listener](&l.have.Set) {
		if l.have.Handle(x.Key()).ARN == arn {
			return x.Key()
		}
	}
	return model.Foreign(arn)
}

// sendsTo is the ARN of the target group that a rule sends to.
func sendsTo(r types.Rule) string {
	for _, a := range r.Actions {
		if a.TargetGroupArn != nil {
			return *a.TargetGroupArn
		}
	}
	return ""
}

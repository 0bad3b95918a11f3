package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type targetGroupAnswers struct {
	targetGroups   []types.TargetGroup       // all of the region: AWS cannot list them by tag or VPC
	targetSettings map[string]model.Settings // by ARN
}

// targetGroupRow asks for the attributes of our own groups only, a round after the tags: the groups of services, which
// lie in the same VPC, may be many.
func targetGroupRow() row {
	return row{model.KindTargetGroup, []func(*look) []call{targetGroupCalls, targetGroupTagCalls, targetGroupDetailCalls}, foldTargetGroups}
}

func targetGroupCalls(l *look) []call {
	in := &elbv2.DescribeTargetGroupsInput{}
	return []call{fetch.Pages(l, l.c.Balance.DescribeTargetGroups, in, func(in *elbv2.DescribeTargetGroupsInput, out *elbv2.DescribeTargetGroupsOutput) bool {
		l.targetGroups = append(l.targetGroups, out.TargetGroups...)
		return fetch.More(out.NextMarker, &in.Marker)
	})}
}

func targetGroupTagCalls(l *look) []call { return l.balanceTagCalls(l.targetGroupARNs()) }

func targetGroupDetailCalls(l *look) []call {
	l.targetSettings = map[string]model.Settings{}
	var calls []call
	for _, g := range l.nearTargetGroups() {
		if l.targetGroupKey(g).IsZero() {
			continue
		}
		arn := aws.ToString(g.TargetGroupArn)
		in := &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: aws.String(arn)}
		calls = append(calls, fetch.Maybe(l, l.c.Balance.DescribeTargetGroupAttributes, in, func(out *elbv2.DescribeTargetGroupAttributesOutput) {
			l.targetSettings[arn] = shape.Owned(model.TargetSettings(), out.Attributes, func(a types.TargetGroupAttribute) (key, value *string) {
				return a.Key, a.Value
			})
		}))
	}
	return calls
}

// nearTargetGroups are the target groups that may be ours: those in the cluster's own VPC, and those that are called
// like ours, of which the ones that the file names come first.
func (l *look) nearTargetGroups() []types.TargetGroup {
	vpc := l.vpcID()
	var named, inside []types.TargetGroup
	for _, g := range l.targetGroups {
		switch {
		case !l.targetGroupNamed(aws.ToString(g.TargetGroupName)).IsZero():
			named = append(named, g)
		case vpc != "" && aws.ToString(g.VpcId) == vpc, l.namesake(aws.ToString(g.TargetGroupName)):
			inside = append(inside, g)
		}
	}
	return append(named, inside...)
}

func (l *look) targetGroupARNs() []string {
	var arns []string
	for _, g := range l.nearTargetGroups() {
		arns = append(arns, aws.ToString(g.TargetGroupArn))
	}
	return arns
}

// foldTargetGroups leaves groups of others alone, also in our VPC: they are in nobody's way unless they have a name of
// ours.
func foldTargetGroups(l *look) {
	for _, g := range l.nearTargetGroups() {
		arn, name := aws.ToString(g.TargetGroupArn), aws.ToString(g.TargetGroupName)
		tags, there := l.balanceTags[arn]
		if !there {
			continue
		}
		k := l.targetGroupKey(g)
		if taken := l.targetGroupNamed(name); k.IsZero() && !taken.IsZero() {
			l.stray(taken, arn, "target group "+name)
		}
		settings, known := l.targetSettings[arn]
		if k.IsZero() || !known {
			continue
		}
		l.add(model.TargetGroup{
			Balancer: shape.BalancerOf(k), VPC: l.key(aws.ToString(g.VpcId)), Name: name, Protocol: string(g.Protocol), Port: int(aws.ToInt32(g.Port)),
			Check: shape.HealthCheck(g), Settings: settings, Tags: tags.Own(),
		}, model.Handle{ID: arn, ARN: arn})
	}
}

// targetGroupKey is the key of a target group of ours, zero when it is not ours: one without a key of its own may be
// a service's.
func (l *look) targetGroupKey(g types.TargetGroup) model.Key {
	tags, there := l.balanceTags[aws.ToString(g.TargetGroupArn)]
	k, ours := l.mine(tags, model.KindTargetGroup)
	switch {
	case !there || !ours:
		return model.Key{}
	case k.IsZero():
		return l.targetGroupNamed(aws.ToString(g.TargetGroupName))
	}
	return k
}

// targetGroupNamed is the key of ours that would have this name; zero when none would. A load balancer that the file
// does not name any more has a target group as well.
func (l *look) targetGroupNamed(name string) model.Key {
	balancers := slices.Clone(l.ask.Balancers)
	for b := range model.Every[model.LoadBalancer](&l.inv.Set) {
		balancers = append(balancers, b.Balancer)
	}
	for _, b := range balancers {
		if l.scope.TargetGroupName(b) == name {
			return model.TargetGroupKey(b)
		}
	}
	return model.Key{}
}

package observe

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type securityGroupAnswers struct {
	groupsFound []types.SecurityGroup
	groupsAsked bool // the VPC's default group comes in the same answer
}

// securityGroupRow asks by tags as well as by VPC: a group of ours may stand in a VPC of others that the file does not
// name any more.
func securityGroupRow() row {
	return row{model.KindSecurityGroup, []func(*look) []call{securityGroupCalls, securityGroupsInside}, foldSecurityGroups}
}

func securityGroupCalls(l *look) []call { return []call{l.securityGroupCall(marked())} }

func (l *look) securityGroupCall(filters []types.Filter) call {
	in := &ec2.DescribeSecurityGroupsInput{Filters: filters}
	return fetch.Pages(l, l.c.EC2.DescribeSecurityGroups, in, func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) bool {
		for _, g := range out.SecurityGroups {
			known := func(k types.SecurityGroup) bool { return aws.ToString(k.GroupId) == aws.ToString(g.GroupId) }
			if !slices.ContainsFunc(l.groupsFound, known) {
				l.groupsFound = append(l.groupsFound, g)
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
}

// securityGroupsInside asks for all groups of the cluster's own VPC, and in one of others for those that have our names.
func securityGroupsInside(l *look) []call {
	if l.groupsAsked {
		return nil
	}
	l.groupsAsked = true
	var calls []call
	if own := l.inVPC(); own != nil {
		calls = append(calls, l.securityGroupCall(own))
	}
	if names := l.guardNames(); l.existingVPC() != "" && len(names) > 0 {
		calls = append(calls, l.securityGroupCall([]types.Filter{filter("vpc-id", l.existingVPC()), filter("group-name", names...)}))
	}
	return calls
}

// guardKeys are the keys of the security groups that the file asks for.
func (l *look) guardKeys() []model.Key {
	var out []model.Key
	for _, g := range l.ask.Groups {
		out = append(out, model.InstanceGroupKey(g.Name))
	}
	for _, b := range l.ask.Balancers {
		out = append(out, model.BalancerGroupKey(b))
	}
	return append(out, model.EndpointsGroupKey())
}

func (l *look) guardNames() []string {
	var out []string
	for _, k := range l.guardKeys() {
		out = append(out, l.scope.SecurityGroupName(k))
	}
	return out
}

// foldSecurityGroups knows all groups by their ids before it reads the rules, which name groups.
func foldSecurityGroups(l *look) {
	l.groupsFound = first(l.groupsFound, func(g types.SecurityGroup) (bool, *string) {
		return aws.ToString(g.VpcId) == cmp.Or(l.existingVPC(), l.vpcID()), g.GroupId
	})
	keys := make([]model.Key, len(l.groupsFound))
	for i, g := range l.groupsFound {
		k, ok := l.mine(shape.EC2Tags(g.Tags), model.KindSecurityGroup)
		if ok && k.IsZero() {
			k = l.securityGroupNamed(aws.ToString(g.GroupName))
		}
		if ok && !k.IsZero() {
			keys[i] = k
			l.bind(k, aws.ToString(g.GroupId))
		}
	}
	for i, g := range l.groupsFound {
		id, name := aws.ToString(g.GroupId), aws.ToString(g.GroupName)
		switch {
		case !keys[i].IsZero():
			l.add(model.SecurityGroup{
				Role: keys[i].Name, VPC: l.key(aws.ToString(g.VpcId)), GroupName: name, Description: aws.ToString(g.Description),
				Ingress: shape.Rules(l.key, g.IpPermissions), Egress: shape.Rules(l.key, g.IpPermissionsEgress), Tags: shape.EC2Tags(g.Tags).Own(),
			}, model.Handle{ID: id})
		case name == "default":
		case l.inOwnVPC(g.VpcId), aws.ToString(g.VpcId) == l.existingVPC() && !l.securityGroupNamed(name).IsZero():
			l.stray(l.securityGroupNamed(name), id, "security group "+name+" ("+id+")")
		}
	}
}

// securityGroupNamed is the key of ours that would have this name; zero when none would.
func (l *look) securityGroupNamed(name string) model.Key {
	for _, k := range l.guardKeys() {
		if l.scope.SecurityGroupName(k) == name {
			return k
		}
	}
	return model.Key{}
}

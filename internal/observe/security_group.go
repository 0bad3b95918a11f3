package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

type securityGroupAnswers struct{ groupsFound []types.SecurityGroup }

func securityGroupRow() row {
	return row{model.KindSecurityGroup, []func(*look) []call{nothing, securityGroupCalls}, foldSecurityGroups}
}

func securityGroupCalls(l *look) []call {
	in := &ec2.DescribeSecurityGroupsInput{Filters: l.inVPC()}
	if in.Filters == nil {
		return nil
	}
	return []call{pages(l, l.c.EC2.DescribeSecurityGroups, in, func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) bool {
		l.groupsFound = append(l.groupsFound, out.SecurityGroups...)
		return more(out.NextToken, &in.NextToken)
	})}
}

// foldSecurityGroups knows all groups by their ids before it reads the rules, which name groups.
func foldSecurityGroups(l *look) {
	keys := make([]model.Key, len(l.groupsFound))
	for i, g := range l.groupsFound {
		k, ok := l.mine(ec2Tags(g.Tags), model.KindSecurityGroup)
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
				Role: keys[i].Name, GroupName: name, Description: aws.ToString(g.Description),
				Ingress: l.rules(g.IpPermissions), Egress: l.rules(g.IpPermissionsEgress), Tags: ec2Tags(g.Tags).Own(),
			}, model.Handle{ID: id})
		case name != "default":
			l.stray(l.securityGroupNamed(name), id, "security group "+name+" ("+id+")")
		}
	}
}

// securityGroupNamed is the key of ours that would have this name; zero when none would.
func (l *look) securityGroupNamed(name string) model.Key {
	for _, g := range l.ask.Groups {
		if k := model.InstanceGroupKey(g.Name); l.scope.SecurityGroupName(k) == name {
			return k
		}
	}
	if k := model.EndpointsGroupKey(); l.scope.SecurityGroupName(k) == name {
		return k
	}
	for _, b := range l.ask.Balancers {
		if k := model.BalancerGroupKey(b); l.scope.SecurityGroupName(k) == name {
			return k
		}
	}
	return model.Key{}
}

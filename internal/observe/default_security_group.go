package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

type defaultGroupAnswers struct{ defaultGroups []types.SecurityGroup }

func defaultGroupRow() row {
	return row{model.KindDefaultGroup, []func(*look) []call{nothing, defaultGroupCalls}, foldDefaultGroup}
}

// nothing is a round in which a kind has nothing to ask.
func nothing(*look) []call { return nil }

func defaultGroupCalls(l *look) []call {
	inside := l.inVPC()
	if inside == nil {
		return nil
	}
	in := &ec2.DescribeSecurityGroupsInput{Filters: append(inside, filter("group-name", "default"))}
	return []call{get(l, l.c.EC2.DescribeSecurityGroups, in, func(out *ec2.DescribeSecurityGroupsOutput) { l.defaultGroups = out.SecurityGroups })}
}

func foldDefaultGroup(l *look) {
	for _, g := range l.defaultGroups {
		if aws.ToString(g.VpcId) != l.vpcID() {
			continue
		}
		r := model.DefaultGroup{Ingress: l.rules(g.IpPermissions), Egress: l.rules(g.IpPermissionsEgress)}
		l.add(r, model.Handle{ID: aws.ToString(g.GroupId)})
	}
}

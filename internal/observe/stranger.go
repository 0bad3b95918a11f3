package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// strangerRow notes the network interfaces in the cluster's own VPC that belong to nothing of ours: AWS deletes no VPC with
// anything in it. In a VPC of others only those count that use a security group of ours, which AWS keeps as long, and security groups whose rules name one of ours. It comes last, when everything of ours is known.
func strangerRow() row {
	return row{rounds: []func(*look) []call{nothing, strangerCalls}, fold: foldStrangers}
}

type strangerAnswers struct{ leaning []types.SecurityGroup } // their rules name a group of ours

// strangerCalls also ask for the security groups in a VPC of others that let ours in or out by name.
func strangerCalls(l *look) []call {
	calls := interfaceCalls(l)
	guards := l.outerGuards()
	if len(guards) == 0 {
		return calls
	}
	for _, side := range []string{"ip-permission.group-id", "egress.ip-permission.group-id"} {
		in := &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{filter(side, guards...)}}
		calls = append(calls, fetch.Pages(l, l.c.EC2.DescribeSecurityGroups, in, func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) bool {
			l.leaning = append(l.leaning, out.SecurityGroups...)
			return fetch.More(out.NextToken, &in.NextToken)
		}))
	}
	return calls
}

func foldStrangers(l *look) {
	l.foldLeaning()
	ours := l.ownInstances()
	for _, i := range l.interfaces {
		id, uses := aws.ToString(i.NetworkInterfaceId), l.usedBy(i)
		if uses == "" && !l.inOwnVPC(i.VpcId) {
			continue
		}
		instance := ""
		if i.Attachment != nil {
			instance = aws.ToString(i.Attachment.InstanceId)
		}
		switch {
		case instance != "" && !slices.Contains(ours, instance):
			l.stray(model.Key{}, id, "network interface "+id+" of instance "+instance+uses)
		case instance == "" && !aws.ToBool(i.RequesterManaged) && i.InterfaceType != types.NetworkInterfaceTypeNatGateway:
			l.stray(model.Key{}, id, "network interface "+id+uses)
		}
	}
}

// foldLeaning names each group of others once.
func (l *look) foldLeaning() {
	var seen []string
	for _, g := range l.leaning {
		id := aws.ToString(g.GroupId)
		if l.key(id).Kind == model.KindForeign && !l.inOwnVPC(g.VpcId) && !slices.Contains(seen, id) {
			seen = append(seen, id)
			l.stray(model.Key{}, id, "security group "+aws.ToString(g.GroupName)+" ("+id+"), whose rules name a security group of berth's")
		}
	}
}

// usedBy says which security group of ours an interface in a VPC of others uses.
func (l *look) usedBy(i types.NetworkInterface) string {
	if l.inOwnVPC(i.VpcId) {
		return ""
	}
	for _, g := range i.Groups {
		if l.key(aws.ToString(g.GroupId)).Kind == model.KindSecurityGroup {
			return ", which uses security group " + aws.ToString(g.GroupName)
		}
	}
	return ""
}

// ownInstances are the instances of the cluster's groups.
func (l *look) ownInstances() []string {
	var out []string
	for g := range model.Every[model.Group](&l.inv.Set) {
		for _, i := range g.Instances {
			out = append(out, i.ID)
		}
	}
	return out
}

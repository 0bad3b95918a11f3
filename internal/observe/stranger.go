package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// strangerRow notes the network interfaces in the cluster's own VPC that belong to nothing of ours: AWS deletes no VPC with
// anything in it. In a VPC of others only those count that use a security group of ours, which AWS keeps as long. It comes last, when everything of ours is known.
func strangerRow() row {
	return row{rounds: []func(*look) []call{nothing, interfaceCalls}, fold: foldStrangers}
}

func foldStrangers(l *look) {
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

package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// strangerRow notes the network interfaces in the cluster's VPC that belong to nothing of ours: AWS deletes no VPC with
// anything in it. It comes last, when everything of ours is known.
func strangerRow() row {
	return row{rounds: []func(*look) []call{nothing, interfaceCalls}, fold: foldStrangers}
}

func foldStrangers(l *look) {
	ours := l.ownInstances()
	for _, i := range l.interfaces {
		id := aws.ToString(i.NetworkInterfaceId)
		instance := ""
		if i.Attachment != nil {
			instance = aws.ToString(i.Attachment.InstanceId)
		}
		switch {
		case instance != "" && !slices.Contains(ours, instance):
			l.stray(model.Key{}, id, "network interface "+id+" of instance "+instance)
		case instance == "" && !aws.ToBool(i.RequesterManaged) && i.InterfaceType != types.NetworkInterfaceTypeNatGateway:
			l.stray(model.Key{}, id, "network interface "+id)
		}
	}
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

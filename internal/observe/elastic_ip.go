package observe

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type elasticIPAnswers struct{ addresses []types.Address }

func elasticIPRow() row {
	return row{model.KindElasticIP, []func(*look) []call{elasticIPCalls}, foldElasticIPs}
}

func elasticIPCalls(l *look) []call {
	in := &ec2.DescribeAddressesInput{Filters: marked()}
	return []call{fetch.Get(l, l.c.EC2.DescribeAddresses, in, func(out *ec2.DescribeAddressesOutput) { l.addresses = out.Addresses })}
}

func foldElasticIPs(l *look) {
	for _, a := range first(l.addresses, func(a types.Address) (bool, *string) { return a.AssociationId != nil, a.AllocationId }) {
		tags := shape.EC2Tags(a.Tags)
		k, ok := l.mine(tags, model.KindElasticIP)
		if !ok || k.IsZero() || !l.keyed(tags, model.KindElasticIP) && !l.leadsOut(a) {
			continue
		}
		l.add(model.ElasticIP{Zone: k.Name, Tags: tags.Own()}, model.Handle{ID: aws.ToString(a.AllocationId), Address: aws.ToString(a.PublicIp)})
	}
}

// leadsOut tells whether a NAT gateway in the cluster's own VPC has the address.
func (l *look) leadsOut(a types.Address) bool {
	return slices.ContainsFunc(l.nats, func(n types.NatGateway) bool {
		return l.inOwnVPC(n.VpcId) && slices.ContainsFunc(n.NatGatewayAddresses, func(has types.NatGatewayAddress) bool {
			return aws.ToString(has.AllocationId) == aws.ToString(a.AllocationId)
		})
	})
}

package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type natAnswers struct{ nats []types.NatGateway }

func natRow() row {
	return row{model.KindNATGateway, []func(*look) []call{nothing, natCalls}, foldNATs}
}

// natCalls leaves out gateways that are deleted: AWS shows them for an hour.
func natCalls(l *look) []call {
	filters := l.inVPC()
	if filters == nil {
		return nil
	}
	in := &ec2.DescribeNatGatewaysInput{Filter: append(filters, filter("state", "pending", "available", "deleting", "failed"))}
	return []call{fetch.Pages(l, l.c.EC2.DescribeNatGateways, in, func(in *ec2.DescribeNatGatewaysInput, out *ec2.DescribeNatGatewaysOutput) bool {
		l.nats = append(l.nats, out.NatGateways...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func foldNATs(l *look) {
	for _, g := range l.nats {
		if !l.inOwnVPC(g.VpcId) {
			continue
		}
		tags, id := shape.EC2Tags(g.Tags), aws.ToString(g.NatGatewayId)
		k, ok := l.mine(tags, model.KindNATGateway)
		if !ok || k.IsZero() {
			l.stray(model.Key{}, id, "NAT gateway "+id)
			continue
		}
		r := model.NATGateway{Zone: k.Name, Subnet: l.key(aws.ToString(g.SubnetId)), Tags: tags.Own()}
		h := model.Handle{ID: id, Status: shape.NATStatus(g.State), Reason: aws.ToString(g.FailureMessage)}
		for _, a := range g.NatGatewayAddresses {
			r.Address, h.Address = l.key(aws.ToString(a.AllocationId)), aws.ToString(a.PublicIp)
		}
		l.addLiving(r, h)
	}
}

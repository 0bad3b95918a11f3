package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type subnetAnswers struct{ subnetsFound []types.Subnet }

func subnetRow() row {
	return row{model.KindSubnet, []func(*look) []call{nothing, subnetCalls}, foldSubnets}
}

// inVPC filters what lies in the cluster's VPC; nil when there is none.
func (l *look) inVPC() []types.Filter {
	ids := l.vpcIDs()
	if len(ids) == 0 {
		return nil
	}
	return []types.Filter{filter("vpc-id", ids...)}
}

func subnetCalls(l *look) []call {
	in := &ec2.DescribeSubnetsInput{Filters: l.inVPC()}
	if in.Filters == nil {
		return nil
	}
	return []call{fetch.Pages(l, l.c.EC2.DescribeSubnets, in, func(in *ec2.DescribeSubnetsInput, out *ec2.DescribeSubnetsOutput) bool {
		l.subnetsFound = append(l.subnetsFound, out.Subnets...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func foldSubnets(l *look) {
	for _, s := range l.subnetsFound {
		if !l.inOwnVPC(s.VpcId) {
			continue
		}
		tags, id := shape.EC2Tags(s.Tags), aws.ToString(s.SubnetId)
		k, ok := l.mine(tags, model.KindSubnet)
		if !ok || k.IsZero() {
			l.stray(model.Key{}, id, "subnet "+id)
			continue
		}
		tier, zone := shape.TierOf(k)
		h := model.Handle{ID: id}
		if s.State == types.SubnetStatePending {
			h.Status = model.Pending
		}
		l.add(model.Subnet{
			Tier: tier, Zone: zone, CIDR: aws.ToString(s.CidrBlock), AutoPublicIP: aws.ToBool(s.MapPublicIpOnLaunch), Tags: tags.Own(),
		}, h)
	}
}

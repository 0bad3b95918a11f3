package shape

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Ranges are the IPv4 ranges of a VPC, its first one first.
func Ranges(v types.Vpc) []string {
	out := []string{aws.ToString(v.CidrBlock)}
	for _, a := range v.CidrBlockAssociationSet {
		cidr := aws.ToString(a.CidrBlock)
		if a.CidrBlockState != nil && a.CidrBlockState.State == types.VpcCidrBlockStateCodeAssociated && !slices.Contains(out, cidr) {
			out = append(out, cidr)
		}
	}
	return out
}

// Network is the VPC of others, as far as it tells what a subnet in it can be used for.
type Network struct {
	Region    string
	Tables    []types.RouteTable
	Endpoints []types.VpcEndpoint
}

// Subnet is a subnet of others with its way out and its way to S3.
func (n Network) Subnet(t model.Tier, s types.Subnet) model.ExistingSubnet {
	out := model.ExistingSubnet{
		Tier: t, ID: aws.ToString(s.SubnetId), VPC: aws.ToString(s.VpcId), Name: EC2Tags(s.Tags).Get(model.TagName),
		Zone: aws.ToString(s.AvailabilityZone), CIDR: aws.ToString(s.CidrBlock), Free: int(aws.ToInt32(s.AvailableIpAddressCount)),
		AutoPublicIP: aws.ToBool(s.MapPublicIpOnLaunch),
	}
	table := n.tableOf(out.ID)
	for _, r := range table.Routes {
		if aws.ToString(r.DestinationCidrBlock) == "0.0.0.0/0" {
			out.Out, out.Dead = RouteTarget(r), r.State == types.RouteStateBlackhole
		}
	}
	out.S3 = slices.ContainsFunc(n.Endpoints, func(e types.VpcEndpoint) bool {
		return e.VpcEndpointType == types.VpcEndpointTypeGateway && ShortService(n.Region, aws.ToString(e.ServiceName)) == "s3" &&
			slices.Contains(e.RouteTableIds, aws.ToString(table.RouteTableId))
	})
	return out
}

// tableOf is the route table of a subnet: its own, or the main one of the VPC.
func (n Network) tableOf(subnet string) types.RouteTable {
	var out types.RouteTable
	for _, t := range n.Tables {
		if slices.ContainsFunc(t.Associations, func(a types.RouteTableAssociation) bool { return aws.ToString(a.SubnetId) == subnet }) {
			return t
		}
		if MainTable(t) {
			out = t
		}
	}
	return out
}

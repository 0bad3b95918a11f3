package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func gatewayKind() listing.Kind[world.InternetGateway] {
	return listing.Kind[world.InternetGateway]{
		Resource: types.ResourceTypeInternetGateway, Prefix: "igw",
		Missing: "InvalidInternetGatewayID.NotFound", Malformed: "InvalidInternetGatewayId.Malformed",
		Text:  "The internetGateway ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.InternetGateway] { return &r.EC2.InternetGateways },
		Tags:  func(g *world.InternetGateway) *world.Tags { return &g.Tags },
	}
}

// CreateInternetGateway makes a detached internet gateway.
func CreateInternetGateway(c *world.Call, in *ec2.CreateInternetGatewayInput) (*ec2.CreateInternetGatewayOutput, error) {
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeInternetGateway)
	if err != nil {
		return nil, err
	}
	t := &c.Region.EC2.InternetGateways
	if t.Len() >= c.Region.Quota(quotaGateways) {
		return nil, wire.Errorf("InternetGatewayLimitExceeded", "The maximum number of internet gateways has been reached.")
	}
	g := &world.InternetGateway{ID: c.NewID("igw"), Tags: tags}
	t.Put(g.ID, g)
	out := gatewayOut(g)
	return &ec2.CreateInternetGatewayOutput{InternetGateway: &out}, nil
}

// gatewayOf is the internet gateway that is attached to a VPC, or nil.
func gatewayOf(n *world.Network, vpc string) *world.InternetGateway {
	for g := range n.InternetGateways.Rows() {
		if g.VPCID == vpc {
			return g
		}
	}
	return nil
}

// AttachInternetGateway joins a free gateway and a VPC that has none.
func AttachInternetGateway(c *world.Call, in *ec2.AttachInternetGatewayInput) (*ec2.AttachInternetGatewayOutput, error) {
	g, err := gatewayKind().Need(c.Region, "internetGatewayId", in.InternetGatewayId)
	if err != nil {
		return nil, err
	}
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.VPCID != "" {
		return nil, wire.Errorf("Resource.AlreadyAssociated", "resource %s is already attached to network %s", g.ID, g.VPCID)
	}
	if gatewayOf(&c.Region.EC2.Network, v.ID) != nil {
		return nil, listing.Invalid("Network %s already has an internet gateway attached", v.ID)
	}
	g.VPCID = v.ID
	return &ec2.AttachInternetGatewayOutput{}, nil
}

// DetachInternetGateway parts a gateway and its VPC; any public address left in the VPC blocks it, those of NAT gateways
// and load balancers too.
func DetachInternetGateway(c *world.Call, in *ec2.DetachInternetGatewayInput) (*ec2.DetachInternetGatewayOutput, error) {
	g, err := gatewayKind().Need(c.Region, "internetGatewayId", in.InternetGatewayId)
	if err != nil {
		return nil, err
	}
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	if g.VPCID != v.ID {
		return nil, wire.Errorf("Gateway.NotAttached", "resource %s is not attached to network %s", g.ID, v.ID)
	}
	if listing.Holds(&c.Region.EC2.Interfaces, func(i *world.Interface) bool { return i.VPCID == v.ID && i.PublicIP != "" }) {
		return nil, wire.Errorf("DependencyViolation",
			"Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", v.ID)
	}
	g.VPCID = ""
	return &ec2.DetachInternetGatewayOutput{}, nil
}

// DeleteInternetGateway deletes a detached gateway.
func DeleteInternetGateway(c *world.Call, in *ec2.DeleteInternetGatewayInput) (*ec2.DeleteInternetGatewayOutput, error) {
	g, err := gatewayKind().Need(c.Region, "internetGatewayId", in.InternetGatewayId)
	if err != nil {
		return nil, err
	}
	if g.VPCID != "" {
		return nil, listing.Depends("internetGateway", g.ID)
	}
	c.Region.EC2.InternetGateways.Delete(g.ID)
	return &ec2.DeleteInternetGatewayOutput{}, nil
}

func gatewayOut(g *world.InternetGateway) types.InternetGateway {
	out := types.InternetGateway{
		InternetGatewayId: aws.String(g.ID), OwnerId: aws.String(world.Account), Tags: listing.ToTags(g.Tags),
		Attachments: []types.InternetGatewayAttachment{},
	}
	if g.VPCID != "" {
		// AWS answers the word of a VPN's attachment here, which the enumeration of this type lacks.
		out.Attachments = append(out.Attachments, types.InternetGatewayAttachment{VpcId: aws.String(g.VPCID), State: "available"})
	}
	return out
}

// DescribeInternetGateways lists internet gateways.
func DescribeInternetGateways(c *world.Call, in *ec2.DescribeInternetGatewaysInput) (*ec2.DescribeInternetGatewaysOutput, error) {
	known := listing.Fields[world.InternetGateway]{
		"attachment.state": func(g *world.InternetGateway) []string {
			if g.VPCID == "" {
				return nil
			}
			return []string{"available"}
		},
		"attachment.vpc-id":   func(g *world.InternetGateway) []string { return listing.One(g.VPCID) },
		"internet-gateway-id": func(g *world.InternetGateway) []string { return listing.One(g.ID) },
		"owner-id":            func(*world.InternetGateway) []string { return listing.One(world.Account) },
	}
	rows, next, err := gatewayKind().List(c.Region, listing.Query[world.InternetGateway]{
		IDs: in.InternetGatewayIds, Filters: in.Filters, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeInternetGatewaysOutput{InternetGateways: listing.Each(rows, gatewayOut), NextToken: next}, nil
}

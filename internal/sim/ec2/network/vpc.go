package network

import (
	"net/netip"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

const vpcAvailable world.Kind = "ec2.vpc-available"

// quotas by code (AWS General Reference, "Amazon VPC endpoints and quotas").
const (
	quotaVPCs         = "L-F678F1CE"
	quotaGateways     = "L-A4707A72"
	quotaNATs         = "L-FE5A380F"
	quotaGroups       = "L-E79EC296"
	quotaSubnets      = "L-407747CB"
	quotaTables       = "L-589F43AA"
	quotaGatewayEnds  = "L-1B52E74A"
	quotaEndpoints    = "L-29B6F2EB"
	quotaRoutes       = "L-93826ACB"
	quotaRules        = "L-0EA8095F"
	quotaGroupsPerENI = "L-2AFB9258"
	QuotaInterfaces   = "L-DF5E4CA3"
	quotaAddresses    = "L-0263D0A3"
)

func vpcKind() listing.Kind[world.VPC] {
	return listing.Kind[world.VPC]{
		Resource: types.ResourceTypeVpc, Prefix: "vpc", Missing: "InvalidVpcID.NotFound", Malformed: "InvalidVpcId.Malformed",
		Text:  "The vpc ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.VPC] { return &r.EC2.VPCs },
		Tags:  func(v *world.VPC) *world.Tags { return &v.Tags },
	}
}

// CreateVpc makes a VPC with its main route table, default security group and default network ACL. It is never a
// default VPC, and there is no IPv6.
func CreateVpc(c *world.Call, in *ec2.CreateVpcInput) (*ec2.CreateVpcOutput, error) {
	if aws.ToBool(in.AmazonProvidedIpv6CidrBlock) || in.Ipv6CidrBlock != nil || in.Ipv6IpamPoolId != nil || in.Ipv4IpamPoolId != nil {
		return nil, listing.Unsimulated("IPv6 and IP address pools")
	}
	cidr, err := vpcBlock(in.CidrBlock)
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeVpc)
	if err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	if n.VPCs.Len() >= c.Region.Quota(quotaVPCs) {
		return nil, wire.Errorf("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
	}
	v := &world.VPC{
		ID: c.NewID("vpc"), CIDR: cidr.String(), CIDRID: c.NewID("vpc-cidr-assoc"), State: "pending",
		Tenancy: "default", DHCPOptions: dhcpDefault(c.World, c.Region), DNSSupport: true, Tags: tags,
	}
	if in.InstanceTenancy != "" {
		v.Tenancy = string(in.InstanceTenancy)
	}
	n.VPCs.Put(v.ID, v)
	furnish(c, v)
	c.Schedule(time.Second, world.Event{Kind: vpcAvailable, Region: c.Region.Name, ID: v.ID})
	out := vpcOut(v)
	return &ec2.CreateVpcOutput{Vpc: &out}, nil
}

func vpcBlock(s *string) (netip.Prefix, error) {
	if aws.ToString(s) == "" {
		return netip.Prefix{}, wire.Errorf("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
	}
	cidr, ok := block(*s)
	if !ok {
		return cidr, listing.Invalid("Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", *s)
	}
	if !networkSized(cidr) {
		return cidr, wire.Errorf("InvalidVpc.Range", "The CIDR '%s' is invalid.", *s)
	}
	return cidr, nil
}

// furnish makes what every VPC is born with.
func furnish(c *world.Call, v *world.VPC) {
	n := &c.Region.EC2.Network
	t := newRouteTable(c, v)
	t.Associations = []world.RouteAssociation{{ID: c.NewID("rtbassoc"), Main: true}}
	acl := &world.NetworkACL{ID: c.NewID("acl"), VPCID: v.ID, Default: true}
	n.NetworkACLs.Put(acl.ID, acl)
	g := &world.SecurityGroup{ID: c.NewID("sg"), Name: "default", Description: "default VPC security group", VPCID: v.ID}
	n.SecurityGroups.Put(g.ID, g)
	addRule(c, g, world.SecurityGroupRule{Protocol: "-1", From: -1, To: -1, Group: g.ID})
	addRule(c, g, world.SecurityGroupRule{Protocol: "-1", From: -1, To: -1, CIDR4: "0.0.0.0/0", Egress: true})
}

// becomeVPC makes a new VPC available.
func becomeVPC(w *world.World, e world.Event) {
	if v, ok := w.Region(e.Region).EC2.VPCs.Get(e.ID); ok {
		v.State = "available"
	}
}

func vpcOut(v *world.VPC) types.Vpc {
	return types.Vpc{
		VpcId: aws.String(v.ID), CidrBlock: aws.String(v.CIDR), State: types.VpcState(v.State),
		DhcpOptionsId: aws.String(v.DHCPOptions), InstanceTenancy: types.Tenancy(v.Tenancy),
		IsDefault: aws.Bool(false), OwnerId: aws.String(world.Account), Tags: listing.ToTags(v.Tags),
		CidrBlockAssociationSet: []types.VpcCidrBlockAssociation{{
			AssociationId: aws.String(v.CIDRID), CidrBlock: aws.String(v.CIDR),
			CidrBlockState: &types.VpcCidrBlockState{State: types.VpcCidrBlockStateCodeAssociated},
		}},
		BlockPublicAccessStates: &types.BlockPublicAccessStates{InternetGatewayBlockMode: types.BlockPublicAccessModeOff},
	}
}

// DescribeVpcs lists VPCs.
func DescribeVpcs(c *world.Call, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
	rows, next, err := vpcKind().List(c.Region, listing.Query[world.VPC]{
		IDs: in.VpcIds, Filters: in.Filters, Known: vpcFields(), Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeVpcsOutput{Vpcs: listing.Each(rows, vpcOut), NextToken: next}, nil
}

func vpcFields() listing.Fields[world.VPC] {
	cidr := func(v *world.VPC) []string { return listing.One(v.CIDR) }
	fallen := func(*world.VPC) []string { return listing.Yes(false) }
	return listing.Fields[world.VPC]{
		"cidr": cidr, "cidr-block": cidr, "cidrBlock": cidr, "cidr-block-association.cidr-block": cidr,
		"cidr-block-association.association-id": func(v *world.VPC) []string { return listing.One(v.CIDRID) },
		"cidr-block-association.state":          func(*world.VPC) []string { return listing.One("associated") },

		"ipv6-cidr-block-association.ipv6-cidr-block": func(*world.VPC) []string { return nil },
		"ipv6-cidr-block-association.association-id":  func(*world.VPC) []string { return nil },
		"ipv6-cidr-block-association.state":           func(*world.VPC) []string { return nil },
		"dhcp-options-id":                             func(v *world.VPC) []string { return listing.One(v.DHCPOptions) },
		"is-default":                                  fallen,
		"isDefault":                                   fallen,
		"owner-id":                                    func(*world.VPC) []string { return listing.One(world.Account) },
		"state":                                       func(v *world.VPC) []string { return listing.One(v.State) },
		"vpc-id":                                      func(v *world.VPC) []string { return listing.One(v.ID) },
	}
}

// DeleteVpc deletes an empty VPC with what it was born with; anything else in it blocks (Amazon VPC user guide,
// "Delete your VPC").
func DeleteVpc(c *world.Call, in *ec2.DeleteVpcInput) (*ec2.DeleteVpcOutput, error) {
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	if occupied(n, v.ID) {
		return nil, listing.Depends("vpc", v.ID)
	}
	for id, t := range n.RouteTables.All() {
		if t.VPCID == v.ID {
			n.RouteTables.Delete(id)
		}
	}
	for id, a := range n.NetworkACLs.All() {
		if a.VPCID == v.ID {
			n.NetworkACLs.Delete(id)
		}
	}
	for _, g := range n.SecurityGroups.All() {
		if g.VPCID == v.ID {
			dropGroup(n, g)
		}
	}
	n.VPCs.Delete(v.ID)
	return &ec2.DeleteVpcOutput{}, nil
}

// occupied tells whether a VPC holds anything that blocks its deletion.
func occupied(n *world.Network, id string) bool {
	return listing.Holds(&n.Subnets, func(s *world.Subnet) bool { return s.VPCID == id }) ||
		listing.Holds(&n.InternetGateways, func(g *world.InternetGateway) bool { return g.VPCID == id }) ||
		listing.Holds(&n.Endpoints, func(e *world.Endpoint) bool { return e.VPCID == id }) ||
		listing.Holds(&n.SecurityGroups, func(g *world.SecurityGroup) bool { return g.VPCID == id && g.Name != "default" }) ||
		listing.Holds(&n.RouteTables, func(t *world.RouteTable) bool { return t.VPCID == id && !isMain(t) })
}

// ModifyVpcAttribute sets exactly one attribute.
func ModifyVpcAttribute(c *world.Call, in *ec2.ModifyVpcAttributeInput) (*ec2.ModifyVpcAttributeOutput, error) {
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	all := []struct {
		name string
		to   *types.AttributeBooleanValue
		at   *bool
	}{
		{"enableDnsHostnames", in.EnableDnsHostnames, &v.DNSHostnames},
		{"enableDnsSupport", in.EnableDnsSupport, &v.DNSSupport},
		{"enableNetworkAddressUsageMetrics", in.EnableNetworkAddressUsageMetrics, &v.UsageMetrics},
	}
	var names []string
	for _, a := range all {
		if a.to != nil {
			names = append(names, a.name)
		}
	}
	if len(names) == 0 {
		return nil, wire.Errorf("InvalidParameterCombination", "No attributes specified.")
	}
	if len(names) > 1 {
		return nil, wire.Errorf("InvalidParameterCombination", "Fields for multiple attribute types specified: %s", strings.Join(names, ", "))
	}
	for _, a := range all {
		if a.to != nil {
			*a.at = aws.ToBool(a.to.Value)
		}
	}
	return &ec2.ModifyVpcAttributeOutput{}, nil
}

// DescribeVpcAttribute answers one attribute.
func DescribeVpcAttribute(c *world.Call, in *ec2.DescribeVpcAttributeInput) (*ec2.DescribeVpcAttributeOutput, error) {
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeVpcAttributeOutput{VpcId: aws.String(v.ID)}
	value := func(b bool) *types.AttributeBooleanValue { return &types.AttributeBooleanValue{Value: aws.Bool(b)} }
	switch in.Attribute {
	case types.VpcAttributeNameEnableDnsSupport:
		out.EnableDnsSupport = value(v.DNSSupport)
	case types.VpcAttributeNameEnableDnsHostnames:
		out.EnableDnsHostnames = value(v.DNSHostnames)
	case types.VpcAttributeNameEnableNetworkAddressUsageMetrics:
		out.EnableNetworkAddressUsageMetrics = value(v.UsageMetrics)
	case "":
		return nil, listing.Missing("attribute")
	default:
		return nil, listing.Invalid("Value (%s) for parameter attribute is invalid. Unknown vpc attribute", in.Attribute)
	}
	return out, nil
}

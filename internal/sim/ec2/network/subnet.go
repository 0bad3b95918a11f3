package network

import (
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// AWS keeps the first four addresses of a subnet and the last one for itself.
const (
	reservedFirst = 4
	reservedAll   = 5
)

// Subnets is the kind of subnets.
func Subnets() listing.Kind[world.Subnet] {
	return listing.Kind[world.Subnet]{
		Resource: types.ResourceTypeSubnet, Prefix: "subnet", Missing: "InvalidSubnetID.NotFound", Malformed: "InvalidSubnetID.Malformed",
		Text:  "The subnet ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.Subnet] { return &r.EC2.Subnets },
		Tags:  func(s *world.Subnet) *world.Tags { return &s.Tags },
	}
}

// CreateSubnet cuts a subnet out of a VPC. Without a zone it goes to the region's first.
func CreateSubnet(c *world.Call, in *ec2.CreateSubnetInput) (*ec2.CreateSubnetOutput, error) {
	if in.Ipv6CidrBlock != nil || aws.ToBool(in.Ipv6Native) || in.Ipv4IpamPoolId != nil || in.OutpostArn != nil {
		return nil, listing.Unsimulated("IPv6, IP address pools and Outposts")
	}
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	cidr, err := subnetBlock(c.Region, v, in.CidrBlock)
	if err != nil {
		return nil, err
	}
	zone, err := zoneFor(c.Region.Name, in.AvailabilityZone, in.AvailabilityZoneId)
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeSubnet)
	if err != nil {
		return nil, err
	}
	if inVPC := listing.Count(&c.Region.EC2.Subnets, func(s *world.Subnet) bool { return s.VPCID == v.ID }); inVPC >= c.Region.Quota(quotaSubnets) {
		return nil, wire.Errorf("SubnetLimitExceeded", "The maximum number of subnets has been reached.")
	}
	s := &world.Subnet{
		ID: c.NewID("subnet"), VPCID: v.ID, CIDR: cidr.String(), Zone: zone.Name, ZoneID: zone.ID, State: "available",
		HostnameType: "ip-name", Taken: map[int]bool{}, Tags: tags,
	}
	c.Region.EC2.Subnets.Put(s.ID, s)
	joinDefaultACL(c, s)
	out := subnetOut(c.Region, s)
	return &ec2.CreateSubnetOutput{Subnet: &out}, nil
}

// subnetBlock checks a subnet's block against its VPC and its neighbours.
func subnetBlock(r *world.Region, v *world.VPC, s *string) (netip.Prefix, error) {
	if aws.ToString(s) == "" {
		return netip.Prefix{}, wire.Errorf("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")
	}
	cidr, ok := block(*s)
	if !ok {
		return cidr, listing.Invalid("Value (%s) for parameter cidrBlock is invalid. This is not a valid CIDR block.", *s)
	}
	if all, _ := block(v.CIDR); !networkSized(cidr) || !within(cidr, all) {
		return cidr, wire.Errorf("InvalidSubnet.Range", "The CIDR '%s' is invalid.", *s)
	}
	if listing.Holds(&r.EC2.Subnets, func(o *world.Subnet) bool {
		other, _ := block(o.CIDR)
		return o.VPCID == v.ID && other.Overlaps(cidr)
	}) {
		return cidr, wire.Errorf("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", *s)
	}
	return cidr, nil
}

// Free counts the addresses of a subnet that nothing has; the zero subnet has none.
func Free(s *world.Subnet) int {
	cidr, ok := block(s.CIDR)
	if !ok {
		return 0
	}
	return 1<<(32-cidr.Bits()) - reservedAll - len(s.Taken)
}

func subnetARN(r *world.Region, s *world.Subnet) string { return arn(r, "subnet/"+s.ID) }

// arn names an EC2 resource of the region.
func arn(r *world.Region, resource string) string {
	return "arn:aws:ec2:" + r.Name + ":" + world.Account + ":" + resource
}

func subnetOut(r *world.Region, s *world.Subnet) types.Subnet {
	return types.Subnet{
		SubnetId: aws.String(s.ID), SubnetArn: aws.String(subnetARN(r, s)), VpcId: aws.String(s.VPCID),
		AvailabilityZone: aws.String(s.Zone), AvailabilityZoneId: aws.String(s.ZoneID), CidrBlock: aws.String(s.CIDR),
		AvailableIpAddressCount: aws.Int32(int32(Free(s))), State: types.SubnetState(s.State), OwnerId: aws.String(world.Account),
		DefaultForAz: aws.Bool(false), MapPublicIpOnLaunch: aws.Bool(s.MapPublicIP), MapCustomerOwnedIpOnLaunch: aws.Bool(false),
		AssignIpv6AddressOnCreation: aws.Bool(false), Ipv6Native: aws.Bool(false), EnableDns64: aws.Bool(s.DNS64),
		Ipv6CidrBlockAssociationSet: []types.SubnetIpv6CidrBlockAssociation{},
		PrivateDnsNameOptionsOnLaunch: &types.PrivateDnsNameOptionsOnLaunch{
			HostnameType:                    types.HostnameType(s.HostnameType),
			EnableResourceNameDnsARecord:    aws.Bool(s.NameRecordA),
			EnableResourceNameDnsAAAARecord: aws.Bool(false),
		},
		BlockPublicAccessStates: &types.BlockPublicAccessStates{InternetGatewayBlockMode: types.BlockPublicAccessModeOff},
		Tags:                    listing.ToTags(s.Tags),
	}
}

// DescribeSubnets lists subnets.
func DescribeSubnets(c *world.Call, in *ec2.DescribeSubnetsInput) (*ec2.DescribeSubnetsOutput, error) {
	rows, next, err := Subnets().List(c.Region, listing.Query[world.Subnet]{
		IDs: in.SubnetIds, Filters: in.Filters, Known: subnetFields(c.Region), Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(s *world.Subnet) types.Subnet { return subnetOut(c.Region, s) })
	return &ec2.DescribeSubnetsOutput{Subnets: out, NextToken: next}, nil
}

func subnetFields(r *world.Region) listing.Fields[world.Subnet] {
	zone := func(s *world.Subnet) []string { return listing.One(s.Zone) }
	zoneID := func(s *world.Subnet) []string { return listing.One(s.ZoneID) }
	cidr := func(s *world.Subnet) []string { return listing.One(s.CIDR) }
	no := func(*world.Subnet) []string { return listing.Yes(false) }
	return listing.Fields[world.Subnet]{
		"availability-zone": zone, "availabilityZone": zone, "availability-zone-id": zoneID, "availabilityZoneId": zoneID,
		"cidr-block": cidr, "cidr": cidr, "cidrBlock": cidr,
		"available-ip-address-count":      func(s *world.Subnet) []string { return listing.Number(Free(s)) },
		"default-for-az":                  no,
		"defaultForAz":                    no,
		"map-customer-owned-ip-on-launch": no,
		"map-public-ip-on-launch":         func(s *world.Subnet) []string { return listing.Yes(s.MapPublicIP) },
		"outpost-arn":                     func(*world.Subnet) []string { return nil },
		"ipv6-native":                     func(*world.Subnet) []string { return listing.Yes(false) },

		"ipv6-cidr-block-association.ipv6-cidr-block": func(*world.Subnet) []string { return nil },
		"ipv6-cidr-block-association.association-id":  func(*world.Subnet) []string { return nil },
		"ipv6-cidr-block-association.state":           func(*world.Subnet) []string { return nil },
		"owner-id":                                    func(*world.Subnet) []string { return listing.One(world.Account) },
		"state":                                       func(s *world.Subnet) []string { return listing.One(s.State) },
		"subnet-arn":                                  func(s *world.Subnet) []string { return listing.One(subnetARN(r, s)) },
		"subnet-id":                                   func(s *world.Subnet) []string { return listing.One(s.ID) },
		"vpc-id":                                      func(s *world.Subnet) []string { return listing.One(s.VPCID) },
		"private-dns-name-options-on-launch.hostname-type": func(s *world.Subnet) []string { return listing.One(s.HostnameType) },
		"private-dns-name-options-on-launch.enable-resource-name-dns-a-record": func(s *world.Subnet) []string {
			return listing.Yes(s.NameRecordA)
		},
		"private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": no,
	}
}

// DeleteSubnet deletes a subnet without interfaces and lets go of its route table and network ACL.
func DeleteSubnet(c *world.Call, in *ec2.DeleteSubnetInput) (*ec2.DeleteSubnetOutput, error) {
	s, err := Subnets().Need(c.Region, "subnetId", in.SubnetId)
	if err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	if len(s.Taken) > 0 {
		return nil, listing.Depends("subnet", s.ID)
	}
	if t, i := associationOf(n, s.ID); t != nil {
		dropAssociation(t, i)
	}
	leaveACL(n, s.ID)
	n.Subnets.Delete(s.ID)
	return &ec2.DeleteSubnetOutput{}, nil
}

// ModifySubnetAttribute sets exactly one attribute.
func ModifySubnetAttribute(c *world.Call, in *ec2.ModifySubnetAttributeInput) (*ec2.ModifySubnetAttributeOutput, error) {
	s, err := Subnets().Need(c.Region, "subnetId", in.SubnetId)
	if err != nil {
		return nil, err
	}
	if in.AssignIpv6AddressOnCreation != nil && aws.ToBool(in.AssignIpv6AddressOnCreation.Value) {
		return nil, listing.Unsimulated("IPv6")
	}
	set := 0
	for _, a := range []struct {
		to *types.AttributeBooleanValue
		at *bool
	}{
		{in.MapPublicIpOnLaunch, &s.MapPublicIP},
		{in.EnableDns64, &s.DNS64},
		{in.EnableResourceNameDnsARecordOnLaunch, &s.NameRecordA},
		{in.AssignIpv6AddressOnCreation, new(bool)},
	} {
		if a.to != nil {
			*a.at = aws.ToBool(a.to.Value)
			set++
		}
	}
	if in.PrivateDnsHostnameTypeOnLaunch != "" {
		s.HostnameType = string(in.PrivateDnsHostnameTypeOnLaunch)
		set++
	}
	if set == 0 {
		return nil, wire.Errorf("InvalidParameterCombination", "No attributes specified.")
	}
	return &ec2.ModifySubnetAttributeOutput{}, nil
}

package network

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func TestNewRegionHasNoNetwork(t *testing.T) {
	s := newSite(t)
	if got := ok(s, DescribeVpcs, &ec2.DescribeVpcsInput{}).Vpcs; len(got) != 0 {
		t.Errorf("got %d", len(got))
	}
}

func TestVPCIsPendingAndThenAvailable(t *testing.T) {
	s := newSite(t)
	out := ok(s, CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("100.68.0.18/18"), TagSpecifications: tagged("vpc", "Name", "n")})
	if out.Vpc.State != types.VpcStatePending || *out.Vpc.CidrBlock != "100.68.0.0/18" || *out.Vpc.Tags[0].Value != "n" {
		t.Errorf("got %+v", out.Vpc)
	}
	s.Advance(2 * time.Second)
	got := ok(s, DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*out.Vpc.VpcId}}).Vpcs[0]
	if got.State != types.VpcStateAvailable || got.DhcpOptionsId == nil || *got.OwnerId == "" {
		t.Errorf("got %+v", got)
	}
}

func TestVPCIsBornWithTableGroupAndACL(t *testing.T) {
	s := newSite(t)
	id := s.vpc("10.0.0.0/16")
	tables := ok(s, DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: filters("vpc-id", id, "association.main", "true")}).RouteTables
	if len(tables) != 1 || len(tables[0].Routes) != 1 || *tables[0].Routes[0].GatewayId != "local" ||
		tables[0].Routes[0].Origin != types.RouteOriginCreateRouteTable {
		t.Errorf("tables: %+v", tables)
	}
	acls := ok(s, DescribeNetworkAcls, &ec2.DescribeNetworkAclsInput{Filters: filters("vpc-id", id, "default", "true")}).NetworkAcls
	if len(acls) != 1 || len(acls[0].Entries) != 4 {
		t.Errorf("acls: %+v", acls)
	}
	groups := ok(s, DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: filters("vpc-id", id, "group-name", "default")}).SecurityGroups
	if len(groups) != 1 || len(groups[0].IpPermissions) != 1 || len(groups[0].IpPermissionsEgress) != 1 ||
		*groups[0].IpPermissions[0].UserIdGroupPairs[0].GroupId != *groups[0].GroupId {
		t.Errorf("groups: %+v", groups)
	}
	options := ok(s, DescribeDhcpOptions, &ec2.DescribeDhcpOptionsInput{}).DhcpOptions
	if len(options) != 1 || *options[0].DhcpConfigurations[0].Values[0].Value != "eu-west-1.compute.internal" {
		t.Errorf("options: %+v", options)
	}
}

func TestVPCBlocksAreChecked(t *testing.T) {
	s := newSite(t)
	for cidr, want := range map[string][2]string{ // unordered: each case stands alone
		"10.0.0.0/8":  {"InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid."},
		"10.0.0.0/29": {"InvalidVpc.Range", "invalid"},
		"ten":         {"InvalidParameterValue", "not a valid CIDR block"},
		"fd00::/56":   {"InvalidParameterValue", "not a valid CIDR block"},
		"":            {"MissingParameter", "cidrBlock"},
	} {
		refused(s, CreateVpc, &ec2.CreateVpcInput{CidrBlock: &cidr}, want[0], want[1])
	}
	refused(s, CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), AmazonProvidedIpv6CidrBlock: aws.Bool(true)},
		"UnsupportedOperation", "IPv6")
}

func TestVPCQuotaCanBeRaised(t *testing.T) {
	s := newSite(t)
	for range 5 {
		s.vpc("10.0.0.0/16")
	}
	sixth := &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}
	refused(s, CreateVpc, sixth, "VpcLimitExceeded", "maximum number of VPCs")
	s.Region.Quotas = map[string]int{"L-F678F1CE": 6}
	ok(s, CreateVpc, sixth)
}

func TestVPCAttributesAreSetOneByOne(t *testing.T) {
	s := newSite(t)
	id := s.vpc("10.0.0.0/16")
	read := func(a types.VpcAttributeName) *ec2.DescribeVpcAttributeOutput {
		return ok(s, DescribeVpcAttribute, &ec2.DescribeVpcAttributeInput{VpcId: &id, Attribute: a})
	}
	if !*read("enableDnsSupport").EnableDnsSupport.Value || *read("enableDnsHostnames").EnableDnsHostnames.Value {
		t.Error("a new VPC resolves names and gives none")
	}
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	ok(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &id, EnableDnsHostnames: on})
	if !*read("enableDnsHostnames").EnableDnsHostnames.Value {
		t.Error("enableDnsHostnames was not set")
	}
	refused(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &id, EnableDnsHostnames: on, EnableDnsSupport: on},
		"InvalidParameterCombination", "enableDnsHostnames, enableDnsSupport")
	refused(s, ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &id}, "InvalidParameterCombination", "No attributes")
	refused(s, DescribeVpcAttribute, &ec2.DescribeVpcAttributeInput{VpcId: &id}, "MissingParameter", "attribute")
}

func TestVPCIsDeletedOnlyWhenEmpty(t *testing.T) {
	s := newSite(t)
	id := s.vpc("10.0.0.0/16")
	in := &ec2.DeleteVpcInput{VpcId: &id}
	blocked := func() {
		t.Helper()
		refused(s, DeleteVpc, in, "DependencyViolation", "The vpc '"+id+"' has dependencies and cannot be deleted.")
	}
	subnet := s.subnet(id, "10.0.0.0/24", "eu-west-1a")
	blocked()
	ok(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &subnet})
	gateway := s.gateway(id)
	blocked()
	ok(s, DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &id})
	group := s.group(id, "web")
	blocked()
	ok(s, DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: &group})
	table := s.table(id)
	blocked()
	ok(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: &table})
	ok(s, DeleteVpc, in)
	refused(s, DeleteVpc, in, "InvalidVpcID.NotFound", id)
	n := &s.Region.EC2.Network
	if n.RouteTables.Len()+n.NetworkACLs.Len()+n.SecurityGroups.Len()+n.Rules.Len() != 0 {
		t.Error("something of the VPC is left")
	}
}

func TestVPCListingHasPages(t *testing.T) {
	s := newSite(t)
	s.Region.Quotas = map[string]int{"L-F678F1CE": 20}
	for i := range 12 {
		ok(s, CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: tagged("vpc", "n", strconv.Itoa(i))})
	}
	in := &ec2.DescribeVpcsInput{MaxResults: aws.Int32(5)}
	var got []string
	for {
		out := ok(s, DescribeVpcs, in)
		for _, v := range out.Vpcs {
			got = append(got, *v.Tags[0].Value)
		}
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	for i, n := range got {
		if n != strconv.Itoa(i) {
			t.Fatalf("got %v", got)
		}
	}
	if len(got) != 12 {
		t.Errorf("got %d", len(got))
	}
}

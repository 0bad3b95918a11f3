package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

func TestSubnetHasFiveAddressesLessThanItsBlock(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	got := ok(s, CreateSubnet, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: aws.String("10.0.1.7/24"), AvailabilityZoneId: aws.String("euw1-az2")}).Subnet
	if *got.CidrBlock != "10.0.1.0/24" || *got.AvailableIpAddressCount != 251 || *got.AvailabilityZone != "eu-west-1b" || *got.MapPublicIpOnLaunch {
		t.Errorf("got %+v", got)
	}
}

func TestSubnetBlocksAreChecked(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	for _, x := range []struct{ cidr, code, words string }{
		{"10.1.0.0/24", "InvalidSubnet.Range", "The CIDR '10.1.0.0/24' is invalid."},
		{"10.0.2.0/29", "InvalidSubnet.Range", "invalid"},
		{"10.0.1.128/25", "InvalidSubnet.Conflict", "The CIDR '10.0.1.128/25' conflicts with another subnet"},
		{"10.0.0.0/16", "InvalidSubnet.Conflict", "conflicts"},
		{"x", "InvalidParameterValue", "not a valid CIDR block"},
	} {
		refused(s, CreateSubnet, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: &x.cidr}, x.code, x.words)
	}
	refused(s, CreateSubnet, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: aws.String("10.0.9.0/24"), AvailabilityZone: aws.String("us-east-1a")},
		"InvalidParameterValue", "Subnets can currently only be created in the following availability zones: eu-west-1a, eu-west-1b, eu-west-1c.")
	refused(s, CreateSubnet, &ec2.CreateSubnetInput{CidrBlock: aws.String("10.0.9.0/24")}, "MissingParameter", "vpcId")
}

func TestSubnetWithAnInterfaceCannotBeDeleted(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	id := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	table := s.table(vpc, id)
	i := s.iface(world.Interface{SubnetID: id})
	refused(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &id}, "DependencyViolation", "The subnet '"+id+"' has dependencies and cannot be deleted.")
	if got := ok(s, DescribeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: []string{id}}).Subnets[0]; *got.AvailableIpAddressCount != 250 {
		t.Errorf("%d addresses left", *got.AvailableIpAddressCount)
	}
	DeleteInterface(s.World, s.Region, i.ID)
	ok(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &id})
	// Its association went with it, so that nothing holds the table.
	ok(s, DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: &table})
	refused(s, DescribeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: []string{id}}, "InvalidSubnetID.NotFound", "The subnet ID '"+id+"' does not exist")
}

func TestSubnetAttributesAreSet(t *testing.T) {
	s := newSite(t)
	id := s.subnet(s.vpc("10.0.0.0/16"), "10.0.1.0/24", "eu-west-1a")
	ok(s, ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{SubnetId: &id, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)}})
	got := ok(s, DescribeSubnets, &ec2.DescribeSubnetsInput{Filters: filters("map-public-ip-on-launch", "true")}).Subnets
	if len(got) != 1 || *got[0].SubnetId != id {
		t.Errorf("got %+v", got)
	}
	refused(s, ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{SubnetId: &id}, "InvalidParameterCombination", "No attributes")
}

// TestAddressesAreNeverGivenTwice puts and takes interfaces at random and counts after every step.
func TestAddressesAreNeverGivenTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newSite(t)
		id := s.subnet(s.vpc("10.0.0.0/16"), "10.0.1.0/28", "eu-west-1a")
		subnet, _ := s.Region.EC2.Subnets.Get(id)
		var have []*world.Interface
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			if len(have) > 0 && rapid.Bool().Draw(rt, "take") {
				k := rapid.IntRange(0, len(have)-1).Draw(rt, "which")
				DeleteInterface(s.World, s.Region, have[k].ID)
				have = append(have[:k:k], have[k+1:]...)
			} else if i, err := NewInterface(s.World, s.Region, world.Interface{SubnetID: id}); err == nil {
				have = append(have, i)
			} else if len(have) != 11 {
				rt.Fatalf("refused with %d of 11 addresses in use: %v", len(have), err)
			}
			seen := map[string]bool{"10.0.1.0": true, "10.0.1.1": true, "10.0.1.2": true, "10.0.1.3": true, "10.0.1.15": true}
			for _, i := range have {
				if seen[i.PrivateIP] {
					rt.Fatalf("%s twice or reserved", i.PrivateIP)
				}
				seen[i.PrivateIP] = true
			}
			if got := Free(subnet); got != 11-len(have) {
				rt.Fatalf("%d free with %d in use", got, len(have))
			}
		}
	})
}

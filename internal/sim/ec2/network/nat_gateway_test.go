package network

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

func TestNATGatewayLivesThroughItsStates(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet, gateway := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.gateway(vpc)
	address := s.address()
	id := s.nat(subnet, address)
	if g := s.natGateway(id); g.State != types.NatGatewayStatePending || g.NatGatewayAddresses[0].PublicIp != nil {
		t.Errorf("new: %+v", g)
	}
	s.Advance(74 * time.Second)
	if g := s.natGateway(id); g.State != types.NatGatewayStatePending {
		t.Errorf("after 74 s: %s", g.State)
	}
	s.Advance(3 * time.Minute)
	g := s.natGateway(id)
	a := g.NatGatewayAddresses[0]
	if g.State != types.NatGatewayStateAvailable || *a.AllocationId != address || a.PublicIp == nil || a.PrivateIp == nil || a.NetworkInterfaceId == nil {
		t.Errorf("later: %+v", g)
	}
	refused(s, DisassociateAddress, &ec2.DisassociateAddressInput{AssociationId: a.AssociationId}, "AuthFailure", "permission")
	refused(s, DeleteNetworkInterface, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: a.NetworkInterfaceId}, "InvalidParameterValue", "is currently in use")

	ok(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &id})
	ok(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &id})
	s.Advance(39 * time.Second)
	if g := s.natGateway(id); g.State != types.NatGatewayStateDeleting || g.DeleteTime == nil {
		t.Errorf("deleting: %+v", g)
	}
	refused(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &address}, "AuthFailure", "permission")
	refused(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &subnet}, "DependencyViolation", "")
	refused(s, DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc}, "DependencyViolation", "mapped public address")
	s.Advance(time.Minute)
	if g := s.natGateway(id); g.State != types.NatGatewayStateDeleted {
		t.Errorf("deleted: %s", g.State)
	}
	refused(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &id}, "NatGatewayNotFound", "")
	ok(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &address})
	ok(s, DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: &gateway, VpcId: &vpc})
	ok(s, DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &subnet})
	s.Advance(time.Hour)
	refused(s, DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{id}}, "NatGatewayNotFound", "NAT gateway "+id+" was not found")
}

func TestNATGatewayFailsLater(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/28", "eu-west-1a")
	busy, gone := s.address(), s.address()
	ok(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &gone})
	ids := map[string]string{s.nat(subnet, busy): "Gateway.NotAttached"}
	s.gateway(vpc)
	ids[s.nat(subnet, gone)] = "InvalidAllocationID.NotFound"
	eni := s.iface(world.Interface{SubnetID: subnet})
	ok(s, AssociateAddress, &ec2.AssociateAddressInput{AllocationId: &busy, NetworkInterfaceId: &eni.ID})
	ids[s.nat(subnet, busy)] = "Resource.AlreadyAssociated"
	for range 10 {
		s.iface(world.Interface{SubnetID: subnet})
	}
	free := s.address()
	ids[s.nat(subnet, free)] = "InsufficientFreeAddressesInSubnet"
	for id := range ids { // unordered: all are pending
		if g := s.natGateway(id); g.State != types.NatGatewayStatePending || g.FailureCode != nil {
			t.Errorf("at once: %+v", g)
		}
	}
	s.Advance(2 * time.Minute)
	for id, code := range ids { // unordered: each case stands alone
		if g := s.natGateway(id); g.State != types.NatGatewayStateFailed || aws.ToString(g.FailureCode) != code || g.FailureMessage == nil {
			t.Errorf("%s: %s %s", code, g.State, aws.ToString(g.FailureCode))
		}
	}
	ok(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &free})
	s.Advance(time.Hour)
	if left := ok(s, DescribeNatGateways, &ec2.DescribeNatGatewaysInput{}).NatGateways; len(left) != 0 {
		t.Errorf("%d failed gateways are remembered", len(left))
	}
}

func TestNATGatewayIsMadeOncePerToken(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.gateway(vpc)
	subnet, address := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.address()
	in := &ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &address, ClientToken: aws.String("once")}
	if a, b := ok(s, CreateNatGateway, in), ok(s, CreateNatGateway, in); *a.NatGateway.NatGatewayId != *b.NatGateway.NatGatewayId {
		t.Error("the repeat made another gateway")
	}
}

func TestNATGatewayQuotaCountsByZone(t *testing.T) {
	s := newSite(t)
	s.Region.Quotas = map[string]int{"L-FE5A380F": 1}
	vpc := s.vpc("10.0.0.0/16")
	s.gateway(vpc)
	a, b := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.subnet(vpc, "10.0.2.0/24", "eu-west-1b")
	first, spare := s.address(), s.address()
	id := s.nat(a, first)
	in := &ec2.CreateNatGatewayInput{SubnetId: &a, AllocationId: &spare}
	refused(s, CreateNatGateway, in, "NatGatewayLimitExceeded", "Performing this operation would exceed the limit of 1 NAT gateways")
	s.nat(b, spare)
	s.Advance(5 * time.Minute)
	ok(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &id})
	refused(s, CreateNatGateway, in, "NatGatewayLimitExceeded", "")
	s.Advance(2 * time.Minute)
	s.nat(a, first)
}

func TestNATGatewayParametersAreChecked(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	refused(s, CreateNatGateway, &ec2.CreateNatGatewayInput{}, "MissingParameter", "SubnetId")
	refused(s, CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &subnet}, "MissingParameter", "AllocationId")
	refused(s, CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &subnet, AvailabilityMode: "regional"}, "UnsupportedOperation", "regional")
	refused(s, DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: aws.String("nat")}, "NatGatewayMalformed", "")
	private := ok(s, CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &subnet, ConnectivityType: types.ConnectivityTypePrivate})
	s.Advance(5 * time.Minute)
	if g := s.natGateway(*private.NatGateway.NatGatewayId); g.State != types.NatGatewayStateAvailable || g.NatGatewayAddresses[0].PublicIp != nil {
		t.Errorf("private: %+v", g)
	}
}

package network

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

func TestPublicAddressesAreNeverGivenTwice(t *testing.T) {
	for _, seed := range []uint64{0, 1, 77} {
		w, seen := world.New(seed), map[string]bool{}
		for range 20_000 {
			ip := NewPublicIP(w)
			if a, err := netip.ParseAddr(ip); err != nil || a.IsPrivate() || seen[ip] {
				t.Fatalf("seed %d: %s", seed, ip)
			}
			seen[ip] = true
		}
	}
}

func TestAddressIsMappedMovedAndReleased(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	eni, second := s.iface(world.Interface{SubnetID: subnet}), s.iface(world.Interface{SubnetID: subnet, InstanceID: "i-0123456789abcdef0"})
	id := s.address()
	in := &ec2.AssociateAddressInput{AllocationId: &id, NetworkInterfaceId: &eni.ID}
	refused(s, AssociateAddress, in, "Gateway.NotAttached", vpc)
	s.gateway(vpc)
	first := *ok(s, AssociateAddress, in).AssociationId
	if again := *ok(s, AssociateAddress, in).AssociationId; again != first {
		t.Error("the repeat made another association")
	}
	got := ok(s, DescribeAddresses, &ec2.DescribeAddressesInput{Filters: filters("network-interface-id", eni.ID)}).Addresses
	if len(got) != 1 || *got[0].AssociationId != first || *got[0].PublicIp != eni.PublicIP || *got[0].PrivateIpAddress != eni.PrivateIP {
		t.Errorf("got %+v", got)
	}
	refused(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &id}, "InvalidIPAddress.InUse", eni.PublicIP)
	move := &ec2.AssociateAddressInput{AllocationId: &id, InstanceId: aws.String("i-0123456789abcdef0")}
	refused(s, AssociateAddress, move, "Resource.AlreadyAssociated", first)
	move.AllowReassociation = aws.Bool(true)
	next := ok(s, AssociateAddress, move).AssociationId
	if eni.PublicIP != "" || second.PublicIP == "" || *next == first {
		t.Errorf("moved: %q, %q", eni.PublicIP, second.PublicIP)
	}
	refused(s, DisassociateAddress, &ec2.DisassociateAddressInput{AssociationId: &first}, "InvalidAssociationID.NotFound", first)
	ok(s, DisassociateAddress, &ec2.DisassociateAddressInput{AssociationId: next})
	ok(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &id})
	refused(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &id}, "InvalidAllocationID.NotFound", "Allocation ID '"+id+"' not found.")
	refused(s, DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{id}}, "InvalidAllocationID.NotFound", "")
	refused(s, DescribeAddresses, &ec2.DescribeAddressesInput{PublicIps: []string{"3.3.3.3"}}, "InvalidAddress.NotFound", "Address '3.3.3.3' not found.")
}

func TestAddressQuotaCanBeRaised(t *testing.T) {
	s := newSite(t)
	for range 5 {
		s.address()
	}
	refused(s, AllocateAddress, &ec2.AllocateAddressInput{}, "AddressLimitExceeded", "The maximum number of addresses has been reached.")
	s.Region.Quotas = map[string]int{"L-0263D0A3": 6}
	s.address()
	if got := ok(s, DescribeAddressesAttribute, &ec2.DescribeAddressesAttributeInput{}).Addresses; len(got) != 6 {
		t.Errorf("attributes of %d addresses", len(got))
	}
}

func TestDeletedInterfaceFreesItsAddress(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.gateway(vpc)
	eni := s.iface(world.Interface{SubnetID: s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")})
	id := s.address()
	ok(s, AssociateAddress, &ec2.AssociateAddressInput{AllocationId: &id, NetworkInterfaceId: &eni.ID})
	ok(s, DeleteNetworkInterface, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: &eni.ID})
	ok(s, ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &id})
}

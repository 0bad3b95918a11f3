package network

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func TestInterfacesAreFoundByWhatClientsAsk(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet, group := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.group(vpc, "lb")
	lb := s.iface(world.Interface{
		SubnetID: subnet, Groups: []string{group}, Description: "ELB app/x/1", RequesterID: "amazon-elb", RequesterManaged: true,
		AttachOwner: "amazon-elb", PublicIP: NewPublicIP(s.World),
	})
	vm := s.iface(world.Interface{SubnetID: subnet, InstanceID: "i-0123456789abcdef0"})
	loose := s.iface(world.Interface{SubnetID: subnet})
	for _, x := range []struct {
		name, value string
		want        []string
	}{
		{"vpc-id", vpc, []string{lb.ID, vm.ID, loose.ID}},
		{"subnet-id", subnet, []string{lb.ID, vm.ID, loose.ID}},
		{"group-id", group, []string{lb.ID}},
		{"group-name", "lb", []string{lb.ID}},
		{"description", "ELB *", []string{lb.ID}},
		{"requester-id", "amazon-elb", []string{lb.ID}},
		{"requester-managed", "true", []string{lb.ID}},
		{"attachment.instance-id", "i-0123456789abcdef0", []string{vm.ID}},
		{"attachment.instance-owner-id", "amazon-elb", []string{lb.ID}},
		{"attachment.status", "attached", []string{lb.ID, vm.ID}},
		{"status", "available", []string{loose.ID}},
		{"status", "in-use", []string{lb.ID, vm.ID}},
		{"association.public-ip", lb.PublicIP, []string{lb.ID}},
		{"availability-zone", "eu-west-1b", nil},
	} {
		got := ok(s, DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{Filters: filters(x.name, x.value)}).NetworkInterfaces
		same := len(got) == len(x.want)
		for i := range x.want {
			same = same && *got[i].NetworkInterfaceId == x.want[i]
		}
		if !same {
			t.Errorf("%s=%s: %d interfaces, want %d", x.name, x.value, len(got), len(x.want))
		}
	}
}

func TestInterfaceShowsItsAttachmentAndAddress(t *testing.T) {
	s := newSite(t)
	subnet := s.subnet(s.vpc("10.0.0.0/16"), "10.0.1.0/24", "eu-west-1a")
	i := s.iface(world.Interface{SubnetID: subnet, InstanceID: "i-0123456789abcdef0", PublicIP: "3.1.2.3"})
	got := ok(s, DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{NetworkInterfaceIds: []string{i.ID}}).NetworkInterfaces[0]
	if got.Status != "in-use" || *got.Attachment.InstanceId != i.InstanceID || !*got.Attachment.DeleteOnTermination ||
		*got.Association.PublicDnsName != "ec2-3-1-2-3.eu-west-1.compute.amazonaws.com" || *got.Association.IpOwnerId != "amazon" ||
		*got.PrivateDnsName != "ip-10-0-1-4.eu-west-1.compute.internal" || *got.AvailabilityZoneId != "euw1-az1" || *got.Groups[0].GroupName != "default" {
		t.Errorf("got %+v", got)
	}
}

func TestInterfacesOfUsersAreMadeAndDeleted(t *testing.T) {
	s := newSite(t)
	vpc, other := s.vpc("10.0.0.0/16"), s.vpc("10.1.0.0/16")
	subnet, foreign := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a"), s.group(other, "x")
	in := &ec2.CreateNetworkInterfaceInput{SubnetId: &subnet, PrivateIpAddress: aws.String("10.0.1.77"), ClientToken: aws.String("t"), TagSpecifications: tagged("network-interface", "a", "b")}
	made := ok(s, CreateNetworkInterface, in).NetworkInterface
	if again := ok(s, CreateNetworkInterface, in).NetworkInterface; *again.NetworkInterfaceId != *made.NetworkInterfaceId {
		t.Error("the repeat made another interface")
	}
	if *made.PrivateIpAddress != "10.0.1.77" || made.Status != types.NetworkInterfaceStatusAvailable || *made.TagSet[0].Key != "a" {
		t.Errorf("got %+v", made)
	}
	for ip, code := range map[string]string{ // unordered: each case stands alone
		"10.0.1.77": "InvalidIPAddress.InUse", "10.0.1.2": "InvalidParameterValue", "10.0.1.255": "InvalidParameterValue", "10.0.2.9": "InvalidParameterValue",
	} {
		refused(s, CreateNetworkInterface, &ec2.CreateNetworkInterfaceInput{SubnetId: &subnet, PrivateIpAddress: &ip}, code, "ddress")
	}
	refused(s, CreateNetworkInterface, &ec2.CreateNetworkInterfaceInput{SubnetId: &subnet, Groups: []string{foreign}}, "InvalidParameter", "different networks")
	ok(s, DeleteNetworkInterface, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: made.NetworkInterfaceId})
	refused(s, DeleteNetworkInterface, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: made.NetworkInterfaceId}, "InvalidNetworkInterfaceID.NotFound", "")
	busy := s.iface(world.Interface{SubnetID: subnet, InstanceID: "i-0123456789abcdef0"})
	refused(s, DeleteNetworkInterface, &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: &busy.ID}, "InvalidParameterValue", "Network interface '"+busy.ID+"' is currently in use.")
}

func TestFullSubnetTakesNoMore(t *testing.T) {
	s := newSite(t)
	subnet := s.subnet(s.vpc("10.0.0.0/16"), "10.0.1.0/28", "eu-west-1a")
	for range 11 {
		s.iface(world.Interface{SubnetID: subnet})
	}
	_, err := NewInterface(s.World, s.Region, world.Interface{SubnetID: subnet})
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != "InsufficientFreeAddressesInSubnet" {
		t.Errorf("got %v", err)
	}
	DeleteInterface(s.World, s.Region, "eni-unknown")
}

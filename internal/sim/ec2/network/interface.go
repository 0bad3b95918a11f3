package network

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func interfaceKind() listing.Kind[world.Interface] {
	return listing.Kind[world.Interface]{
		Resource: types.ResourceTypeNetworkInterface, Prefix: "eni",
		Missing: "InvalidNetworkInterfaceID.NotFound", Malformed: "InvalidNetworkInterfaceId.Malformed",
		Text:  "The networkInterface ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.Interface] { return &r.EC2.Interfaces },
		Tags:  func(i *world.Interface) *world.Tags { return &i.Tags },
	}
}

// NewInterface puts a network interface into spec.SubnetID; it takes a free private address unless spec names one, and
// the VPC's default group if it is a plain one without groups. An interface with an InstanceID or an AttachOwner is in
// use from the start. The id, network, zone, and status of spec are ignored.
func NewInterface(w *world.World, r *world.Region, spec world.Interface) (*world.Interface, error) {
	s, err := Subnets().Find(r, spec.SubnetID)
	if err != nil {
		return nil, err
	}
	if r.EC2.Interfaces.Len() >= r.Quota(QuotaInterfaces) {
		return nil, wire.Errorf("NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached.")
	}
	i := spec
	if i.InterfaceType == "" {
		i.InterfaceType = "interface"
	}
	if len(i.Groups) == 0 && i.InterfaceType == "interface" {
		i.Groups = []string{defaultGroup(&r.EC2.Network, s.VPCID)}
	}
	if err := GroupsOfVPC(r, s.VPCID, i.Groups); err != nil {
		return nil, err
	}
	if i.PrivateIP, err = takeAddress(s, i.PrivateIP); err != nil {
		return nil, err
	}
	i.ID, i.VPCID, i.Zone, i.Status = w.NewID("eni"), s.VPCID, s.Zone, "available"
	i.MAC = mac(w)
	if i.InstanceID != "" && i.AttachOwner == "" {
		i.AttachOwner = world.Account
	}
	if i.AttachOwner != "" {
		i.Status, i.AttachmentID, i.Attached = "in-use", w.NewID("eni-attach"), w.Now()
	}
	r.EC2.Interfaces.Put(i.ID, &i)
	return &i, nil
}

// mac makes a locally administered hardware address.
func mac(w *world.World) string {
	h := w.Hex(10)
	return strings.Join([]string{"06", h[:2], h[2:4], h[4:6], h[6:8], h[8:]}, ":")
}

// takeAddress takes the asked private address of a subnet, or the next free one.
func takeAddress(s *world.Subnet, asked string) (string, error) {
	cidr, _ := block(s.CIDR)
	size := 1 << (32 - cidr.Bits())
	if s.Taken == nil {
		s.Taken = map[int]bool{}
	}
	if asked != "" {
		return asked, takeAsked(s, cidr, asked)
	}
	if Free(s) <= 0 {
		return "", wire.Errorf("InsufficientFreeAddressesInSubnet",
			"The specified subnet does not have enough free addresses to satisfy the request.")
	}
	usable := size - reservedAll
	for step := range usable {
		at := reservedFirst + (s.Cursor+step)%usable
		if !s.Taken[at] {
			s.Taken[at], s.Cursor = true, at-reservedFirst+1
			return addressAt(cidr, at).String(), nil
		}
	}
	return "", wire.Errorf("InsufficientFreeAddressesInSubnet",
		"The specified subnet does not have enough free addresses to satisfy the request.")
}

func takeAsked(s *world.Subnet, cidr netip.Prefix, asked string) error {
	a, err := netip.ParseAddr(asked)
	if err != nil || !a.Is4() || !cidr.Contains(a) {
		return listing.Invalid("Address %s does not fall within the subnet's address range", asked)
	}
	at := offset(cidr, a)
	if at < reservedFirst || at == 1<<(32-cidr.Bits())-1 {
		return listing.Invalid("Address %s is in subnet's reserved address range", asked)
	}
	if s.Taken[at] {
		return wire.Errorf("InvalidIPAddress.InUse", "Address %s is in use.", asked)
	}
	s.Taken[at] = true
	return nil
}

// DeleteInterface removes an interface at once, gives its private address back and takes an Elastic IP off it; an
// unknown id is fine.
func DeleteInterface(_ *world.World, r *world.Region, id string) {
	i, ok := r.EC2.Interfaces.Get(id)
	if !ok {
		return
	}
	if a, ok := r.EC2.Addresses.Get(i.Allocation); ok {
		unmap(r, a)
	}
	if s, ok := r.EC2.Subnets.Get(i.SubnetID); ok {
		if cidr, ok := block(s.CIDR); ok {
			delete(s.Taken, offset(cidr, netip.MustParseAddr(i.PrivateIP)))
		}
	}
	r.EC2.Interfaces.Delete(id)
}

// primaryInterface is an instance's first interface.
func primaryInterface(r *world.Region, instance string) (*world.Interface, error) {
	for i := range r.EC2.Interfaces.Rows() {
		if i.InstanceID == instance && i.DeviceIndex == 0 && instance != "" {
			return i, nil
		}
	}
	return nil, wire.Errorf("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", instance)
}

// CreateNetworkInterface makes an interface that is attached to nothing.
func CreateNetworkInterface(c *world.Call, in *ec2.CreateNetworkInterfaceInput) (*ec2.CreateNetworkInterfaceOutput, error) {
	if in.SecondaryPrivateIpAddressCount != nil || len(in.PrivateIpAddresses) > 1 || in.Ipv6AddressCount != nil || len(in.Ipv6Addresses) > 0 {
		return nil, listing.Unsimulated("secondary and IPv6 addresses of interfaces")
	}
	s, err := Subnets().Need(c.Region, "subnetId", in.SubnetId)
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeNetworkInterface)
	if err != nil {
		return nil, err
	}
	if len(in.Groups) > c.Region.Quota(quotaGroupsPerENI) {
		return nil, wire.Errorf("SecurityGroupsPerInterfaceLimitExceeded",
			"The maximum number of security groups per interface has been reached.")
	}
	token, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	i, again := c.Region.EC2.Interfaces.Get(token.Made)
	if !again {
		i, err = NewInterface(c.World, c.Region, world.Interface{
			SubnetID: s.ID, PrivateIP: askedAddress(in), Groups: slices.Clone(in.Groups), Description: aws.ToString(in.Description), Tags: tags,
		})
		if err != nil {
			return nil, err
		}
		token.Done(i.ID)
	}
	out := interfaceOut(c.Region, i)
	return &ec2.CreateNetworkInterfaceOutput{NetworkInterface: &out, ClientToken: in.ClientToken}, nil
}

func askedAddress(in *ec2.CreateNetworkInterfaceInput) string {
	if len(in.PrivateIpAddresses) == 1 {
		return aws.ToString(in.PrivateIpAddresses[0].PrivateIpAddress)
	}
	return aws.ToString(in.PrivateIpAddress)
}

// DeleteNetworkInterface deletes an interface that is attached to nothing.
func DeleteNetworkInterface(c *world.Call, in *ec2.DeleteNetworkInterfaceInput) (*ec2.DeleteNetworkInterfaceOutput, error) {
	i, err := interfaceKind().Need(c.Region, "networkInterfaceId", in.NetworkInterfaceId)
	if err != nil {
		return nil, err
	}
	if i.AttachmentID != "" {
		return nil, listing.Invalid("Network interface '%s' is currently in use.", i.ID)
	}
	DeleteInterface(c.World, c.Region, i.ID)
	return &ec2.DeleteNetworkInterfaceOutput{}, nil
}

// DescribeNetworkInterfaces lists network interfaces, those of other services too.
func DescribeNetworkInterfaces(c *world.Call, in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
	rows, next, err := interfaceKind().List(c.Region, listing.Query[world.Interface]{
		IDs: in.NetworkInterfaceIds, Filters: in.Filters, Known: InterfaceFields(c.Region),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(i *world.Interface) types.NetworkInterface { return interfaceOut(c.Region, i) })
	return &ec2.DescribeNetworkInterfacesOutput{NetworkInterfaces: out, NextToken: next}, nil
}

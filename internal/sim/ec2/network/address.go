package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func addressKind() listing.Kind[world.Address] {
	return listing.Kind[world.Address]{
		Resource: types.ResourceTypeElasticIp, Prefix: "eipalloc", Missing: "InvalidAllocationID.NotFound",
		Text:  "Allocation ID '%s' not found.",
		Table: func(r *world.Region) *world.Table[world.Address] { return &r.EC2.Addresses },
		Tags:  func(a *world.Address) *world.Tags { return &a.Tags },
	}
}

// NewPublicIP takes a public IPv4 address that no earlier call took.
func NewPublicIP(w *world.World) string {
	const name, span = "ec2.public-ip", 1 << 24
	n := w.Counts[name]
	w.Counts[name] = n + 1
	// An odd factor makes every number below the span occur once before any repeats.
	x := (n*0x9e3779 + w.Seed*0x2545f5 + 0x10203) % span
	return fmt.Sprintf("3.%d.%d.%d", x>>16, x>>8&0xff, x&0xff)
}

// PublicDNS is the public name of an address.
func PublicDNS(region, ip string) string {
	domain := region + ".compute"
	if region == "us-east-1" {
		domain = "compute-1"
	}
	return "ec2-" + strings.ReplaceAll(ip, ".", "-") + "." + domain + ".amazonaws.com"
}

// AllocateAddress takes an Elastic IP from Amazon's pool.
func AllocateAddress(c *world.Call, in *ec2.AllocateAddressInput) (*ec2.AllocateAddressOutput, error) {
	if in.CustomerOwnedIpv4Pool != nil || in.IpamPoolId != nil || in.Address != nil {
		return nil, listing.Unsimulated("addresses of one's own pools")
	}
	if in.Domain != "" && in.Domain != types.DomainTypeVpc {
		return nil, listing.Invalid("Value (%s) for parameter domain is invalid.", in.Domain)
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeElasticIp)
	if err != nil {
		return nil, err
	}
	t := &c.Region.EC2.Addresses
	if t.Len() >= c.Region.Quota(quotaAddresses) {
		return nil, wire.Errorf("AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}
	a := &world.Address{ID: c.NewID("eipalloc"), IP: NewPublicIP(c.World), Tags: tags}
	t.Put(a.ID, a)
	return &ec2.AllocateAddressOutput{
		AllocationId: aws.String(a.ID), PublicIp: aws.String(a.IP), Domain: types.DomainTypeVpc,
		NetworkBorderGroup: aws.String(c.Region.Name), PublicIpv4Pool: aws.String("amazon"),
	}, nil
}

// addressBy finds an address by allocation id or by its IP.
func addressBy(r *world.Region, id, ip *string) (*world.Address, error) {
	if aws.ToString(id) != "" {
		return addressKind().Find(r, *id)
	}
	if aws.ToString(ip) == "" {
		return nil, listing.Missing("allocationId")
	}
	for a := range r.EC2.Addresses.Rows() {
		if a.IP == *ip {
			return a, nil
		}
	}
	return nil, wire.Errorf("InvalidAddress.NotFound", "Address '%s' not found.", *ip)
}

// notYours is the refusal to touch an address that a service has, such as a NAT gateway.
func notYours() error {
	return wire.Errorf("AuthFailure", "You do not have permission to access the specified resource.")
}

// serviceHas tells whether a service has the address, and not the user.
func serviceHas(r *world.Region, a *world.Address) bool {
	i, ok := r.EC2.Interfaces.Get(a.Interface)
	return ok && i.RequesterManaged
}

// ReleaseAddress gives a free address back.
func ReleaseAddress(c *world.Call, in *ec2.ReleaseAddressInput) (*ec2.ReleaseAddressOutput, error) {
	a, err := addressBy(c.Region, in.AllocationId, in.PublicIp)
	if err != nil {
		return nil, err
	}
	if serviceHas(c.Region, a) {
		return nil, notYours()
	}
	if a.AssociationID != "" {
		return nil, wire.Errorf("InvalidIPAddress.InUse", "Address %s is in use.", a.IP)
	}
	c.Region.EC2.Addresses.Delete(a.ID)
	return &ec2.ReleaseAddressOutput{}, nil
}

// AssociateAddress maps an address to an interface, or to the primary one of an instance. Repeating it changes nothing.
func AssociateAddress(c *world.Call, in *ec2.AssociateAddressInput) (*ec2.AssociateAddressOutput, error) {
	a, err := addressBy(c.Region, in.AllocationId, in.PublicIp)
	if err != nil {
		return nil, err
	}
	i, err := associationTarget(c.Region, in)
	if err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	if gatewayOf(n, i.VPCID) == nil {
		return nil, wire.Errorf("Gateway.NotAttached", "Network %s is not attached to any internet gateway", i.VPCID)
	}
	if a.Interface == i.ID {
		return &ec2.AssociateAddressOutput{AssociationId: aws.String(a.AssociationID)}, nil
	}
	if a.AssociationID != "" && !aws.ToBool(in.AllowReassociation) {
		return nil, wire.Errorf("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", a.ID, a.AssociationID)
	}
	if i.AssociationID != "" && !aws.ToBool(in.AllowReassociation) {
		return nil, wire.Errorf("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", i.ID, i.AssociationID)
	}
	if old, ok := n.Addresses.Get(i.Allocation); ok {
		unmap(c.Region, old)
	}
	unmap(c.Region, a)
	mapAddress(c.World, c.Region, a, i)
	return &ec2.AssociateAddressOutput{AssociationId: aws.String(a.AssociationID)}, nil
}

func associationTarget(r *world.Region, in *ec2.AssociateAddressInput) (*world.Interface, error) {
	if id := aws.ToString(in.NetworkInterfaceId); id != "" {
		return interfaceKind().Find(r, id)
	}
	if id := aws.ToString(in.InstanceId); id != "" {
		return primaryInterface(r, id)
	}
	return nil, wire.Errorf("MissingParameter", "Either 'InstanceId' or 'NetworkInterfaceId' must be specified")
}

// mapAddress gives a free address to an interface.
func mapAddress(w *world.World, r *world.Region, a *world.Address, i *world.Interface) {
	a.AssociationID, a.Interface = w.NewID("eipassoc"), i.ID
	i.PublicIP, i.Allocation, i.AssociationID = a.IP, a.ID, a.AssociationID
	showPublicIP(r, i)
}

// unmap takes an address off whatever has it.
func unmap(r *world.Region, a *world.Address) {
	if i, ok := r.EC2.Interfaces.Get(a.Interface); ok {
		i.PublicIP, i.Allocation, i.AssociationID = "", "", ""
		showPublicIP(r, i)
	}
	a.AssociationID, a.Interface = "", ""
}

// showPublicIP lets the instance of a primary interface know its public address.
func showPublicIP(r *world.Region, i *world.Interface) {
	if m, ok := r.EC2.Instances.Get(i.InstanceID); ok && i.DeviceIndex == 0 {
		m.PublicIP = i.PublicIP
	}
}

// DisassociateAddress takes an address off its interface; one that a NAT gateway has is not the caller's to take.
func DisassociateAddress(c *world.Call, in *ec2.DisassociateAddressInput) (*ec2.DisassociateAddressOutput, error) {
	a, err := associatedAddress(c.Region, in)
	if err != nil {
		return nil, err
	}
	if serviceHas(c.Region, a) {
		return nil, notYours()
	}
	unmap(c.Region, a)
	return &ec2.DisassociateAddressOutput{}, nil
}

func associatedAddress(r *world.Region, in *ec2.DisassociateAddressInput) (*world.Address, error) {
	id := aws.ToString(in.AssociationId)
	if id == "" {
		return addressBy(r, nil, in.PublicIp)
	}
	for a := range r.EC2.Addresses.Rows() {
		if a.AssociationID == id {
			return a, nil
		}
	}
	return nil, wire.Errorf("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", id)
}

// DescribeAddresses lists Elastic IPs; it has no pages.
func DescribeAddresses(c *world.Call, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
	for _, ip := range in.PublicIps {
		if _, err := addressBy(c.Region, nil, &ip); err != nil {
			return nil, err
		}
	}
	rows, _, err := addressKind().List(c.Region, listing.Query[world.Address]{
		IDs: in.AllocationIds, Filters: in.Filters, Known: addressFields(c.Region),
	})
	if err != nil {
		return nil, err
	}
	if len(in.PublicIps) > 0 {
		rows = slices.DeleteFunc(rows, func(a *world.Address) bool { return !slices.Contains(in.PublicIps, a.IP) })
	}
	return &ec2.DescribeAddressesOutput{Addresses: listing.Each(rows, func(a *world.Address) types.Address { return addressOut(c.Region, a) })}, nil
}

func addressOut(r *world.Region, a *world.Address) types.Address {
	out := types.Address{
		AllocationId: aws.String(a.ID), PublicIp: aws.String(a.IP), Domain: types.DomainTypeVpc,
		NetworkBorderGroup: aws.String(r.Name), PublicIpv4Pool: aws.String("amazon"), Tags: listing.ToTags(a.Tags),
	}
	i, ok := r.EC2.Interfaces.Get(a.Interface)
	if !ok {
		return out
	}
	out.AssociationId, out.NetworkInterfaceId = aws.String(a.AssociationID), aws.String(i.ID)
	out.NetworkInterfaceOwnerId, out.PrivateIpAddress = aws.String(world.Account), aws.String(i.PrivateIP)
	out.InstanceId = listing.Filled(i.InstanceID)
	return out
}

func addressFields(r *world.Region) listing.Fields[world.Address] {
	at := func(f func(*world.Interface) string) func(*world.Address) []string {
		return func(a *world.Address) []string {
			if i, ok := r.EC2.Interfaces.Get(a.Interface); ok {
				return listing.One(f(i))
			}
			return nil
		}
	}
	return listing.Fields[world.Address]{
		"allocation-id":              func(a *world.Address) []string { return listing.One(a.ID) },
		"association-id":             func(a *world.Address) []string { return listing.One(a.AssociationID) },
		"domain":                     func(*world.Address) []string { return listing.One("vpc") },
		"instance-id":                at(func(i *world.Interface) string { return i.InstanceID }),
		"network-border-group":       func(*world.Address) []string { return listing.One(r.Name) },
		"network-interface-id":       func(a *world.Address) []string { return listing.One(a.Interface) },
		"network-interface-owner-id": at(func(*world.Interface) string { return world.Account }),
		"private-ip-address":         at(func(i *world.Interface) string { return i.PrivateIP }),
		"public-ip":                  func(a *world.Address) []string { return listing.One(a.IP) },
	}
}

// DescribeAddressesAttribute answers the reverse DNS names of addresses: there are none.
func DescribeAddressesAttribute(c *world.Call, in *ec2.DescribeAddressesAttributeInput) (*ec2.DescribeAddressesAttributeOutput, error) {
	rows, next, err := addressKind().List(c.Region, listing.Query[world.Address]{
		IDs: in.AllocationIds, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(a *world.Address) types.AddressAttribute {
		return types.AddressAttribute{AllocationId: aws.String(a.ID), PublicIp: aws.String(a.IP)}
	})
	return &ec2.DescribeAddressesAttributeOutput{Addresses: out, NextToken: next}, nil
}

package network

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The events of a NAT gateway's life.
const (
	natSettled   world.Kind = "ec2.nat-settled"
	natGone      world.Kind = "ec2.nat-deleted"
	natForgotten world.Kind = "ec2.nat-forgotten"
)

const (
	natPending   = string(types.NatGatewayStatePending)
	natFailed    = string(types.NatGatewayStateFailed)
	natAvailable = string(types.NatGatewayStateAvailable)
	natDeleting  = string(types.NatGatewayStateDeleting)
	natDeleted   = string(types.NatGatewayStateDeleted)
)

// natMemory is how long a deleted or failed gateway is still shown.
const natMemory = time.Hour

// natCreate was measured on real accounts: 84 to 154 s, median 100 s.
func natCreate() world.Span {
	return world.Span{Mean: 105 * time.Second, Deviation: 20 * time.Second, Floor: 75 * time.Second}
}

// natDelete was measured on real accounts: 42 to 61 s.
func natDelete() world.Span {
	return world.Span{Mean: 52 * time.Second, Deviation: 8 * time.Second, Floor: 40 * time.Second}
}

// natFail is how long AWS takes to find out that a gateway cannot be made; nobody publishes it.
func natFail() world.Span {
	return world.Span{Mean: 30 * time.Second, Deviation: 10 * time.Second, Floor: 5 * time.Second}
}

func natKind() listing.Kind[world.NATGateway] {
	return listing.Kind[world.NATGateway]{
		Resource: types.ResourceTypeNatgateway, Prefix: "nat", Missing: "NatGatewayNotFound", Malformed: "NatGatewayMalformed",
		Text:  "NAT gateway %s was not found",
		Table: func(r *world.Region) *world.Table[world.NATGateway] { return &r.EC2.NATGateways },
		Tags:  func(g *world.NATGateway) *world.Tags { return &g.Tags },
	}
}

// CreateNatGateway begins to make a zonal gateway. What is wrong with its address or network shows only later, as the
// state failed (EC2 API reference, NatGateway).
func CreateNatGateway(c *world.Call, in *ec2.CreateNatGatewayInput) (*ec2.CreateNatGatewayOutput, error) {
	if err := natSupported(in); err != nil {
		return nil, err
	}
	s, err := Subnets().Need(c.Region, "SubnetId", in.SubnetId)
	if err != nil {
		return nil, err
	}
	public := in.ConnectivityType != types.ConnectivityTypePrivate
	if public && aws.ToString(in.AllocationId) == "" {
		return nil, listing.Missing("AllocationId")
	}
	if !public && in.AllocationId != nil {
		return nil, wire.Errorf("InvalidParameterCombination", "The parameter AllocationId cannot be used with the connectivity type private")
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeNatgateway)
	if err != nil {
		return nil, err
	}
	token, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	g, again := c.Region.EC2.NATGateways.Get(token.Made)
	if !again {
		if g, err = beginNAT(c, in, s, tags); err != nil {
			return nil, err
		}
		token.Done(g.ID)
	}
	out := natOut(g)
	return &ec2.CreateNatGatewayOutput{NatGateway: &out, ClientToken: in.ClientToken}, nil
}

func natSupported(in *ec2.CreateNatGatewayInput) error {
	if in.AvailabilityMode == types.AvailabilityModeRegional {
		return listing.Unsimulated("regional NAT gateways")
	}
	if len(in.SecondaryAllocationIds)+len(in.SecondaryPrivateIpAddresses) > 0 || in.SecondaryPrivateIpAddressCount != nil {
		return listing.Unsimulated("secondary addresses of NAT gateways")
	}
	return nil
}

func beginNAT(c *world.Call, in *ec2.CreateNatGatewayInput, s *world.Subnet, tags world.Tags) (*world.NATGateway, error) {
	n, limit := &c.Region.EC2.Network, c.Region.Quota(quotaNATs)
	if natsIn(n, s.Zone) >= limit {
		return nil, wire.Errorf("NatGatewayLimitExceeded", "Performing this operation would exceed the limit of %d NAT gateways", limit)
	}
	g := &world.NATGateway{
		ID: c.NewID("nat"), VPCID: s.VPCID, SubnetID: s.ID, State: natPending, Created: c.Now(), Tags: tags,
		Public: in.ConnectivityType != types.ConnectivityTypePrivate, Allocation: aws.ToString(in.AllocationId),
	}
	n.NATGateways.Put(g.ID, g)
	wireNAT(c, g, aws.ToString(in.PrivateIpAddress))
	name, span := "ec2.nat-create", natCreate()
	if g.FailureCode != "" {
		name, span = "ec2.nat-fail", natFail()
	}
	c.Schedule(c.Draw(name, g.ID, span), world.Event{Kind: natSettled, Region: c.Region.Name, ID: g.ID})
	return g, nil
}

// natsIn counts the gateways of a zone that count towards its quota.
func natsIn(n *world.Network, zone string) int {
	return listing.Count(&n.NATGateways, func(g *world.NATGateway) bool {
		s, ok := n.Subnets.Get(g.SubnetID)
		return ok && s.Zone == zone && g.State != natFailed && g.State != natDeleted
	})
}

// wireNAT gives a new gateway its interface and its address, or notes why it will fail.
func wireNAT(c *world.Call, g *world.NATGateway, private string) {
	n := &c.Region.EC2.Network
	address, known := n.Addresses.Get(g.Allocation)
	switch {
	case g.Public && gatewayOf(n, g.VPCID) == nil:
		g.FailureCode, g.FailureMessage = "Gateway.NotAttached", "Network "+g.VPCID+" has no Internet gateway attached"
	case g.Public && !known:
		g.FailureCode = "InvalidAllocationID.NotFound"
		g.FailureMessage = "Elastic IP address " + g.Allocation + " could not be associated with this NAT gateway"
	case g.Public && address.AssociationID != "":
		g.FailureCode, g.FailureMessage = "Resource.AlreadyAssociated", "Elastic IP address "+g.Allocation+" is already associated"
	}
	if g.FailureCode != "" {
		return
	}
	i, err := NewInterface(c.World, c.Region, world.Interface{
		SubnetID: g.SubnetID, PrivateIP: private, InterfaceType: "nat_gateway", Description: "Interface for NAT Gateway " + g.ID,
		RequesterID: "amazon-aws", RequesterManaged: true, AttachOwner: "amazon-aws",
	})
	if err != nil {
		g.FailureCode = "InsufficientFreeAddressesInSubnet"
		g.FailureMessage = "Subnet has insufficient free addresses to create this NAT gateway"
		return
	}
	g.Interface, g.PrivateIP = i.ID, i.PrivateIP
	if g.Public {
		mapAddress(c.World, c.Region, address, i)
		g.PublicIP, g.AssociationID = address.IP, address.AssociationID
	}
}

// settleNAT ends the making of a gateway: it is available, or failed if a cause was noted.
func settleNAT(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := r.EC2.NATGateways.Get(e.ID)
	if !ok || g.State != natPending {
		return
	}
	if g.FailureCode == "" {
		g.State = natAvailable
		return
	}
	g.State = natFailed
	unwireNAT(w, r, g)
	w.Schedule(natMemory, world.Event{Kind: natForgotten, Region: r.Name, ID: g.ID})
}

// unwireNAT gives a gateway's address and interface back.
func unwireNAT(w *world.World, r *world.Region, g *world.NATGateway) {
	if a, ok := r.EC2.Addresses.Get(g.Allocation); ok && a.Interface == g.Interface && g.Interface != "" {
		unmap(r, a)
	}
	DeleteInterface(w, r, g.Interface)
}

// DeleteNatGateway begins to delete a gateway; its address is free when the state is deleted. Repeating it is fine.
func DeleteNatGateway(c *world.Call, in *ec2.DeleteNatGatewayInput) (*ec2.DeleteNatGatewayOutput, error) {
	g, err := natKind().Need(c.Region, "NatGatewayId", in.NatGatewayId)
	if err != nil {
		return nil, err
	}
	out := &ec2.DeleteNatGatewayOutput{NatGatewayId: aws.String(g.ID)}
	switch g.State {
	case natDeleted:
		return nil, natKind().Unknown(g.ID)
	case natDeleting:
		return out, nil
	case natFailed: // has nothing to take apart
		g.State, g.Deleted = natDeleted, c.Now()
		return out, nil
	}
	g.State, g.Deleted = natDeleting, c.Now()
	c.Schedule(c.Draw("ec2.nat-delete", g.ID, natDelete()), world.Event{Kind: natGone, Region: c.Region.Name, ID: g.ID})
	return out, nil
}

// endNAT finishes a deletion.
func endNAT(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := r.EC2.NATGateways.Get(e.ID)
	if !ok || g.State != natDeleting {
		return
	}
	unwireNAT(w, r, g)
	g.State = natDeleted
	w.Schedule(natMemory, world.Event{Kind: natForgotten, Region: r.Name, ID: g.ID})
}

// forgetNAT removes the record of a gateway that is no more.
func forgetNAT(w *world.World, e world.Event) { w.Region(e.Region).EC2.NATGateways.Delete(e.ID) }

func natOut(g *world.NATGateway) types.NatGateway {
	out := types.NatGateway{
		NatGatewayId: aws.String(g.ID), VpcId: aws.String(g.VPCID), SubnetId: aws.String(g.SubnetID), State: types.NatGatewayState(g.State),
		ConnectivityType: types.ConnectivityTypePrivate, AvailabilityMode: types.AvailabilityModeZonal,
		CreateTime: aws.Time(g.Created), Tags: listing.ToTags(g.Tags), NatGatewayAddresses: []types.NatGatewayAddress{natAddress(g)},
	}
	if g.Public {
		out.ConnectivityType = types.ConnectivityTypePublic
	}
	if !g.Deleted.IsZero() {
		out.DeleteTime = aws.Time(g.Deleted)
	}
	if g.State == natFailed {
		out.FailureCode, out.FailureMessage = listing.Filled(g.FailureCode), listing.Filled(g.FailureMessage)
	}
	return out
}

// natAddress shows the interface and its addresses once the gateway is there.
func natAddress(g *world.NATGateway) types.NatGatewayAddress {
	out := types.NatGatewayAddress{AllocationId: listing.Filled(g.Allocation), IsPrimary: aws.Bool(true), Status: types.NatGatewayAddressStatusSucceeded}
	switch g.State {
	case natPending:
		out.Status = types.NatGatewayAddressStatusAssociating
		return out
	case natFailed:
		out.Status = types.NatGatewayAddressStatusFailed
		return out
	}
	out.AssociationId, out.NetworkInterfaceId = listing.Filled(g.AssociationID), listing.Filled(g.Interface)
	out.PrivateIp, out.PublicIp = listing.Filled(g.PrivateIP), listing.Filled(g.PublicIP)
	return out
}

// DescribeNatGateways lists gateways, deleted ones of the last hour too.
func DescribeNatGateways(c *world.Call, in *ec2.DescribeNatGatewaysInput) (*ec2.DescribeNatGatewaysOutput, error) {
	known := listing.Fields[world.NATGateway]{
		"nat-gateway-id": func(g *world.NATGateway) []string { return listing.One(g.ID) },
		"state":          func(g *world.NATGateway) []string { return listing.One(g.State) },
		"subnet-id":      func(g *world.NATGateway) []string { return listing.One(g.SubnetID) },
		"vpc-id":         func(g *world.NATGateway) []string { return listing.One(g.VPCID) },
	}
	rows, next, err := natKind().List(c.Region, listing.Query[world.NATGateway]{
		IDs: in.NatGatewayIds, Filters: in.Filter, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken},
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DescribeNatGatewaysOutput{NatGateways: listing.Each(rows, natOut), NextToken: next}, nil
}

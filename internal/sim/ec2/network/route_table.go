package network

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func tableKind() listing.Kind[world.RouteTable] {
	return listing.Kind[world.RouteTable]{
		Resource: types.ResourceTypeRouteTable, Prefix: "rtb", Missing: "InvalidRouteTableID.NotFound", Malformed: "InvalidRouteTableId.Malformed",
		Text:  "The routeTable ID '%s' does not exist",
		Table: func(r *world.Region) *world.Table[world.RouteTable] { return &r.EC2.RouteTables },
		Tags:  func(t *world.RouteTable) *world.Tags { return &t.Tags },
	}
}

// newRouteTable makes a table with the route that every table has.
func newRouteTable(c *world.Call, v *world.VPC) *world.RouteTable {
	t := &world.RouteTable{ID: c.NewID("rtb"), VPCID: v.ID}
	t.Routes = []world.Route{{Destination: v.CIDR, Gateway: "local", Origin: string(types.RouteOriginCreateRouteTable)}}
	c.Region.EC2.RouteTables.Put(t.ID, t)
	return t
}

// CreateRouteTable makes a table with its local route; a repeat with the same token makes nothing.
func CreateRouteTable(c *world.Call, in *ec2.CreateRouteTableInput) (*ec2.CreateRouteTableOutput, error) {
	v, err := vpcKind().Need(c.Region, "vpcId", in.VpcId)
	if err != nil {
		return nil, err
	}
	tags, err := listing.SpecTags(in.TagSpecifications, types.ResourceTypeRouteTable)
	if err != nil {
		return nil, err
	}
	token, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	t, again := n.RouteTables.Get(token.Made)
	if !again {
		if listing.Count(&n.RouteTables, func(t *world.RouteTable) bool { return t.VPCID == v.ID }) >= c.Region.Quota(quotaTables) {
			return nil, wire.Errorf("RouteTableLimitExceeded", "The maximum number of route tables has been reached.")
		}
		t = newRouteTable(c, v)
		t.Tags = tags
		token.Done(t.ID)
	}
	out := tableOut(n, t)
	return &ec2.CreateRouteTableOutput{RouteTable: &out, ClientToken: in.ClientToken}, nil
}

func isMain(t *world.RouteTable) bool {
	return slices.ContainsFunc(t.Associations, func(a world.RouteAssociation) bool { return a.Main })
}

// associationOf finds the explicit association of a subnet; nil when the main table holds.
func associationOf(n *world.Network, subnet string) (*world.RouteTable, int) {
	return findAssociation(n, func(a world.RouteAssociation) bool { return a.SubnetID == subnet })
}

func findAssociation(n *world.Network, pass func(world.RouteAssociation) bool) (*world.RouteTable, int) {
	for t := range n.RouteTables.Rows() {
		if i := slices.IndexFunc(t.Associations, pass); i >= 0 {
			return t, i
		}
	}
	return nil, -1
}

// needAssociation finds an association by id.
func needAssociation(n *world.Network, id *string) (*world.RouteTable, int, error) {
	if aws.ToString(id) == "" {
		return nil, 0, listing.Missing("associationId")
	}
	t, i := findAssociation(n, func(a world.RouteAssociation) bool { return a.ID == *id })
	if t == nil {
		return nil, 0, wire.Errorf("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", *id)
	}
	return t, i, nil
}

func dropAssociation(t *world.RouteTable, i int) {
	t.Associations = slices.Concat(t.Associations[:i], t.Associations[i+1:])
}

// tableFor is the route table that holds for a subnet: its own, or the VPC's main one.
func tableFor(n *world.Network, s *world.Subnet) *world.RouteTable {
	if t, _ := associationOf(n, s.ID); t != nil {
		return t
	}
	for t := range n.RouteTables.Rows() {
		if t.VPCID == s.VPCID && isMain(t) {
			return t
		}
	}
	return nil
}

func associated() *types.RouteTableAssociationState {
	return &types.RouteTableAssociationState{State: types.RouteTableAssociationStateCodeAssociated}
}

// AssociateRouteTable ties a subnet to a table. Doing it again answers the same association.
func AssociateRouteTable(c *world.Call, in *ec2.AssociateRouteTableInput) (*ec2.AssociateRouteTableOutput, error) {
	if in.GatewayId != nil {
		return nil, listing.Unsimulated("route tables of gateways")
	}
	t, err := tableKind().Need(c.Region, "routeTableId", in.RouteTableId)
	if err != nil {
		return nil, err
	}
	s, err := Subnets().Need(c.Region, "subnetId", in.SubnetId)
	if err != nil {
		return nil, err
	}
	if err := sameNetwork(t, s); err != nil {
		return nil, err
	}
	if old, i := associationOf(&c.Region.EC2.Network, s.ID); old == t {
		return &ec2.AssociateRouteTableOutput{AssociationId: aws.String(t.Associations[i].ID), AssociationState: associated()}, nil
	} else if old != nil {
		return nil, wire.Errorf("Resource.AlreadyAssociated",
			"the specified association for route table %s conflicts with an existing association", t.ID)
	}
	a := world.RouteAssociation{ID: c.NewID("rtbassoc"), SubnetID: s.ID}
	t.Associations = append(t.Associations, a)
	return &ec2.AssociateRouteTableOutput{AssociationId: aws.String(a.ID), AssociationState: associated()}, nil
}

func sameNetwork(t *world.RouteTable, s *world.Subnet) error {
	if t.VPCID != s.VPCID {
		return listing.Invalid("Route table %s and subnet %s belong to different networks", t.ID, s.ID)
	}
	return nil
}

// DisassociateRouteTable gives a subnet back to the main table.
func DisassociateRouteTable(c *world.Call, in *ec2.DisassociateRouteTableInput) (*ec2.DisassociateRouteTableOutput, error) {
	t, i, err := needAssociation(&c.Region.EC2.Network, in.AssociationId)
	if err != nil {
		return nil, err
	}
	if t.Associations[i].Main {
		return nil, listing.Invalid("cannot disassociate the main route table association %s", t.Associations[i].ID)
	}
	dropAssociation(t, i)
	return &ec2.DisassociateRouteTableOutput{}, nil
}

// ReplaceRouteTableAssociation moves a subnet, or the role of the main table, to another table; the id is a new one.
func ReplaceRouteTableAssociation(c *world.Call, in *ec2.ReplaceRouteTableAssociationInput) (*ec2.ReplaceRouteTableAssociationOutput, error) {
	n := &c.Region.EC2.Network
	old, i, err := needAssociation(n, in.AssociationId)
	if err != nil {
		return nil, err
	}
	t, err := tableKind().Need(c.Region, "routeTableId", in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if t.VPCID != old.VPCID {
		return nil, listing.Invalid("Route table %s and network %s belong to different networks", t.ID, old.VPCID)
	}
	a := old.Associations[i]
	dropAssociation(old, i)
	a.ID = c.NewID("rtbassoc")
	t.Associations = append(t.Associations, a)
	return &ec2.ReplaceRouteTableAssociationOutput{NewAssociationId: aws.String(a.ID), AssociationState: associated()}, nil
}

// DeleteRouteTable deletes a table that no subnet is tied to and that is not the main one. Endpoints let go of it.
func DeleteRouteTable(c *world.Call, in *ec2.DeleteRouteTableInput) (*ec2.DeleteRouteTableOutput, error) {
	t, err := tableKind().Need(c.Region, "routeTableId", in.RouteTableId)
	if err != nil {
		return nil, err
	}
	if len(t.Associations) > 0 {
		return nil, listing.Depends("routeTable", t.ID)
	}
	n := &c.Region.EC2.Network
	for e := range n.Endpoints.Rows() {
		e.RouteTables = slices.DeleteFunc(e.RouteTables, func(id string) bool { return id == t.ID })
	}
	n.RouteTables.Delete(t.ID)
	return &ec2.DeleteRouteTableOutput{}, nil
}

func tableOut(n *world.Network, t *world.RouteTable) types.RouteTable {
	out := types.RouteTable{
		RouteTableId: aws.String(t.ID), VpcId: aws.String(t.VPCID), OwnerId: aws.String(world.Account), Tags: listing.ToTags(t.Tags),
		Associations: []types.RouteTableAssociation{}, PropagatingVgws: []types.PropagatingVgw{},
	}
	for _, a := range t.Associations {
		x := types.RouteTableAssociation{
			RouteTableAssociationId: aws.String(a.ID), RouteTableId: aws.String(t.ID), Main: aws.Bool(a.Main), AssociationState: associated(),
		}
		if !a.Main {
			x.SubnetId = aws.String(a.SubnetID)
		}
		out.Associations = append(out.Associations, x)
	}
	for _, r := range allRoutes(n, t) {
		out.Routes = append(out.Routes, routeOut(n, t, r))
	}
	return out
}

// DescribeRouteTables lists route tables with the routes of their endpoints.
func DescribeRouteTables(c *world.Call, in *ec2.DescribeRouteTablesInput) (*ec2.DescribeRouteTablesOutput, error) {
	n := &c.Region.EC2.Network
	rows, next, err := tableKind().List(c.Region, listing.Query[world.RouteTable]{
		IDs: in.RouteTableIds, Filters: in.Filters, Known: tableFields(n),
		Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken, Most: 100},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(t *world.RouteTable) types.RouteTable { return tableOut(n, t) })
	return &ec2.DescribeRouteTablesOutput{RouteTables: out, NextToken: next}, nil
}

func tableFields(n *world.Network) listing.Fields[world.RouteTable] {
	ties := func(f func(world.RouteAssociation) string) func(*world.RouteTable) []string {
		return func(t *world.RouteTable) []string { return listing.Gather(t.Associations, f) }
	}
	routes := func(f func(types.Route) *string) func(*world.RouteTable) []string {
		return func(t *world.RouteTable) []string {
			return listing.Gather(allRoutes(n, t), func(r world.Route) string { return aws.ToString(f(routeOut(n, t, r))) })
		}
	}
	none := func(*world.RouteTable) []string { return nil }
	return listing.Fields[world.RouteTable]{
		"association.gateway-id":                 none,
		"association.route-table-association-id": ties(func(a world.RouteAssociation) string { return a.ID }),
		"association.route-table-id": func(t *world.RouteTable) []string {
			if len(t.Associations) == 0 {
				return nil
			}
			return listing.One(t.ID)
		},
		"association.subnet-id":                 ties(func(a world.RouteAssociation) string { return a.SubnetID }),
		"association.main":                      ties(func(a world.RouteAssociation) string { return strconv.FormatBool(a.Main) }),
		"owner-id":                              func(*world.RouteTable) []string { return listing.One(world.Account) },
		"route-table-id":                        func(t *world.RouteTable) []string { return listing.One(t.ID) },
		"route.destination-cidr-block":          routes(func(r types.Route) *string { return r.DestinationCidrBlock }),
		"route.destination-ipv6-cidr-block":     routes(func(r types.Route) *string { return r.DestinationIpv6CidrBlock }),
		"route.destination-prefix-list-id":      routes(func(r types.Route) *string { return r.DestinationPrefixListId }),
		"route.gateway-id":                      routes(func(r types.Route) *string { return r.GatewayId }),
		"route.instance-id":                     routes(func(r types.Route) *string { return r.InstanceId }),
		"route.nat-gateway-id":                  routes(func(r types.Route) *string { return r.NatGatewayId }),
		"route.network-interface-id":            routes(func(r types.Route) *string { return r.NetworkInterfaceId }),
		"route.origin":                          routes(func(r types.Route) *string { return aws.String(string(r.Origin)) }),
		"route.state":                           routes(func(r types.Route) *string { return aws.String(string(r.State)) }),
		"route.egress-only-internet-gateway-id": none,
		"route.transit-gateway-id":              none,
		"route.vpc-peering-connection-id":       none,
		"vpc-id":                                func(t *world.RouteTable) []string { return listing.One(t.VPCID) },
	}
}

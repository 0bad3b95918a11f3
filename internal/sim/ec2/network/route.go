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

// allRoutes are a table's own routes and those of the gateway endpoints tied to it.
func allRoutes(n *world.Network, t *world.RouteTable) []world.Route {
	out := slices.Clone(t.Routes)
	for e := range n.Endpoints.Rows() {
		if leadsOut(e) && slices.Contains(e.RouteTables, t.ID) {
			list, _ := prefixListOf(e.Service)
			out = append(out, world.Route{Destination: list, Gateway: e.ID, Origin: string(types.RouteOriginCreateRoute)})
		}
	}
	return out
}

func routeOut(n *world.Network, t *world.RouteTable, r world.Route) types.Route {
	out := types.Route{Origin: types.RouteOrigin(r.Origin), State: types.RouteStateActive}
	if !works(n, t, r) {
		out.State = types.RouteStateBlackhole
	}
	switch {
	case strings.HasPrefix(r.Destination, "pl-"):
		out.DestinationPrefixListId = aws.String(r.Destination)
	case strings.Contains(r.Destination, ":"):
		out.DestinationIpv6CidrBlock = aws.String(r.Destination)
	default:
		out.DestinationCidrBlock = aws.String(r.Destination)
	}
	out.GatewayId = listing.Filled(r.Gateway)
	out.NatGatewayId = listing.Filled(r.NATGateway)
	out.NetworkInterfaceId = listing.Filled(r.Interface)
	if i, ok := n.Interfaces.Get(r.Interface); ok && i.InstanceID != "" {
		out.InstanceId, out.InstanceOwnerId = aws.String(i.InstanceID), aws.String(world.Account)
	}
	return out
}

// works tells whether a route's target is there to take packets; if not, the route is a blackhole.
func works(n *world.Network, t *world.RouteTable, r world.Route) bool {
	switch {
	case r.NATGateway != "":
		g, ok := n.NATGateways.Get(r.NATGateway)
		return ok && (g.State == natPending || g.State == natAvailable)
	case r.Interface != "":
		i, ok := n.Interfaces.Get(r.Interface)
		return ok && i.AttachmentID != ""
	case strings.HasPrefix(r.Gateway, "igw-"):
		g, ok := n.InternetGateways.Get(r.Gateway)
		return ok && g.VPCID == t.VPCID
	default: // local, or an endpoint that is there
		return true
	}
}

// CreateRoute adds a route for a destination that the table does not have.
func CreateRoute(c *world.Call, in *ec2.CreateRouteInput) (*ec2.CreateRouteOutput, error) {
	t, to, err := routeTarget(c, in.RouteTableId, place{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId})
	if err != nil {
		return nil, err
	}
	if err := elsewhere(in.CarrierGatewayId, in.CoreNetworkArn, in.EgressOnlyInternetGatewayId, in.LocalGatewayId, in.OdbNetworkArn,
		in.TransitGatewayId, in.VpcEndpointId, in.VpcPeeringConnectionId); err != nil {
		return nil, err
	}
	n := &c.Region.EC2.Network
	if slices.ContainsFunc(allRoutes(n, t), func(r world.Route) bool { return r.Destination == to }) {
		return nil, wire.Errorf("RouteAlreadyExists", "The route identified by %s already exists.", to)
	}
	if len(t.Routes) >= c.Region.Quota(quotaRoutes) {
		return nil, wire.Errorf("RouteLimitExceeded", "The maximum number of routes has been reached.")
	}
	r, err := aim(c.Region, t, to, target{in.GatewayId, in.NatGatewayId, in.NetworkInterfaceId, in.InstanceId})
	if err != nil {
		return nil, err
	}
	t.Routes = append(t.Routes, r)
	return &ec2.CreateRouteOutput{Return: aws.Bool(true)}, nil
}

// elsewhere refuses targets that do not exist here.
func elsewhere(targets ...*string) error {
	for _, t := range targets {
		if t != nil {
			return listing.Unsimulated("routes to anything but internet gateways, NAT gateways, interfaces and instances")
		}
	}
	return nil
}

// place is a route's destination as a call names it.
type place struct{ v4, v6, list *string }

// routeTarget finds the table and reads the destination of a route operation.
func routeTarget(c *world.Call, table *string, p place) (*world.RouteTable, string, error) {
	t, err := tableKind().Need(c.Region, "routeTableId", table)
	if err != nil {
		return nil, "", err
	}
	named := listing.Gather([]*string{p.v4, p.v6, p.list}, aws.ToString)
	if len(named) == 0 {
		return nil, "", listing.Missing("destinationCidrBlock")
	}
	if len(named) > 1 {
		return nil, "", wire.Errorf("InvalidParameterCombination", "The request must contain exactly one destination")
	}
	if p.list != nil {
		return nil, "", listing.Unsimulated("routes of prefix lists")
	}
	to, ok := destination(named[0])
	if !ok {
		return nil, "", listing.Invalid("Value (%s) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.", named[0])
	}
	return t, to, nil
}

// target is where a route leads, as a call names it.
type target struct{ gateway, nat, iface, instance *string }

// aim makes a route and checks that its target exists in the table's network.
func aim(r *world.Region, t *world.RouteTable, to string, at target) (world.Route, error) {
	out := world.Route{Destination: to, Origin: string(types.RouteOriginCreateRoute)}
	named := listing.Gather([]*string{at.gateway, at.nat, at.iface, at.instance}, aws.ToString)
	if len(named) != 1 {
		return out, wire.Errorf("InvalidParameterCombination",
			"The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, transitGatewayId, vpcEndpointId or instanceId")
	}
	id := named[0]
	toInterface := aws.ToString(at.iface) != "" || aws.ToString(at.instance) != ""
	if !toInterface && insideVPC(r, t, to) {
		return out, listing.Invalid("The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.", to)
	}
	switch {
	case aws.ToString(at.gateway) != "":
		out.Gateway = id
		return out, gatewayTarget(&r.EC2.Network, t, id)
	case aws.ToString(at.nat) != "":
		out.NATGateway = id
		return out, natTarget(&r.EC2.Network, t, id)
	default:
		i, err := interfaceTarget(r, at)
		if err != nil {
			return out, err
		}
		out.Interface = i.ID
		if i.VPCID != t.VPCID {
			return out, listing.Invalid("route table %s and interface %s belong to different networks", t.ID, i.ID)
		}
		return out, nil
	}
}

// insideVPC tells whether a destination lies inside the VPC's own block.
func insideVPC(r *world.Region, t *world.RouteTable, to string) bool {
	v, ok := r.EC2.VPCs.Get(t.VPCID)
	if !ok {
		return false
	}
	p, err := netip.ParsePrefix(to)
	all, known := block(v.CIDR)
	return err == nil && known && p.Addr().Is4() && within(p, all)
}

func gatewayTarget(n *world.Network, t *world.RouteTable, id string) error {
	if !strings.HasPrefix(id, "igw-") {
		return listing.Invalid("invalid value for parameter gateway-id: %s", id)
	}
	g, ok := n.InternetGateways.Get(id)
	if !ok {
		return wire.Errorf("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", id)
	}
	if g.VPCID != t.VPCID {
		return listing.Invalid("route table %s and network gateway %s belong to different networks", t.ID, id)
	}
	return nil
}

func natTarget(n *world.Network, t *world.RouteTable, id string) error {
	g, ok := n.NATGateways.Get(id)
	if !ok || g.State == natDeleted || g.State == natFailed {
		return wire.Errorf("InvalidNatGatewayID.NotFound", "The natGateway ID '%s' does not exist", id)
	}
	if g.VPCID != t.VPCID {
		return listing.Invalid("route table %s and NAT gateway %s belong to different networks", t.ID, id)
	}
	return nil
}

// interfaceTarget finds the interface that a route names, directly or by its instance.
func interfaceTarget(r *world.Region, at target) (*world.Interface, error) {
	if id := aws.ToString(at.iface); id != "" {
		return interfaceKind().Find(r, id)
	}
	return primaryInterface(r, aws.ToString(at.instance))
}

// ReplaceRoute gives a destination that the table has another target.
func ReplaceRoute(c *world.Call, in *ec2.ReplaceRouteInput) (*ec2.ReplaceRouteOutput, error) {
	t, to, err := routeTarget(c, in.RouteTableId, place{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId})
	if err != nil {
		return nil, err
	}
	if err := elsewhere(in.CarrierGatewayId, in.CoreNetworkArn, in.EgressOnlyInternetGatewayId, in.LocalGatewayId, in.OdbNetworkArn,
		in.TransitGatewayId, in.VpcEndpointId, in.VpcPeeringConnectionId); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(t.Routes, func(r world.Route) bool { return r.Destination == to })
	if i < 0 {
		return nil, listing.Invalid("There is no route defined for '%s' in the route table. Use CreateRoute instead.", to)
	}
	if aws.ToBool(in.LocalTarget) {
		t.Routes[i] = world.Route{Destination: to, Gateway: "local", Origin: string(types.RouteOriginCreateRouteTable)}
		return &ec2.ReplaceRouteOutput{}, nil
	}
	r, err := aim(c.Region, t, to, target{in.GatewayId, in.NatGatewayId, in.NetworkInterfaceId, in.InstanceId})
	if err != nil {
		return nil, err
	}
	t.Routes[i] = r
	return &ec2.ReplaceRouteOutput{}, nil
}

// DeleteRoute takes a route out of a table; the local one and those of endpoints stay.
func DeleteRoute(c *world.Call, in *ec2.DeleteRouteInput) (*ec2.DeleteRouteOutput, error) {
	if list := aws.ToString(in.DestinationPrefixListId); list != "" {
		return nil, listing.Invalid("cannot remove VPC endpoint route %s in route table %s", list, aws.ToString(in.RouteTableId))
	}
	t, to, err := routeTarget(c, in.RouteTableId, place{in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, nil})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(t.Routes, func(r world.Route) bool { return r.Destination == to })
	if i < 0 {
		return nil, wire.Errorf("InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", to, t.ID)
	}
	if t.Routes[i].Gateway == "local" {
		return nil, listing.Invalid("cannot remove local route %s in route table %s", to, t.ID)
	}
	t.Routes = slices.Concat(t.Routes[:i], t.Routes[i+1:])
	return &ec2.DeleteRouteOutput{}, nil
}

package network

import (
	"slices"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// everywhere is the destination of a default route.
const everywhere = "0.0.0.0/0"

// ReachesInternet tells whether an instance in the subnet, with or without a public address, gets out: through an active
// default route to an attached internet gateway (with a public address), or to an available public NAT gateway whose own
// subnet has an active default route to an internet gateway.
func ReachesInternet(_ *world.World, r *world.Region, subnetID string, public bool) bool {
	n := &r.EC2.Network
	s, ok := n.Subnets.Get(subnetID)
	if !ok {
		return false
	}
	route, ok := defaultRoute(n, s)
	if !ok {
		return false
	}
	if route.NATGateway == "" {
		return public && route.Gateway != ""
	}
	g, ok := n.NATGateways.Get(route.NATGateway)
	if !ok || g.State != natAvailable || !g.Public {
		return false
	}
	own, ok := n.Subnets.Get(g.SubnetID)
	if !ok {
		return false
	}
	out, ok := defaultRoute(n, own)
	return ok && out.Gateway != ""
}

// defaultRoute is the active default route of a subnet.
func defaultRoute(n *world.Network, s *world.Subnet) (world.Route, bool) {
	t := tableFor(n, s)
	if t == nil {
		return world.Route{}, false
	}
	i := slices.IndexFunc(t.Routes, func(x world.Route) bool { return x.Destination == everywhere })
	if i < 0 || !works(n, t, t.Routes[i]) {
		return world.Route{}, false
	}
	return t.Routes[i], true
}

// ReachesService tells whether an instance in the subnet gets to an AWS service ("ecs", "s3", "ecr.api"): over the
// internet, through a gateway endpoint in its route table, or through an interface endpoint with private DNS in its VPC.
// Security groups are not asked.
func ReachesService(w *world.World, r *world.Region, subnetID, service string, public bool) bool {
	if ReachesInternet(w, r, subnetID, public) {
		return true
	}
	n := &r.EC2.Network
	s, ok := n.Subnets.Get(subnetID)
	if !ok {
		return false
	}
	t := tableFor(n, s)
	return listing.Holds(&n.Endpoints, func(e *world.Endpoint) bool {
		if e.VPCID != s.VPCID || e.Service != serviceName(r.Name, service) || e.State != endpointAvailable {
			return false
		}
		if e.Type == gatewayEndpoint {
			return t != nil && slices.Contains(e.RouteTables, t.ID)
		}
		return e.PrivateDNS
	})
}

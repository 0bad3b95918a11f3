package network

import (
	"net/netip"
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

// Traveller is who wants to get somewhere: an interface with its subnet, address and security groups.
type Traveller struct {
	SubnetID, Address string
	Groups            []string
	Public            bool // it has a public address
}

// ReachesService tells whether a traveller gets to an AWS service ("ecs", "s3", "ecr.api"). Where the service's own name
// leads to an interface endpoint of the VPC there is no other way, and security groups must let TLS through at both ends
// (AWS PrivateLink guide, "Private DNS"). Else the way is a gateway endpoint in its route table, or the internet. Policies
// of endpoints are not asked.
func ReachesService(w *world.World, r *world.Region, t Traveller, service string) bool {
	n := &r.EC2.Network
	s, ok := n.Subnets.Get(t.SubnetID)
	if !ok {
		return false
	}
	name := serviceName(r.Name, service)
	for e := range n.Endpoints.Rows() {
		if e.VPCID == s.VPCID && e.Service == name && leadsTo(n, e) {
			return admitted(r, e, t)
		}
	}
	table := tableFor(n, s)
	return table != nil && listing.Holds(&n.Endpoints, func(e *world.Endpoint) bool {
		return e.Service == name && leadsOut(e) && slices.Contains(e.RouteTables, table.ID)
	}) || ReachesInternet(w, r, t.SubnetID, t.Public)
}

// leadsTo tells whether a service's own name leads to an endpoint.
func leadsTo(n *world.Network, e *world.Endpoint) bool {
	v, ok := n.VPCs.Get(e.VPCID)
	return ok && v.DNSSupport && v.DNSHostnames && e.PrivateDNS && serves(e)
}

// serves tells whether an interface endpoint takes connections; it goes on while it is changed.
func serves(e *world.Endpoint) bool {
	return e.Type == interfaceEndpoint && (e.State == endpointAvailable || e.Changing)
}

// admitted tells whether the security groups let a traveller talk TLS to an endpoint.
func admitted(r *world.Region, e *world.Endpoint, t Traveller) bool {
	for _, id := range e.Interfaces {
		i, ok := r.EC2.Interfaces.Get(id)
		if ok && passes(&r.EC2.Network, i.Groups, false, t.Address, t.Groups) && passes(&r.EC2.Network, t.Groups, true, i.PrivateIP, i.Groups) {
			return true
		}
	}
	return false
}

// tls is the port of every AWS service.
const tls = 443

// passes tells whether one of the groups lets TLS in from a peer, or out to it.
func passes(n *world.Network, groups []string, egress bool, address string, peers []string) bool {
	for _, id := range groups {
		g, ok := n.SecurityGroups.Get(id)
		if !ok {
			continue
		}
		for _, id := range g.Rules {
			x, ok := n.Rules.Get(id)
			if ok && x.Egress == egress && carriesTLS(x) && (slices.Contains(peers, x.Group) || covers(x.CIDR4, address)) {
				return true
			}
		}
	}
	return false
}

func carriesTLS(x *world.SecurityGroupRule) bool {
	return x.Protocol == "-1" || x.Protocol == "tcp" && x.From <= tls && tls <= x.To
}

func covers(cidr, address string) bool {
	p, err := netip.ParsePrefix(cidr)
	a, err2 := netip.ParseAddr(address)
	return err == nil && err2 == nil && p.Contains(a)
}

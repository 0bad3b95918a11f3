package elb

import (
	"net/netip"
	"slices"

	"berth/internal/sim/world"
)

// freeAddresses is how many addresses a load balancer wants to find in each of its subnets, which need a block of at
// least /27 (Application Load Balancers user guide, "Subnets for your load balancer").
const (
	freeAddresses = 8
	longestPrefix = 27

	reservedAddresses = 5 // AWS keeps that many of every subnet for itself
)

// placement says where a load balancer's nodes shall go.
type placement struct {
	subnets  []string
	internet bool // it needs an internet gateway
	zones    int  // how many zones at least
	has      []string
	conflict int // HTTP status of InvalidConfigurationRequest: the classic API answers 409
}

// choose finds the subnets of a placement and checks that a load balancer can live there. Subnets that it has already
// are not asked for free addresses.
func (p placement) choose(r *world.Region) ([]*world.Subnet, error) {
	var out []*world.Subnet
	for _, id := range p.subnets {
		s, ok := r.EC2.Subnets.Get(id)
		if !ok {
			return nil, refuse("SubnetNotFound", "The subnet ID '%s' does not exist", id)
		}
		if slices.Contains(out, s) {
			return nil, invalid("A subnet can't be specified more than once: '%s'", id)
		}
		out = append(out, s)
	}
	if err := p.spread(out); err != nil {
		return nil, err
	}
	for _, s := range out {
		if !slices.Contains(p.has, s.ID) && !roomy(s) {
			return nil, refuse("InvalidSubnet", "Not enough IP space available in %s. ELB requires at least %d free IP addresses in each subnet.", s.ID, freeAddresses)
		}
	}
	if p.internet && !hasGateway(r, out[0].VPCID) {
		return nil, refuse("InvalidSubnet", "VPC %s has no internet gateway", out[0].VPCID)
	}
	return out, nil
}

// spread checks that the subnets are of one VPC, each of another zone, and enough.
func (p placement) spread(subnets []*world.Subnet) error {
	seen := map[string]bool{}
	for _, s := range subnets {
		if s.VPCID != subnets[0].VPCID {
			return misconfigured(p.conflict, "All subnets must belong to the same VPC: '%s'", subnets[0].VPCID)
		}
		if seen[s.Zone] {
			return misconfigured(p.conflict, "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
		}
		seen[s.Zone] = true
	}
	switch {
	case len(seen) >= p.zones:
		return nil
	case p.zones > 1:
		return invalid("At least two subnets in two different Availability Zones must be specified")
	default:
		return invalid("At least one subnet must be specified")
	}
}

// roomy tells whether a subnet has the size and the free addresses for one more load balancer.
func roomy(s *world.Subnet) bool {
	block, err := netip.ParsePrefix(s.CIDR)
	if err != nil || block.Bits() > longestPrefix {
		return false
	}
	return 1<<(32-block.Bits())-reservedAddresses-len(s.Taken) >= freeAddresses
}

// hasGateway tells whether a VPC is joined to the internet.
func hasGateway(r *world.Region, vpc string) bool {
	for g := range r.EC2.InternetGateways.Rows() {
		if g.VPCID == vpc {
			return true
		}
	}
	return false
}

// subnetsOf lists the subnets that a load balancer is in.
func subnetsOf(zones []world.BalancerZone) []string {
	out := make([]string, len(zones))
	for i, z := range zones {
		out[i] = z.SubnetID
	}
	return out
}

// inZone tells whether a load balancer works in a zone.
func inZone(zones []world.BalancerZone, zone string) bool {
	return slices.ContainsFunc(zones, func(z world.BalancerZone) bool { return z.Zone == zone })
}

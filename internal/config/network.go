package config

import (
	"net/netip"
	"slices"
	"strconv"

	"berth/internal/config/tfvars"
)

// vpc reads the VPC's block. It stays zero when it is wrong, so that nothing is measured against it.
func (s settings) vpc(c *Config) {
	if c.Existing != nil {
		return
	}
	c.NAT = NATMode(s.choice("nat"))
	text, ok := s.text("vpc_cidr")
	if !ok {
		return
	}
	v := s.values["vpc_cidr"]
	prefix, ok := s.cidr(written{text, v}, 16)
	if !ok {
		return
	}
	f := Fault{Summary: "vpc_cidr cannot be " + tfvars.Quote(text)}
	switch {
	case prefix.Bits() < 16 || prefix.Bits() > 28:
		f.Code, f.Detail = codeVPCSize, "AWS allows VPC blocks from /16 to /28."
		f.Hint = "write " + tfvars.Quote(netip.PrefixFrom(prefix.Addr(), min(max(prefix.Bits(), 16), 24)).Masked().String())
	case isSpecial(prefix.Addr()):
		f.Code, f.Detail = codeVPCRange, "AWS keeps this range for itself, or the internet does."
		f.Hint = "take a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
	default:
		c.VPCCIDR = prefix
		s.warnDocker(v, prefix)
		return
	}
	s.Fail(v.At, f)
}

func isSpecial(a netip.Addr) bool {
	first := a.As4()[0]
	return first == 0 || first >= 240 || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast()
}

func (s settings) warnDocker(v tfvars.Value, prefix netip.Prefix) {
	docker := netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 17, 0, 0}), 16)
	if prefix.Overlaps(docker) {
		s.Warn(v.At, Fault{
			Code: codeDockerRange, Summary: "vpc_cidr " + prefix.String() + " shares addresses with Docker's own network on every instance",
			Detail: "Containers cannot reach the VPC's addresses in 172.17.0.0/16.", Hint: `take another block, such as "172.20.0.0/16"`,
		})
	}
}

// network reads the zones and gives each its two subnets.
func (s settings) network(c *Config) {
	zones, ok := s.zones(c)
	if c.Existing != nil {
		s.withinExisting(c, zones)
		return
	}
	if !ok {
		return
	}
	public, publicGiven := s.subnets("public_subnet_cidrs", len(zones))
	private, privateGiven := s.subnets("private_subnet_cidrs", len(zones))
	if c.VPCCIDR.IsValid() && !(publicGiven && privateGiven) {
		derivedPublic, derivedPrivate := s.derive(c, zones)
		if !publicGiven {
			public = derivedPublic
		}
		if !privateGiven {
			private = derivedPrivate
		}
	}
	s.checkSubnets(public, c, External)
	s.checkSubnets(private, c, Internal)
	// A block far too large would overlap every other one: once is enough.
	s.checkOverlaps(slices.DeleteFunc(slices.Concat(public, private), func(n subnet) bool { return n.prefix.Bits() < 16 }))
	if len(public) != len(zones) || len(private) != len(zones) {
		return // reported
	}
	for i, z := range zones {
		c.Zones = append(c.Zones, Zone{Name: z.text, PublicCIDR: public[i].prefix, PrivateCIDR: private[i].prefix})
	}
}

// derive gives subnets by convention, or reports that they do not fit.
func (s settings) derive(c *Config, zones []written) (public, private []subnet) {
	publicBlocks, privateBlocks, fits := convention(c.VPCCIDR, len(zones))
	if !fits {
		at := s.values["vpc_cidr"].At
		if at.IsDefault() {
			at = s.values["availability_zones"].At
		}
		s.Fail(at, Fault{
			Code: codeNoRoom, Summary: "vpc_cidr " + c.VPCCIDR.String() + " has no room for subnets of " + plural(len(zones), "zone"),
			Detail: "By convention it is cut into a public and a private part for each zone, and a part needs a /27.",
			Hint:   "take a larger block, such as a /16, or fewer zones, or give public_subnet_cidrs and private_subnet_cidrs",
		})
		return nil, nil
	}
	for i, z := range zones {
		public = append(public, subnet{name: "the public subnet of " + z.text + " (by convention)", prefix: publicBlocks[i]})
		private = append(private, subnet{name: "the private subnet of " + z.text + " (by convention)", prefix: privateBlocks[i]})
	}
	return public, private
}

// subnets reads a list of blocks; given is true whenever the name stands in the input, even with a wrong value.
func (s settings) subnets(name string, zones int) (out []subnet, given bool) {
	v, given := s.values[name]
	if !given {
		return nil, false
	}
	list, ok := s.list(name)
	if !ok {
		return nil, true
	}
	if n := len(v.Items); n != zones {
		hint := "add " + plural(zones-n, "block")
		if n > zones {
			hint = "take " + plural(n-zones, "block") + " away, or name more zones"
		}
		s.Fail(v.At, Fault{
			Code: codeCount, Summary: name + " has " + plural(n, "block") + " for " + plural(zones, "zone"),
			Hint: hint + ", or leave " + name + " out: then berth divides vpc_cidr",
		})
	}
	for _, w := range list {
		if prefix, ok := s.cidr(w, 24); ok {
			out = append(out, subnet{name: w.Path, prefix: prefix, at: w.At})
		}
	}
	return out, true
}

// checkSubnets checks each block by itself; load balancers of the scheme live in these subnets.
func (s settings) checkSubnets(subnets []subnet, c *Config, scheme string) {
	smallest, why := 28, "AWS allows subnets down to /28."
	for _, lb := range c.LoadBalancers {
		if lb.Scheme == scheme {
			smallest, why = balancerBits, "A load balancer stands in it and needs a /27; load_balancers = {} makes none."
		}
	}
	for _, n := range subnets {
		bits := n.prefix.Bits()
		f := Fault{Summary: n.name + " " + n.prefix.String()}
		switch {
		case bits < 16:
			f.Code, f.Summary = codeSubnetBig, f.Summary+" is too large"
			f.Detail, f.Hint = "AWS allows subnets up to /16, and it must fit into vpc_cidr.", "a /24 gives 251 addresses: "+tfvars.Quote(nth(n.prefix.Addr(), 24, 0).String())
		case bits > smallest:
			f.Code, f.Summary = codeSubnetSmall, f.Summary+" is too small"
			f.Detail, f.Hint = why, "a /24 gives 251 addresses; the smallest that will do is a /"+strconv.Itoa(smallest)
		case c.VPCCIDR.IsValid() && !contains(c.VPCCIDR, n.prefix):
			f.Code, f.Summary = codeOutside, f.Summary+" lies outside vpc_cidr "+c.VPCCIDR.String()
			f.Hint = "take a block inside, such as " + tfvars.Quote(nth(c.VPCCIDR.Addr(), max(24, c.VPCCIDR.Bits()), 0).String()) + ", or change vpc_cidr"
		default:
			continue
		}
		s.Fail(n.at, f)
	}
}

func (s settings) checkOverlaps(subnets []subnet) {
	for _, pair := range overlaps(subnets) {
		one, other := pair[0], pair[1]
		if other.at.IsDefault() || one.at.After(other.at) {
			one, other = other, one
		}
		f := Fault{
			Code: codeOverlap, Summary: other.name + " " + other.prefix.String() + " overlaps " + one.name + " " + one.prefix.String(),
			Hint: "choose blocks that share no address",
		}
		if one.at.IsDefault() {
			f.Hint = "choose another block, or give both public_subnet_cidrs and private_subnet_cidrs"
		}
		s.Fail(other.at, f)
	}
}

// plural counts things: "1 zone", "2 zones".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

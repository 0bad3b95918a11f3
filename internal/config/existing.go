package config

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

var (
	vpcID    = regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`)
	subnetID = regexp.MustCompile(`^subnet-([0-9a-f]{8}|[0-9a-f]{17})$`)
)

// leastZones is how many zones are supposed offline where only AWS knows them.
const leastZones = 2

// ExistingVPC says which VPC of others the cluster lives in, and which of its subnets are which.
type ExistingVPC struct {
	ID              string // or empty
	Tags            []Tag  // or none; sorted by key
	Public, Private Subnets
	Zones           []string // availability_zones, if given
}

// Subnets are subnets by their ids or by tags that they have.
type Subnets struct {
	IDs  []string // in file order
	Tags []Tag    // sorted by key
}

// Given tells whether the subnets are named at all.
func (s Subnets) Given() bool { return len(s.IDs)+len(s.Tags) > 0 }

// existing reads existing_vpc. Whatever is wrong with it, its network is not the cluster's own.
func (s settings) existing(c *Config) {
	v, given := s.values["existing_vpc"]
	if !given {
		return
	}
	c.Existing = &ExistingVPC{}
	s.contradictions(v)
	inner, ok := s.nested(option.Existing, tfvars.Entry{Key: "existing_vpc", At: v.At, Value: v})
	if !ok {
		return
	}
	id, _ := inner.text("vpc_id")
	c.Existing.ID = inner.identifier(id, inner.values["vpc_id"], vpcID, `a VPC's id is written like "vpc-0123456789abcdef0"`)
	c.Existing.Tags = inner.choiceByTags("vpc_tags")
	inner.oneWay("VPC", "vpc_id", "vpc_tags")
	c.Existing.Public = inner.tier("public")
	c.Existing.Private = inner.tier("private")
	inner.oneWay("private subnets", "private_subnet_ids", "private_subnet_tags")
	if inner.given("public_subnet_ids") && inner.given("public_subnet_tags") {
		inner.oneWay("public subnets", "public_subnet_ids", "public_subnet_tags")
	}
	inner.checkTiers()
}

// given tells whether a name stands in the input, rather than being filled in.
func (s settings) given(name string) bool {
	v, there := s.values[name]
	return there && !v.At.IsDefault()
}

// contradictions are the settings of an own network.
func (s settings) contradictions(v tfvars.Value) {
	for _, name := range []string{"vpc_cidr", "public_subnet_cidrs", "private_subnet_cidrs", "nat", "vpc_endpoints", "flow_logs"} {
		if !s.given(name) {
			continue
		}
		s.Fail(s.values[name].At, Fault{
			Code: codeOwnNetwork, Summary: name + " means nothing beside existing_vpc",
			Detail: "The VPC belongs to others, and so do its ranges, gateways, routes and logs. existing_vpc stands at " + v.At.Place().String() + ".",
			Hint:   "take it out, or, if another file needs it: " + name + " = null",
		})
	}
}

// oneWay wants a thing chosen by its id or by tags: by neither nobody knows which one it is, by both they may disagree.
func (s settings) oneWay(what, byID, byTags string) {
	f := Fault{Code: codeOneWay}
	at := s.at
	switch {
	case s.given(byID) && s.given(byTags):
		at = s.values[byTags].At
		f.Summary = s.path + " chooses the " + what + " by " + byID + " and by " + byTags
		f.Hint = "keep " + byID
	case s.given(byID) || s.given(byTags):
		return
	default:
		f.Summary = s.path + " does not say which " + what
		f.Hint = "add " + exampleOf(byID) + "\nor " + exampleOf(byTags)
	}
	s.Fail(at, f)
}

func exampleOf(name string) string {
	o, _ := option.Find(option.Existing, name)
	return name + " = " + o.Example
}

// identifier checks the form of an id; a wrong one is left out.
func (s settings) identifier(text string, v tfvars.Value, form *regexp.Regexp, hint string) string {
	if text == "" && v.Path == "" || form.MatchString(text) {
		return text
	}
	if v.Shape == tfvars.Scalar {
		s.Fail(v.At, Fault{Code: codeIdentifier, Summary: v.Path + " cannot be " + tfvars.Quote(text), Hint: hint})
	}
	return ""
}

// tier reads one tier's subnets.
func (s settings) tier(name string) Subnets {
	out := Subnets{Tags: s.choiceByTags(name + "_subnet_tags")}
	list, ok := s.list(name + "_subnet_ids")
	if ok && len(list) == 0 && len(s.values[name+"_subnet_ids"].Items) == 0 {
		s.nobody(name + "_subnet_ids")
	}
	for _, w := range list {
		switch id := s.identifier(w.text, w.Value, subnetID, `a subnet's id is written like "subnet-0123456789abcdef0"`); {
		case id == "": // reported
		case slices.Contains(out.IDs, id):
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " " + tfvars.Quote(id) + " is named twice", Hint: "name each subnet once"})
		default:
			out.IDs = append(out.IDs, id)
		}
	}
	return out
}

// choiceByTags reads tags to look for; every tag may be looked for, also one that berth would not set.
func (s settings) choiceByTags(name string) []Tag {
	out := s.pairs(name, func(e tfvars.Entry, _ string) {
		if e.Key == "" {
			s.Fail(e.At, Fault{Code: codeIllegalText, Summary: name + " looks for a tag without a key", Hint: "such as " + exampleOf(name)})
		}
	})
	if v, given := s.values[name]; given && v.Shape == tfvars.Table && len(v.Entries) == 0 {
		s.nobody(name)
	}
	return out
}

func (s settings) nobody(name string) {
	s.Fail(s.values[name].At, Fault{Code: codeOneWay, Summary: s.path + "." + name + " chooses nothing", Hint: "such as " + exampleOf(name)})
}

// checkTiers refuses a subnet that would be both: berth gives instances no public address, and from a public subnet they
// would have no way out.
func (s settings) checkTiers() {
	public := s.values["public_subnet_ids"]
	for _, v := range s.values["private_subnet_ids"].Items {
		id, _ := v.Text()
		i := slices.IndexFunc(public.Items, func(p tfvars.Value) bool { other, _ := p.Text(); return other == id })
		if i < 0 || !subnetID.MatchString(id) {
			continue
		}
		s.Fail(v.At, Fault{
			Code: codeBothTiers, Summary: v.Path + " " + tfvars.Quote(id) + " is public as well",
			Detail: "It is also " + public.Items[i].Path + " at " + public.Items[i].At.Place().String() + ". Instances get no public addresses: in a subnet whose way out is an internet gateway they could not reach anything.",
			Hint:   "name a subnet whose default route leads to a NAT gateway",
		})
	}
}

// withinExisting takes what is known of the zones offline, and wants public subnets where a load balancer needs them.
func (s settings) withinExisting(c *Config, zones []written) {
	for _, z := range zones {
		c.Existing.Zones = append(c.Existing.Zones, z.text)
		c.Zones = append(c.Zones, Zone{Name: z.text})
	}
	v := s.values["existing_vpc"]
	if v.Shape != tfvars.Table || slices.ContainsFunc(v.Entries, func(e tfvars.Entry) bool { return strings.HasPrefix(e.Key, "public_subnet") }) {
		return // named, or wrong and reported
	}
	for _, lb := range c.LoadBalancers {
		if lb.Scheme != External {
			continue
		}
		name := "the load balancer " + lb.Key
		if lb.Key == "" {
			name = "the default load balancer"
		}
		s.Fail(v.At, Fault{
			Code: codeOneWay, Summary: "existing_vpc does not say which public subnets, and " + name + " faces the internet",
			Hint: "add " + exampleOf("public_subnet_ids") + "\nor " + exampleOf("public_subnet_tags") +
				"\nor make it internal: load_balancers = { internal = { scheme = \"internal\" } }",
		})
		return
	}
}

// supposed is how many zones sizes are measured by: those that are known, or as many as can be told offline.
func (c *Config) supposed() int {
	switch {
	case c.Existing == nil || len(c.Zones) > 0:
		return len(c.Zones)
	case len(c.Existing.Private.IDs) > 0:
		return len(c.Existing.Private.IDs)
	}
	return leastZones
}

// Within completes the configuration of a cluster in an existing VPC with what AWS says of it: its ranges and the zones
// of its subnets. What the file leaves open follows from them: one instance per zone, and who an internal load balancer
// lets in. It is a copy; a configuration with a VPC of its own comes back as it is.
func (c *Config) Within(cidrs []netip.Prefix, zones []Zone) *Config {
	if c.Existing == nil {
		return c
	}
	out := *c
	out.Zones = zones
	out.LoadBalancers, out.Groups = slices.Clone(c.LoadBalancers), slices.Clone(c.Groups)
	for i := range out.LoadBalancers {
		if out.LoadBalancers[i].insiders {
			out.LoadBalancers[i].AllowCIDRs = cidrs
		}
	}
	if len(zones) > 0 {
		g := &out.Groups[0]
		g.Min, g.Desired, g.Max = measure(len(zones), c.sizes)
	}
	return &out
}

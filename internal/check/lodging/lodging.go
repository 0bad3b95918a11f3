// Package lodging judges whether a cluster can live in a VPC of others: whether what the file names is there, is clear,
// and fits.
//
// In: a Config that the facts have completed, and the Facts. Out: the faults that make it impossible, each at its place
// in the file, for package check to refuse by; and the VPC in words that findings about it share. It is pure.
package lodging

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"berth/internal/check/words"
	"berth/internal/config"
	"berth/internal/model"
)

// balancerBits is the longest prefix of a subnet that a load balancer stands in (Elastic Load Balancing user guide,
// "Subnets for your load balancer").
const balancerBits = 27

// tier is one tier of an existing VPC as the file names it and as AWS shows it.
type tier struct {
	model.Tier

	named config.Subnets
	found []model.ExistingSubnet
}

// Lodging is an existing VPC, as the file wants to use it.
type Lodging struct {
	*model.ExistingVPC

	c     *config.Config
	facts model.Facts
}

// Of is false for a cluster with a VPC of its own, and where there are no facts.
func Of(c *config.Config, f model.Facts) (Lodging, bool) {
	return Lodging{f.Existing, c, f}, c.Existing != nil && f.Existing != nil
}

// tiers are the tiers that the file names.
func (l Lodging) tiers() []tier {
	var out []tier
	for _, t := range []tier{{Tier: model.Public, named: l.c.Existing.Public}, {Tier: model.Private, named: l.c.Existing.Private}} {
		t.found = l.Tier(t.Tier)
		if t.named.Given() {
			out = append(out, t)
		}
	}
	return out
}

// setting is the name of what chooses the tier's subnets.
func (t tier) setting() string {
	if len(t.named.IDs) > 0 {
		return "existing_vpc." + string(t.Tier) + "_subnet_ids"
	}
	return "existing_vpc." + string(t.Tier) + "_subnet_tags"
}

// place is where the file names one subnet.
func (t tier) place(id string) []string {
	return []string{t.setting() + "[" + strconv.Itoa(slices.Index(t.named.IDs, id)) + "]", t.setting()}
}

// Fronts tells whether load balancers of a type stand in a tier; "" is any type.
func (l Lodging) Fronts(t model.Tier, kind string) bool {
	scheme := map[model.Tier]string{model.Public: config.External, model.Private: config.Internal}[t]
	return slices.ContainsFunc(l.c.LoadBalancers, func(lb config.LoadBalancer) bool {
		return lb.Scheme == scheme && (kind == "" || lb.Type == kind)
	})
}

// used tells whether anything stands in a tier.
func (l Lodging) used(t model.Tier) bool { return t == model.Private || l.Fronts(t, "") }

// VPCSetting is the name of what chooses the VPC.
func (l Lodging) VPCSetting() string {
	if l.c.Existing.ID != "" {
		return "existing_vpc.vpc_id"
	}
	return "existing_vpc.vpc_tags"
}

// fault places a fault at the first of the settings that the file gives.
func (l Lodging) fault(f config.Fault, settings ...string) config.Fault {
	for _, name := range append(settings, "existing_vpc") {
		if at := l.c.Where(name); at != (config.Range{}) {
			f.Range, f.Snippet = at, l.c.Snippet(name)
			break
		}
	}
	return f
}

// having words tags: `tier = "private"`.
func having(tags []config.Tag) string {
	var out []string
	for _, t := range tags {
		out = append(out, t.Key+" = "+strconv.Quote(t.Value))
	}
	return words.Enumerate(out)
}

// listing is the line that lists what there is to choose from.
func (l Lodging) listing(what, filters string) string {
	return "what there is: aws ec2 describe-" + strings.ToLower(what) + "s --region " + l.c.Region + filters
}

// Missing speaks of what the file names and AWS does not have there.
func Missing(c *config.Config, f model.Facts) []config.Fault {
	l, ok := Of(c, f)
	if !ok {
		return nil
	}
	switch {
	case len(l.Candidates) == 0 && c.Existing.ID != "":
		return []config.Fault{l.fault(config.Fault{
			Summary: "there is no VPC " + strconv.Quote(c.Existing.ID) + " in " + c.Region,
			Detail:  "Perhaps it lies in another region or account.", Hint: l.listing("vpc", ""),
		}, l.VPCSetting())}
	case len(l.Candidates) == 0:
		return []config.Fault{l.fault(config.Fault{
			Summary: "no VPC in " + c.Region + " has the tags " + having(c.Existing.Tags), Hint: l.listing("vpc", ""),
		}, l.VPCSetting())}
	case l.ID() != "" && l.Candidates[0].Own:
		return []config.Fault{l.fault(config.Fault{
			Summary: l.ID() + " is the cluster's own VPC: berth made it",
			Detail:  "As an existing VPC it would be left alone for ever, and nobody would keep its routes and gateways.",
			Hint:    "take existing_vpc out, or name a VPC of others",
		}, l.VPCSetting())}
	case l.ID() == "":
		return nil
	}
	var out []config.Fault
	for _, t := range l.tiers() {
		out = append(out, l.missingSubnets(t)...)
	}
	return out
}

func (l Lodging) missingSubnets(t tier) []config.Fault {
	inside := l.listing("subnet", " --filters Name=vpc-id,Values="+l.ID())
	if len(t.named.Tags) > 0 && len(t.found) == 0 {
		where := "no subnet of " + l.ID()
		if zones := l.c.Existing.Zones; len(zones) > 0 {
			where += " in " + words.Enumerate(zones)
		}
		return []config.Fault{l.fault(config.Fault{Summary: where + " has the tags " + having(t.named.Tags), Hint: inside}, t.setting())}
	}
	var out []config.Fault
	for _, id := range t.named.IDs {
		i := slices.IndexFunc(t.found, func(s model.ExistingSubnet) bool { return s.ID == id })
		one := config.Fault{Summary: "there is no subnet " + strconv.Quote(id) + " in " + l.c.Region, Hint: inside}
		switch {
		case i >= 0 && t.found[i].VPC == l.ID():
			continue
		case i >= 0:
			one.Summary = "the subnet " + strconv.Quote(id) + " lies in " + t.found[i].VPC + ", not in " + l.ID()
		}
		out = append(out, l.fault(one, t.place(id)...))
	}
	return out
}

// Several speaks of tags that several things have, and of more subnets in a zone than a load balancer takes.
func Several(c *config.Config, f model.Facts) []config.Fault {
	l, ok := Of(c, f)
	if !ok {
		return nil
	}
	if len(l.Candidates) > 1 {
		var texts []string
		for _, v := range l.Candidates {
			texts = append(texts, titled(v.ID, v.CIDR, v.Name))
		}
		return []config.Fault{l.fault(config.Fault{
			Summary: words.Quantity(len(l.Candidates), "VPC") + " have the tags " + having(c.Existing.Tags),
			Detail:  "They are " + words.Enumerate(texts) + ".", Hint: "name the one that is meant: vpc_id = " + strconv.Quote(l.Candidates[0].ID),
		}, l.VPCSetting())}
	}
	var out []config.Fault
	for _, t := range l.tiers() {
		for _, z := range l.Zones() {
			out = append(out, l.severalIn(t, z)...)
		}
	}
	return out
}

// titled is an id with what people know a thing by.
func titled(id, cidr, name string) string {
	if name != "" {
		cidr += ", " + name
	}
	return id + " (" + cidr + ")"
}

func (l Lodging) severalIn(t tier, zone string) []config.Fault {
	var ids, texts []string
	for _, s := range t.found {
		if s.Zone == zone {
			ids, texts = append(ids, s.ID), append(texts, titled(s.ID, s.CIDR, s.Name))
		}
	}
	switch {
	case len(ids) < 2:
		return nil
	case len(t.named.Tags) > 0:
		return []config.Fault{l.fault(config.Fault{
			Summary: fmt.Sprintf("%s of %s in %s have the tags %s", words.Quantity(len(ids), "subnet"), l.ID(), zone, having(t.named.Tags)),
			Detail:  "They are " + words.Enumerate(texts) + ".",
			Hint:    "add a tag that only one of them has, or name them: " + string(t.Tier) + `_subnet_ids = ["` + ids[0] + `", …]`,
		}, t.setting())}
	case l.Fronts(t.Tier, ""):
		return []config.Fault{l.fault(config.Fault{
			Summary: fmt.Sprintf("%s names %s in %s, and a load balancer stands in one subnet of each zone", t.setting(), words.Quantity(len(ids), "subnet"), zone),
			Detail:  "They are " + words.Enumerate(texts) + ".", Hint: "keep one of them",
		}, t.place(ids[1])...)}
	}
	return nil
}

// Misfits speaks of subnets that are there and in which the cluster cannot stand.
func Misfits(c *config.Config, f model.Facts) []config.Fault {
	l, ok := Of(c, f)
	if !ok || l.ID() == "" || len(Missing(c, f)) > 0 {
		return nil
	}
	var out []config.Fault
	for _, t := range l.tiers() {
		for _, s := range t.found {
			out = append(out, l.misfit(t, s)...)
		}
	}
	return slices.Concat(out, l.bothTiers(), l.halfZones(), l.tooFewZones())
}

// misfit speaks of one subnet.
func (l Lodging) misfit(t tier, s model.ExistingSubnet) []config.Fault {
	var out []config.Fault
	name := "the " + string(t.Tier) + " subnet " + titled(s.ID, s.CIDR, s.Name)
	if !slices.ContainsFunc(l.facts.Zones, func(z model.Zone) bool { return z.Name == s.Zone }) {
		out = append(out, l.fault(config.Fault{
			Summary: name + " lies in " + s.Zone + ", where the cluster cannot stand",
			Detail:  "It is a local or Wavelength zone, or one that is not open to this account.", Hint: "name a subnet in another zone",
		}, t.place(s.ID)...))
	}
	if zones := l.c.Existing.Zones; len(zones) > 0 && !slices.Contains(zones, s.Zone) {
		out = append(out, l.fault(config.Fault{
			Summary: name + " lies in " + s.Zone + ", which availability_zones does not name",
			Detail:  "availability_zones stands at " + l.c.Where("availability_zones").String() + ".",
			Hint:    "leave availability_zones out: then the zones are those of the subnets",
		}, t.place(s.ID)...))
	}
	if p, err := netip.ParsePrefix(s.CIDR); err == nil && p.Bits() > balancerBits && l.Fronts(t.Tier, "") {
		out = append(out, l.fault(config.Fault{
			Summary: name + " is too small for a load balancer", Detail: "AWS wants a /27 at least, and 8 addresses that are free.",
			Hint: "name a larger subnet",
		}, t.place(s.ID)...))
	}
	return out
}

// bothTiers speaks of subnets that the file chooses for both tiers: of those by ids the file alone tells.
func (l Lodging) bothTiers() []config.Fault {
	var out []config.Fault
	for _, s := range l.Tier(model.Private) {
		if !slices.ContainsFunc(l.Tier(model.Public), func(p model.ExistingSubnet) bool { return p.ID == s.ID }) {
			continue
		}
		private := tier{Tier: model.Private, named: l.c.Existing.Private}
		out = append(out, l.fault(config.Fault{
			Summary: "the subnet " + titled(s.ID, s.CIDR, s.Name) + " would be public and private",
			Detail:  "Load balancers that face the internet need a route to an internet gateway, and instances one to a NAT gateway.",
			Hint:    "choose the tiers by tags that no subnet of the other tier has",
		}, private.place(s.ID)...))
	}
	return out
}

// halfZones speaks of zones with one tier only: instances that no load balancer reaches, or a load balancer's zone
// without instances. Zones that the file names must have subnets.
func (l Lodging) halfZones() []config.Fault {
	var out []config.Fault
	zones := slices.Concat(l.Zones(), l.c.Existing.Zones)
	slices.Sort(zones)
	for _, z := range slices.Compact(zones) {
		for _, t := range l.tiers() {
			if !l.used(t.Tier) || slices.ContainsFunc(t.found, func(s model.ExistingSubnet) bool { return s.Zone == z }) {
				continue
			}
			hint := "name a " + string(t.Tier) + " subnet in " + z + ", or none there"
			settings := []string{t.setting()}
			if i := slices.Index(l.c.Existing.Zones, z); i >= 0 {
				hint = "take " + z + " out of availability_zones, or choose a " + string(t.Tier) + " subnet in it"
				settings = []string{"availability_zones[" + strconv.Itoa(i) + "]", "availability_zones"}
			} else if len(t.named.Tags) > 0 {
				hint = "choose the zones that have both: availability_zones = " + l.wholeZones()
			}
			out = append(out, l.fault(config.Fault{
				Summary: "the file chooses no " + string(t.Tier) + " subnet in " + z,
				Detail:  "Each zone of the cluster needs a private subnet, and a public one too where load balancers face the internet.", Hint: hint,
			}, settings...))
		}
	}
	return out
}

// wholeZones are the zones with every tier that is used, as the file writes them.
func (l Lodging) wholeZones() string {
	var out []string
	for _, z := range l.Zones() {
		lacks := func(t tier) bool {
			return l.used(t.Tier) && !slices.ContainsFunc(t.found, func(s model.ExistingSubnet) bool { return s.Zone == z })
		}
		if !slices.ContainsFunc(l.tiers(), lacks) {
			out = append(out, strconv.Quote(z))
		}
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// tooFewZones holds application load balancers to AWS's two zones.
func (l Lodging) tooFewZones() []config.Fault {
	var out []config.Fault
	for _, t := range l.tiers() {
		zones := map[string]bool{}
		for _, s := range t.found {
			zones[s.Zone] = true
		}
		if len(zones) > 1 || !l.Fronts(t.Tier, config.Application) {
			continue
		}
		out = append(out, l.fault(config.Fault{
			Summary: "an application load balancer needs two zones, and the " + string(t.Tier) + " subnets lie in one, " + t.found[0].Zone,
			Detail:  "AWS refuses to create it over subnets of one zone.",
			Hint:    "name a subnet in a second zone\nor do without: load_balancers = {}",
		}, t.setting()))
	}
	return out
}

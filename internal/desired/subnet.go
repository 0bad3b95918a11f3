package desired

import (
	"net/netip"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) subnets() []model.Resource {
	var out []model.Resource
	for _, t := range []model.Tier{model.Public, model.Private} {
		ranges := b.ranges(t)
		for i, z := range b.zones() {
			k := model.SubnetKey(t, z)
			out = append(out, model.Subnet{Tier: t, Zone: z, CIDR: ranges[i].String(), Tags: b.tags(k)})
		}
	}
	return out
}

// ranges are the ranges of one tier's subnets, zone by zone. Where the file leaves them out, a subnet that stands keeps
// its range, since a range is for ever, and a new one takes the first block of the convention that is free.
func (b *builder) ranges(t model.Tier) []netip.Prefix {
	out := make([]netip.Prefix, len(b.c.Zones))
	var taken []netip.Prefix
	for i, z := range b.c.Zones {
		if stands, err := netip.ParsePrefix(b.facts.Subnets[model.SubnetKey(t, z.Name)]); err == nil {
			out[i] = stands
			taken = append(taken, stands)
		}
	}
	for i, z := range b.c.Zones {
		if out[i].IsValid() {
			continue
		}
		out[i] = firstFree(append([]netip.Prefix{given(z, t)}, b.blocks(t)...), taken)
		taken = append(taken, out[i])
	}
	return out
}

func given(z config.Zone, t model.Tier) netip.Prefix {
	if t == model.Public {
		return z.PublicCIDR
	}
	return z.PrivateCIDR
}

// blocks are the ranges that the file's zones have by convention, in order.
func (b *builder) blocks(t model.Tier) []netip.Prefix {
	var out []netip.Prefix
	for _, z := range b.c.Zones {
		out = append(out, given(z, t))
	}
	return out
}

// firstFree is the first block that overlaps nothing that is taken; when all do, the first one: then the plan says
// what is in the way.
func firstFree(blocks, taken []netip.Prefix) netip.Prefix {
	for _, p := range blocks {
		if !slices.ContainsFunc(taken, p.Overlaps) {
			return p
		}
	}
	return blocks[0]
}

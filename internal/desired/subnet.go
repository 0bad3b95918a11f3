package desired

import (
	"encoding/binary"
	"iter"
	"maps"
	"net/netip"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// subnets gives every zone its two ranges. Where the file leaves them out, a subnet that stands keeps its range, since a
// range is for ever, and a new one takes the first block of the convention that is free. The range of a subnet that goes
// is not: it is free only when nobody stands in it any more, and they may be waiting for the new one.
func (b *builder) subnets() []model.Resource {
	stands, taken := b.standing()
	var out []model.Resource
	for _, t := range []model.Tier{model.Public, model.Private} {
		for _, z := range b.c.Zones {
			k := model.SubnetKey(t, z.Name)
			cidr, ok := stands[k]
			if !ok {
				cidr = b.firstFree(z, t, taken)
				taken = append(taken, cidr)
			}
			out = append(out, model.Subnet{Tier: t, Zone: z.Name, CIDR: cidr.String(), Tags: b.tags(k)})
		}
	}
	return out
}

// standing are the ranges of the subnets that stand. One outside the file's VPC goes with the VPC that it lies in.
func (b *builder) standing() (map[model.Key]netip.Prefix, []netip.Prefix) {
	stands, vpc := map[model.Key]netip.Prefix{}, b.c.VPCCIDR
	var taken []netip.Prefix
	for _, k := range slices.SortedFunc(maps.Keys(b.facts.Subnets), model.CompareKeys) {
		cidr, err := netip.ParsePrefix(b.facts.Subnets[k])
		if err == nil && vpc.Bits() <= cidr.Bits() && vpc.Contains(cidr.Addr()) {
			stands[k] = cidr
			taken = append(taken, cidr)
		}
	}
	return stands, taken
}

func given(z config.Zone, t model.Tier) netip.Prefix {
	if t == model.Public {
		return z.PublicCIDR
	}
	return z.PrivateCIDR
}

// firstFree is the first block that overlaps nothing that is taken: the zone's own, one of the file's other zones, one
// behind them. When there is none it is the zone's own: then the plan says what is in the way.
func (b *builder) firstFree(z config.Zone, t model.Tier, taken []netip.Prefix) netip.Prefix {
	blocks := []netip.Prefix{given(z, t)}
	for _, other := range b.c.Zones {
		blocks = append(blocks, given(other, t))
	}
	blocks = slices.AppendSeq(blocks, b.blocksFrom(blocks[len(blocks)-1]))
	for _, p := range blocks {
		if !slices.ContainsFunc(taken, p.Overlaps) {
			return p
		}
	}
	return blocks[0]
}

// blocksFrom are a block and those of its size behind it, up to the end of the VPC.
func (b *builder) blocksFrom(p netip.Prefix) iter.Seq[netip.Prefix] {
	return func(yield func(netip.Prefix) bool) {
		for b.c.VPCCIDR.Contains(p.Addr()) && yield(p) {
			var next [4]byte
			at := p.Addr().As4()
			binary.BigEndian.PutUint32(next[:], binary.BigEndian.Uint32(at[:])+1<<(32-p.Bits()))
			p = netip.PrefixFrom(netip.AddrFrom4(next), p.Bits())
		}
	}
}

package desired

import (
	"net/netip"

	"berth/internal/model"
)

func (b *builder) subnets() []model.Resource {
	var out []model.Resource
	for _, z := range b.c.Zones {
		out = append(out, b.subnet(model.Public, z.Name, z.PublicCIDR), b.subnet(model.Private, z.Name, z.PrivateCIDR))
	}
	return out
}

func (b *builder) subnet(t model.Tier, zone string, cidr netip.Prefix) model.Subnet {
	k := model.SubnetKey(t, zone)
	s := model.Subnet{Tier: t, Zone: zone, CIDR: cidr.String(), Tags: b.tags(k)}
	if stands := b.facts.Subnets[k]; stands != "" {
		s.CIDR = stands
	}
	return s
}

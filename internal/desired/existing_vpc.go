package desired

import (
	"net/netip"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// Settle completes the configuration of a cluster in an existing VPC with what the facts say of it; any other comes back
// as it is.
func Settle(c *config.Config, facts model.Facts) *config.Config {
	if c.Existing == nil || facts.Existing == nil {
		return c
	}
	var cidrs []netip.Prefix
	for _, text := range facts.Existing.CIDRs {
		if p, err := netip.ParsePrefix(text); err == nil {
			cidrs = append(cidrs, p)
		}
	}
	var zones []config.Zone
	for _, name := range facts.Existing.Zones() {
		zones = append(zones, config.Zone{Name: name})
	}
	return c.Within(cidrs, zones)
}

// ownNetwork tells whether the cluster's network is made for it.
func (b *builder) ownNetwork() bool { return b.c.Existing == nil }

// vpcKey is the VPC that the cluster lives in, be it its own or another's.
func (b *builder) vpcKey() model.Key {
	if b.ownNetwork() {
		return model.VPCKey()
	}
	return model.Foreign(b.facts.Existing.ID())
}

func (b *builder) existingSubnets(t model.Tier) []model.Key {
	var out []model.Key
	for _, s := range b.facts.Existing.Tier(t) {
		out = append(out, model.Foreign(s.ID))
	}
	return out
}

// ownZones are the zones whose network is made for the cluster.
func (b *builder) ownZones() []string {
	if !b.ownNetwork() {
		return nil
	}
	return b.zones()
}

// ofNetwork tells which kinds only a network of the cluster's own has.
func ofNetwork(k model.Kind) bool {
	return slices.Contains([]model.Kind{
		model.KindVPC, model.KindDefaultGroup, model.KindInternetGateway, model.KindSubnet, model.KindRouteTable, model.KindElasticIP,
		model.KindNATGateway, model.KindRoute, model.KindEndpoint, model.KindFlowLog,
	}, k)
}

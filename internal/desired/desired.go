// Package desired says what a cluster is made of: from the file and the facts to the set of resources that shall stand.
//
// In: a config.Config and model.Facts. Out: a model.Set. The production baseline lives here, as code: every default
// that a file does not name is decided in this package. It is pure, and it knows nothing of what stands already,
// except through the facts. One file per kind of resource.
package desired

import (
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// Build makes the whole set.
func Build(c *config.Config, facts model.Facts) model.Set {
	b := &builder{c: c, facts: facts, scope: facts.Scope}
	var set model.Set
	for _, part := range b.parts() {
		for _, r := range part.build(b) {
			set.Put(r)
		}
	}
	return set
}

// builder is what the parts are made from.
type builder struct {
	c     *config.Config
	facts model.Facts
	scope model.Scope
}

type part struct {
	kind  model.Kind
	build func(*builder) []model.Resource
}

// grid has a part for every kind of resource.
func grid() []part {
	return []part{
		{model.KindBucket, (*builder).buckets},
		{model.KindVPC, (*builder).vpcs},
		{model.KindDefaultGroup, (*builder).defaultGroups},
		{model.KindInternetGateway, (*builder).internetGateways},
		{model.KindSubnet, (*builder).subnets},
		{model.KindRouteTable, (*builder).routeTables},
		{model.KindElasticIP, (*builder).elasticIPs},
		{model.KindNATGateway, (*builder).natGateways},
		{model.KindRoute, (*builder).routes},
		{model.KindSecurityGroup, (*builder).securityGroups},
		{model.KindEndpoint, (*builder).endpoints},
		{model.KindLoadBalancer, (*builder).loadBalancers},
		{model.KindTargetGroup, (*builder).targetGroups},
		{model.KindListener, (*builder).listeners},
		{model.KindClassic, (*builder).classics},
		{model.KindServiceRole, (*builder).serviceRoles},
		{model.KindRole, (*builder).roles},
		{model.KindProfile, (*builder).profiles},
		{model.KindLogGroup, (*builder).logGroups},
		{model.KindFlowLog, (*builder).flowLogs},
		{model.KindCluster, (*builder).clusters},
		{model.KindKeyPair, (*builder).keyPairs},
		{model.KindTemplate, (*builder).templates},
		{model.KindGroup, (*builder).groups},
		{model.KindProvider, (*builder).providers},
		{model.KindClusterProviders, (*builder).clusterProviders},
		{model.KindCapacity, (*builder).capacities},
		{model.KindTaskDefinition, (*builder).taskDefinitions},
		{model.KindDaemonService, (*builder).daemonServices},
	}
}

// parts are the parts that this file needs.
func (b *builder) parts() []part {
	if b.ownNetwork() {
		return grid()
	}
	return slices.DeleteFunc(grid(), func(p part) bool { return ofNetwork(p.kind) })
}

// tags are the tags of a resource: whose it is, and the user's own.
func (b *builder) tags(k model.Key) model.Tags { return b.withUserTags(b.scope.Tags(k)) }

func (b *builder) withUserTags(t model.Tags) model.Tags {
	var keys []string
	for _, own := range b.c.Tags {
		t = t.With(own.Key, own.Value)
		keys = append(keys, own.Key)
	}
	if len(keys) > 0 {
		t = t.With(model.TagUserTags, model.UserTags(keys...))
	}
	return t
}

// zones are the names of the file's zones.
func (b *builder) zones() []string {
	out := make([]string, len(b.c.Zones))
	for i, z := range b.c.Zones {
		out[i] = z.Name
	}
	return out
}

// subnetKeys are the keys of one tier's subnets.
func (b *builder) subnetKeys(t model.Tier) []model.Key {
	if !b.ownNetwork() {
		return b.existingSubnets(t)
	}
	var out []model.Key
	for _, z := range b.zones() {
		out = append(out, model.SubnetKey(t, z))
	}
	return out
}

// routeTableKeys are the keys of one tier's route tables.
func (b *builder) routeTableKeys(t model.Tier) []model.Key {
	var out []model.Key
	for _, z := range b.zones() {
		out = append(out, model.RouteTableKey(t, z))
	}
	return out
}

// natZone is where the NAT gateway of a zone stands.
func (b *builder) natZone(zone string) string {
	if b.c.NAT == config.Single {
		return b.c.Zones[0].Name
	}
	return zone
}

// natZones are the zones that have a NAT gateway.
func (b *builder) natZones() []string {
	var out []string
	if b.c.NAT == config.None {
		return nil
	}
	for _, z := range b.zones() {
		if n := b.natZone(z); !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

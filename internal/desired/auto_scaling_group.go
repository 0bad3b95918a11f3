package desired

import (
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) groups() []model.Resource {
	var out []model.Resource
	for _, g := range b.c.Groups {
		out = append(out, b.group(g))
	}
	return out
}

// group is the Auto Scaling group without its sizes but the maximum. The health check is EC2's, never a load
// balancer's: before the first deployment no target is healthy, and the group would replace its instances for ever.
func (b *builder) group(g config.Group) model.Group {
	out := model.Group{
		Group: g.Name, Name: b.scope.GroupName(g.Name), Template: b.launch(g).Digest(), InstanceTypes: g.InstanceTypes,
		Spot: g.Spot, CapacityRebalance: g.Spot, Subnets: b.subnetKeys(model.Private), Max: g.Max,
		HealthCheck: "EC2", GraceSeconds: 300, MinHealthyPercent: 100, MaxHealthyPercent: 200, ProtectNew: g.ManagedScaling,
		DeletionProtection: "prevent-force-deletion", Metrics: groupMetrics(),
		OnDemandPercentage: 100, OnDemandStrategy: g.OnDemandStrategy,
		Tags: b.groupTags(g),
	}
	if g.Spot {
		out.SpotStrategy, out.OnDemandBase, out.OnDemandPercentage = g.SpotStrategy, g.OnDemandBase, g.OnDemandPercentage
	}
	for _, lb := range b.c.LoadBalancers {
		if lb.Type == config.Classic && slices.Contains(g.LoadBalancers, lb.Key) {
			out.Classic = append(out.Classic, model.ClassicKey(lb.Key))
		}
	}
	return out
}

// groupTags are put on the group; its instances get theirs from the template. ECS looks for TagManaged: without it
// managed scaling stops.
func (b *builder) groupTags(g config.Group) model.Tags {
	return b.tags(model.GroupKey(g.Name)).
		With(model.TagName, b.c.Environment+"_ecs_"+b.c.Cluster+"_"+g.Name).
		With(model.TagGroup, g.Name).With(model.TagManaged, "")
}

func groupMetrics() []string {
	return []string{
		"GroupDesiredCapacity", "GroupInServiceCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize",
		"GroupPendingInstances", "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances",
	}
}

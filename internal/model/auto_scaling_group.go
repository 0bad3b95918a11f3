package model

import "slices"

// Group is an Auto Scaling group: where a group's instances come from. Its sizes are a Capacity of its own, except
// the maximum.
type Group struct {
	Group              string
	Name               string
	Template           string // Digest of the launch template's content that it launches from
	InstanceTypes      []string
	Spot               bool
	SpotStrategy       string // spot only
	OnDemandBase       int    // spot only: the instances that are On-Demand first
	OnDemandPercentage int    // how much of what is above the base is On-Demand; 100 where none is Spot
	OnDemandStrategy   string // "prioritized": by the order of InstanceTypes
	CapacityRebalance  bool
	Subnets            []Key
	Max                int
	HealthCheck        string // "EC2"
	GraceSeconds       int
	MinHealthyPercent  int // instance maintenance policy
	MaxHealthyPercent  int
	ProtectNew         bool // new instances are protected from scale-in
	DeletionProtection string
	Metrics            []string
	Classic            []Key // classic load balancers attached
	Tags               Tags
	Instances          []Instance // observed only
	Desired            int        // observed only: what the group has been told to hold now
	Min                int        // observed only
	DesiredTag         string     // observed only: TagDesired, the starting size last applied
	Raised             int        // observed only: by how much a roll has raised the maximum, beyond Max
	Roll               string     // observed only: TagRoll, the roll under way or left behind
}

// Instance is a member of an Auto Scaling group, as the group sees it.
type Instance struct {
	ID, Zone, Type  string
	State, Health   string // "InService", "Healthy" …
	TemplateVersion int
	Reasons         []Reason // why it is another than the group would launch now; empty: it is not
	Protected       bool
}

// GroupKey names an Auto Scaling group.
func GroupKey(group string) Key { return Key{KindGroup, group} }

// Key is GroupKey of its name.
func (g Group) Key() Key { return GroupKey(g.Group) }

// Refs are template, subnets, classic load balancers and Auto Scaling's service-linked role.
func (g Group) Refs() []Key {
	refs := slices.Concat([]Key{TemplateKey(g.Group)}, g.Subnets, g.Classic, []Key{ServiceRoleKey("autoscaling")})
	if g.Spot {
		refs = append(refs, ServiceRoleKey("spot"))
	}
	return ours(refs)
}

// Attrs lists the group's settings.
func (g Group) Attrs() []Attr {
	var a attrs
	a.text("name", g.Name)
	a.text("launch_template", g.Template)
	a.list("instance_types", g.InstanceTypes)
	a.flag("spot", g.Spot)
	a.text("spot_allocation_strategy", g.SpotStrategy)
	a.number("on_demand_base", g.OnDemandBase)
	a.number("on_demand_percentage", g.OnDemandPercentage)
	a.text("on_demand_allocation_strategy", g.OnDemandStrategy)
	a.flag("capacity_rebalance", g.CapacityRebalance)
	a.keys("subnets", g.Subnets)
	a.number("max_size", g.Max)
	a.text("health_check_type", g.HealthCheck)
	a.number("health_check_grace_seconds", g.GraceSeconds)
	a.number("maintenance.min_healthy_percent", g.MinHealthyPercent)
	a.number("maintenance.max_healthy_percent", g.MaxHealthyPercent)
	a.flag("new_instances_protected_from_scale_in", g.ProtectNew)
	a.text("deletion_protection", g.DeletionProtection)
	a.list("metrics", slices.Sorted(slices.Values(g.Metrics)))
	a.keys("classic_load_balancers", g.Classic)
	a.tags(g.Tags)
	return a
}

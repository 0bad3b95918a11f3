package model

// Provider is an ECS capacity provider: it lets the cluster scale one group.
type Provider struct {
	Group                 string
	Name                  string
	AutoScalingGroup      Key
	ManagedScaling        bool
	TargetCapacity        int // percent
	MinStep, MaxStep      int
	WarmupSeconds         int
	TerminationProtection bool
	Draining              bool
	Tags                  Tags
}

// ProviderKey names the capacity provider of a group.
func ProviderKey(group string) Key { return Key{KindProvider, group} }

// Key is ProviderKey of its group.
func (p Provider) Key() Key { return ProviderKey(p.Group) }

// Refs are the group and the cluster.
func (p Provider) Refs() []Key { return []Key{GroupKey(p.Group), ClusterKey()} }

// Attrs lists the provider's settings.
func (p Provider) Attrs() []Attr {
	var a attrs
	a.text("name", p.Name)
	a.key("auto_scaling_group", p.AutoScalingGroup)
	a.flag("managed_scaling", p.ManagedScaling)
	a.number("target_capacity", p.TargetCapacity)
	a.number("minimum_scaling_step", p.MinStep)
	a.number("maximum_scaling_step", p.MaxStep)
	a.number("instance_warmup_seconds", p.WarmupSeconds)
	a.flag("managed_termination_protection", p.TerminationProtection)
	a.flag("managed_draining", p.Draining)
	a.tags(p.Tags)
	return a
}

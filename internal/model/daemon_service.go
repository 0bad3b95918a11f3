package model

// DaemonService is the ECS service that runs a system container once on every instance.
type DaemonService struct {
	Container         string // the entry of system_containers
	Name              string
	Definition        Key                 // the revision that it runs
	Content           ContainerDefinition // of that revision, so that a plan shows what differs
	LaunchType        string
	MinHealthyPercent int
	MaxPercent        int
	CircuitBreaker    bool
	Rollback          bool
	Placement         string // which instances, in ECS's cluster query language; empty: all
	PropagateTags     string
	ManagedTags       bool
	On                []Key // the capacity that its tasks stand on
	Tags              Tags
}

// DaemonServiceKey names the service of a system container.
func DaemonServiceKey(container string) Key { return Key{KindDaemonService, container} }

// Key is DaemonServiceKey of its container.
func (d DaemonService) Key() Key { return DaemonServiceKey(d.Container) }

// Refs are the cluster, the task definition and the capacity: a daemon's deployment is done when it runs on every
// instance, and it goes while there are instances to stop its tasks on.
func (d DaemonService) Refs() []Key {
	refs := []Key{ClusterKey()}
	if !d.Definition.IsZero() && d.Definition.Kind != KindForeign {
		refs = append(refs, d.Definition)
	}
	return append(refs, d.On...)
}

// Attrs lists the settings of the service, and those of the task definition that it runs.
func (d DaemonService) Attrs() []Attr {
	var a attrs
	a.text("name", d.Name)
	a.key("task_definition", d.Definition)
	a = append(a, d.Content.attrs()...)
	a.text("launch_type", d.LaunchType)
	a.number("minimum_healthy_percent", d.MinHealthyPercent)
	a.number("maximum_percent", d.MaxPercent)
	a.flag("circuit_breaker", d.CircuitBreaker)
	a.flag("circuit_breaker_rollback", d.Rollback)
	a.text("placement", d.Placement)
	a.text("propagate_tags", d.PropagateTags)
	a.flag("managed_tags", d.ManagedTags)
	a.tags(d.Tags)
	return a
}

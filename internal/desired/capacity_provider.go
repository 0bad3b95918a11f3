package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) providers() []model.Resource {
	var out []model.Resource
	for _, g := range b.c.Groups {
		out = append(out, b.provider(g))
	}
	return out
}

// provider scales the group to exactly what the tasks need, unless managed scaling is off; then nobody but the file
// sets its size, and termination protection, which needs managed scaling, is off too.
func (b *builder) provider(g config.Group) model.Provider {
	return model.Provider{
		Group: g.Name, Name: b.scope.ProviderName(g.Name), AutoScalingGroup: model.GroupKey(g.Name),
		ManagedScaling: g.ManagedScaling, TargetCapacity: 100, MinStep: 1, MaxStep: 10000, WarmupSeconds: 300,
		TerminationProtection: g.ManagedScaling, Draining: true, Tags: b.tags(model.ProviderKey(g.Name)),
	}
}

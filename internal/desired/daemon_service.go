package desired

import (
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

// groupAttribute is the attribute by which an instance tells its group. Only groups that a system container names have
// it: it is part of the user data.
const groupAttribute = "berth.instance-group"

// daemonServices run the system containers. ECS wants a maximum of 100 percent for daemons, since there is never a second
// one on an instance; with a minimum above 0 the deployment on a single instance would never begin.
func (b *builder) daemonServices() []model.Resource {
	var out []model.Resource
	for _, c := range b.c.SystemContainers {
		k := model.DaemonServiceKey(c.Name)
		content := b.containerDefinition(c)
		d := model.DaemonService{
			Container: c.Name, Name: b.scope.DaemonName(c.Name), Definition: model.TaskDefinitionKey(c.Name, content), Content: content,
			LaunchType: "EC2", MinHealthyPercent: 0, MaxPercent: 100, CircuitBreaker: true, Rollback: true,
			Placement: placement(c.Groups), PropagateTags: "SERVICE", ManagedTags: true, Tags: b.tags(k),
		}
		for _, g := range b.c.Groups {
			if c.On(g.Name) {
				d.On = append(d.On, model.CapacityKey(g.Name))
			}
		}
		out = append(out, d)
	}
	return out
}

// placement is the instances of some groups in ECS's cluster query language; none is all.
func placement(groups []string) string {
	if len(groups) == 0 {
		return ""
	}
	return "attribute:" + groupAttribute + " in [" + strings.Join(groups, ", ") + "]"
}

// told tells whether the instances of a group tell which one it is.
func (b *builder) told(group string) bool {
	for _, c := range b.c.SystemContainers {
		if c.Groups != nil && c.On(group) {
			return true
		}
	}
	return false
}

// privileged tells whether a container on the instances of a group may be root there.
func privileged(c *config.Config, group string) bool {
	for _, s := range c.SystemContainers {
		if s.Privileged && s.On(group) {
			return true
		}
	}
	return false
}

package desired

import (
	"fmt"

	"berth/internal/config"
	"berth/internal/model"
)

func (b *builder) taskDefinitions() []model.Resource {
	var out []model.Resource
	for _, c := range b.c.SystemContainers {
		content := b.containerDefinition(c)
		out = append(out, model.TaskDefinition{
			Container: c.Name, Family: b.scope.FamilyName(c.Name), Content: content, Tags: b.tags(model.TaskDefinitionKey(c.Name, content)),
		})
	}
	return out
}

// containerDefinition is what a system container is started from. Its log driver never blocks it: an agent that waits for
// its own log would hold up what it is there for.
func (b *builder) containerDefinition(c config.SystemContainer) model.ContainerDefinition {
	out := model.ContainerDefinition{
		Image: c.Image, CPU: c.CPU, Memory: c.Memory, Command: c.Command, EntryPoint: c.EntryPoint,
		Environment: settingsOf(c.Environment), Secrets: settingsOf(c.Secrets),
		Privileged: c.Privileged, NetworkMode: c.NetworkMode, PIDMode: c.PIDMode,
		ExecutionRole: model.RoleKey("execution"), TaskRole: model.RoleKey("task"), LogGroup: model.LogGroupKey(ContainerLog(c.Name)),
		LogOptions: model.NewSettings(
			model.Setting{Name: "awslogs-region", Value: b.scope.Region}, model.Setting{Name: "awslogs-stream-prefix", Value: b.scope.ClusterName()},
			model.Setting{Name: "max-buffer-size", Value: "25m"}, model.Setting{Name: "mode", Value: "non-blocking"},
			model.Setting{Name: "awslogs-group", Value: b.c.LogPrefix + ContainerLog(c.Name)},
		),
	}
	if c.TaskRoleARN != "" {
		out.TaskRole = model.Foreign(c.TaskRoleARN)
	}
	for _, v := range c.Volumes {
		text := v.Name + " " + v.Host + ":" + v.Container
		if v.ReadOnly {
			text += ":ro"
		}
		out.Mounts = append(out.Mounts, text)
	}
	for _, p := range c.Ports {
		out.Ports = append(out.Ports, fmt.Sprintf("%d:%d/%s", p.Host, p.Container, p.Protocol))
	}
	return out
}

func settingsOf(tags []config.Tag) model.Settings {
	var out model.Settings
	for _, t := range tags { // sorted already
		out = append(out, model.Setting{Name: t.Key, Value: t.Value})
	}
	return out
}

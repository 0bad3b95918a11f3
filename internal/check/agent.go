package check

import "berth/internal/config"

// wall is a setting of the ECS agent that keeps containers apart from their instance.
type wall struct{ name, open, means string }

func walls() []wall {
	return []wall{
		{"ECS_DISABLE_PRIVILEGED", "false", "privileged containers can be started, which own the instance and every other container on it"},
		{"ECS_AWSVPC_BLOCK_IMDS", "false", "tasks with an interface of their own can ask for the credentials of the instance's role"},
		{"ECS_ALLOW_OFFHOST_INTROSPECTION_ACCESS", "true", "the agent tells other machines and all tasks what runs on the instance"},
		{"ECS_SKIP_LOCALHOST_TRAFFIC_FILTER", "true", "neighbours in the network can reach what listens on the instance's localhost only"},
	}
}

// openWalls is a warning: some applications need it, and all others on the instance pay for it.
func openWalls(in Input) []Finding {
	var out []Finding
	for _, w := range walls() {
		var groups []string
		for _, g := range in.Config.Groups {
			if (config.Tag{Key: w.name, Value: w.open}) == settingOf(g, w.name) {
				groups = append(groups, g.Name)
			}
		}
		if len(groups) == 0 {
			continue
		}
		name := in.Config.Setting(groups[0], "ecs_config") + "." + w.name
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     "on the instances of " + groupsNamed(groups) + " " + w.means,
			Fix:      "leave " + w.name + " out of ecs_config, or keep what needs it in a group of its own: instance_groups",
		}, name, "ecs_config."+w.name))
	}
	return out
}

// settingOf is a group's own setting of the agent.
func settingOf(g config.Group, name string) config.Tag {
	for _, s := range g.AgentConfig {
		if s.Key == name {
			return s
		}
	}
	return config.Tag{}
}

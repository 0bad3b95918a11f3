package option

// agent are the settings of the ECS agent.
func agent() []Option {
	return []Option{{
		Name: "ecs_config", Kind: TextMap, Scope: Top | Group, Def: `{}`, Example: `{ ECS_IMAGE_PULL_BEHAVIOR = "prefer-cached" }`,
		Meaning: "Further settings of the ECS agent, as its documentation names them. A group's map replaces the top level's.",
	}}
}

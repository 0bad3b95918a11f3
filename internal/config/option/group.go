package option

// group are the settings about instances.
func group() []Option {
	return []Option{
		{
			Name: "instance_group", Kind: Text, Scope: Top, Def: `"default"`, Example: `"web"`,
			Meaning: "The name of the group that the top level describes.",
		},
		{
			Name: "instance_groups", Kind: Maps, Scope: Top, Def: `{}`, Example: `{ batch = { max_size = 8, spot = true } }`,
			Meaning: "Further groups by name. What a group leaves out it takes from the top level, except its sizes.",
		},
		{
			Name: "instance_type", Kind: Flexible, Scope: Top | Group, Def: `"m7i.large"`, Example: `["c7g.large", "c6g.large"]`,
			Meaning: "The instance type, or several of one architecture in order of preference.",
		},
		{
			Name: "managed_scaling", Kind: Bool, Scope: Top | Group, Def: `true`, Example: `false`,
			Meaning: "ECS fits the number of instances to the tasks. When false, desired_capacity is kept.",
		},
		{
			Name: "attributes", Kind: TextMap, Scope: Top | Group, Def: `{}`, Example: `{ workload = "batch" }`,
			Meaning: "ECS attributes of the instances, for placement constraints. A group's map replaces the top level's.",
		},
		{
			Name: "key_name", Alias: "key_pair_name", Kind: Text, Scope: Top | Group, Def: `""`, Words: "none: Session Manager needs no key",
			Example: `"ops"`, Meaning: "An existing EC2 key pair for SSH.",
		},
		{
			Name: "ssh_public_key", Alias: "key_pair_public_key", Kind: Text, Scope: Top | Group, Def: `""`, Words: "none: Session Manager needs no key",
			Example: `"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops"`,
			Meaning: "A public SSH key that berth brings to EC2. Port 22 stays closed. Not beside key_name.",
		},
	}
}

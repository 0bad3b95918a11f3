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
			Name: "arch", Kind: Text, Scope: Top | Group, Def: `""`, Words: "from the instance types",
			Choices: []string{"", "x86_64", "arm64"}, Example: `"arm64"`, Beside: "instance_type = \"m7g.large\"\n",
			Meaning: "The architecture of the image. A group with its own instance_type does not take it from the top level.",
		},
		{
			Name: "ami_family", Kind: Text, Scope: Top | Group, Def: `"al2023"`, Choices: []string{"al2023", "al2", "bottlerocket"}, Example: `"bottlerocket"`,
			Meaning: "Amazon Linux 2023 or 2, or Bottlerocket, which has no shell. Amazon Linux 2 is out of support since 2026-06-30.",
		},
		{
			Name: "aws_ecs_ami", Alias: "ecs_aws_ami", Kind: Text, Scope: Top | Group, Def: `""`, Words: "the newest that AWS recommends",
			Example: `"ami-0123456789abcdef0"`,
			Meaning: "The image to start from. Left empty it is looked up once, when the group is made, and then kept.",
		},
		{
			Name: "volume", Kind: Map, Scope: Top | Group, Words: "30 GiB of gp3 (Bottlerocket: 20 beside its own volume)",
			Example: `{ size_gib = 100 }`,
			Meaning: "The volume of every instance for images and containers. It is always encrypted. A group's map replaces the top level's.",
		},
		{
			Name: "managed_scaling", Kind: Bool, Scope: Top | Group, Def: `true`, Example: `false`,
			Meaning: "ECS fits the number of instances to the tasks. When false, desired_capacity is kept.",
		},
		{
			Name: "spot", Kind: Bool, Scope: Top | Group, Def: `false`, Example: `true`,
			Meaning: "Spot instances: cheap, and taken away with two minutes' notice.",
		},
		{
			Name: "on_demand_base", Kind: Number, Scope: Top | Group, Def: `0`, Example: `2`, Beside: "spot = true\n",
			Meaning: "With spot: so many instances are On-Demand before the first Spot Instance.",
		},
		{
			Name: "on_demand_percentage", Kind: Number, Scope: Top | Group, Def: `0`, Example: `25`, Beside: "spot = true\n",
			Meaning: "With spot: how much of what is above on_demand_base is On-Demand, 0 to 99.",
		},
		{
			Name: "spot_allocation_strategy", Kind: Text, Scope: Top | Group, Def: `"price-capacity-optimized"`,
			Choices: []string{"price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"},
			Example: `"capacity-optimized"`, Beside: "spot = true\n",
			Meaning: "With spot: which of the types and zones EC2 takes. The default weighs price against the danger of losing the instance.",
		},
		{
			Name: "on_demand_allocation_strategy", Kind: Text, Scope: Top | Group, Def: `"prioritized"`, Choices: []string{"prioritized", "lowest-price"},
			Example: `"lowest-price"`, Meaning: "Which of several types On-Demand instances are: the first of the list that there is, or the cheapest.",
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
		{
			Name: "custom_userdata", Kind: Text, Scope: Top | Group, Def: `""`, Words: "none", Example: `"echo ready"`,
			Meaning: "Shell commands to run on every new instance after everything else, at most 8 KB. For Bottlerocket: its settings as TOML, laid over berth's.",
		},
		{
			Name: "ecs_logging", Kind: List, Scope: Top | Group, Def: `["json-file", "awslogs"]`, Example: `["json-file", "awslogs", "fluentd"]`,
			Choices: []string{"awsfirelens", "awslogs", "fluentd", "gelf", "journald", "json-file", "logentries", "none", "splunk", "syslog"},
			Meaning: "The log drivers that tasks may use.",
		},
	}
}

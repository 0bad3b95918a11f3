package option

// image are the settings about what instances start from.
func image() []Option {
	return []Option{
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
	}
}

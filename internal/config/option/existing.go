package option

// existing are the settings about a VPC that others own.
func existing() []Option {
	return []Option{
		{
			Name: "existing_vpc", Kind: Map, Scope: Top, Words: "berth makes a VPC for the cluster",
			Example: `{ vpc_id = "vpc-0a1b2c3d", public_subnet_ids = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"], private_subnet_ids = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"] }`,
			Meaning: "A VPC of others that the cluster lives in. Nothing of its network is ever made, changed or deleted. See guide/existing-vpc.md.",
		},
		{
			Name: "vpc_id", Kind: Text, Scope: Existing, Words: "vpc_tags say which", Example: `"vpc-0a1b2c3d"`,
			Beside:  "private_subnet_tags = { Tier = \"private\" }\n",
			Meaning: "The VPC's id.",
		},
		{
			Name: "vpc_tags", Kind: TextMap, Scope: Existing, Words: "vpc_id says which", Example: `{ Name = "shared" }`,
			Beside:  "private_subnet_tags = { Tier = \"private\" }\n",
			Meaning: "Tags that this VPC has and no other one of the region; * and ? stand for anything, as in AWS's filters.",
		},
		{
			Name: "public_subnet_ids", Kind: List, Scope: Existing, Words: "public_subnet_tags say which", Example: `["subnet-0a1b2c3d", "subnet-1a2b3c4d"]`,
			Beside:  "vpc_id = \"vpc-0a1b2c3d\"\nprivate_subnet_tags = { Tier = \"private\" }\n",
			Meaning: "The public subnets, one per zone: where load balancers that face the internet stand. Needed only for these.",
		},
		{
			Name: "public_subnet_tags", Kind: TextMap, Scope: Existing, Words: "public_subnet_ids say which", Example: `{ Tier = "public" }`,
			Beside:  "vpc_id = \"vpc-0a1b2c3d\"\nprivate_subnet_tags = { Tier = \"private\" }\n",
			Meaning: "Tags that one public subnet of each zone has.",
		},
		{
			Name: "private_subnet_ids", Kind: List, Scope: Existing, Words: "private_subnet_tags say which", Example: `["subnet-2a3b4c5d", "subnet-3a4b5c6d"]`,
			Beside:  "vpc_id = \"vpc-0a1b2c3d\"\n",
			Meaning: "The private subnets: where instances and internal load balancers stand. Several in a zone are possible without internal load balancers.",
		},
		{
			Name: "private_subnet_tags", Kind: TextMap, Scope: Existing, Words: "private_subnet_ids say which", Example: `{ Tier = "private" }`,
			Beside:  "vpc_id = \"vpc-0a1b2c3d\"\n",
			Meaning: "Tags that one private subnet of each zone has.",
		},
	}
}

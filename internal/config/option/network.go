package option

// network are the settings about the VPC and its subnets.
func network() []Option {
	return []Option{
		{
			Name: "availability_zones", Kind: List, Scope: Top, Required: true, Unless: "existing_vpc", Example: `["eu-west-1a", "eu-west-1b"]`,
			Meaning: "The zones to spread over: at least two for an application load balancer, three for comfort.",
		},
		{
			Name: "vpc_cidr", Kind: Text, Scope: Top, Def: `"10.0.0.0/16"`, Example: `"10.20.0.0/16"`,
			Meaning: "The VPC's IPv4 range, /16 to /28.",
		},
		{
			Name: "public_subnet_cidrs", Kind: List, Scope: Top, Words: "by convention, see below",
			Example: `["10.0.0.0/24", "10.0.1.0/24"]`,
			Meaning: "The ranges of the public subnets (load balancers, NAT gateways), one per zone, in the order of the zones.",
		},
		{
			Name: "private_subnet_cidrs", Kind: List, Scope: Top, Words: "by convention, see below",
			Example: `["10.0.50.0/24", "10.0.51.0/24"]`,
			Meaning: "The ranges of the private subnets (instances), one per zone, in the order of the zones.",
		},
		{
			Name: "nat", Kind: Text, Scope: Top, Def: `"per_az"`, Choices: []string{"per_az", "single", "none"}, Example: `"single"`,
			Meaning: "A NAT gateway in each zone; a single one: cheaper, but its zone's loss cuts all others off; or none: AWS's services through endpoints, nothing else.",
		},
	}
}

package option

// balancer are the settings about load balancers.
func balancer() []Option {
	return []Option{
		{
			Name: "load_balancers", Kind: List, Scope: Group, Words: "all classic ones", Example: `["legacy"]`,
			Meaning: "The classic load balancers that the group's instances register with.",
		},
		{
			Name: "load_balancers", Kind: Maps, Scope: Top, Words: "one application load balancer, open to all on port 80",
			Example: `{ internal = { scheme = "internal" } }`,
			Meaning: "Load balancers by name; they replace the default one. {} means none. Names: small letters, digits, hyphens.",
		},
		{
			Name: "type", Kind: Text, Scope: Balancer, Def: `"application"`, Choices: []string{"application", "classic"}, Example: `"classic"`,
			Meaning: "An application load balancer, or a classic one that forwards to a port of every instance.",
		},
		{
			Name: "scheme", Kind: Text, Scope: Balancer, Def: `"external"`, Choices: []string{"external", "internal"}, Example: `"internal"`,
			Meaning: "Reachable from the internet (public subnets), or from inside the VPC only (private subnets).",
		},
		{
			Name: "allow_cidrs", Kind: List, Scope: Balancer, Words: "external: everybody; internal: the VPC's ranges", Example: `["192.0.2.0/24"]`,
			Meaning: "Who may connect.",
		},
		{
			Name: "instance_port", Kind: Number, Scope: Balancer, Words: "80", Example: `8080`, Beside: "type = \"classic\"\n",
			Meaning: "Classic only: the port of the instances that it forwards to.",
		},
	}
}

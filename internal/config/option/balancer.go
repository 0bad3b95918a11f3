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
			Meaning: "Load balancers by name, in place of the default one; `default` names that one, to change it. {} means none. Names: small letters, digits, hyphens.",
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
		{
			Name: "health_check", Kind: Map, Scope: Balancer, Words: "every 15 s, see below", Example: `{ path = "/health" }`,
			Meaning: "How the load balancer finds out whether a target works, of its default target group or, classic, of the instances.",
		},
		{
			Name: "deregistration_delay", Kind: Number, Scope: Balancer, Def: `30`, Example: `60`,
			Meaning: "The seconds that a target which leaves has to finish its requests, 0 to 3600. A deployment waits for them.",
		},
		{
			Name: "idle_timeout", Kind: Number, Scope: Balancer, Def: `60`, Example: `120`,
			Meaning: "The seconds after which a silent connection is closed, 1 to 4000.",
		},
		{
			Name: "access_logs", Kind: Text, Scope: Balancer, Def: `""`, Words: "none", Example: `"acme-access-logs/shop"`,
			Meaning: "Your own bucket for the access logs, and a prefix if you like. Its policy must let Elastic Load Balancing write.",
		},
	}
}

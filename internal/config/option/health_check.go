package option

// healthCheck are the settings about how a load balancer checks its targets.
func healthCheck() []Option {
	return []Option{
		{
			Name: "path", Kind: Text, Scope: HealthCheck, Words: "`/`; classic: none, which only opens a connection", Example: `"/health"`,
			Meaning: "The path that is asked for.",
		},
		{
			Name: "port", Kind: Number, Scope: HealthCheck, Words: "the port that gets the requests", Example: `8081`,
			Meaning: "The port that is asked.",
		},
		{
			Name: "codes", Kind: Text, Scope: HealthCheck, Words: "`200`", Example: `"200-299,302"`,
			Meaning: "The HTTP status codes of a healthy target, 200 to 499. A classic load balancer takes 200 only.",
		},
		{
			Name: "interval", Kind: Number, Scope: HealthCheck, Def: `15`, Example: `10`,
			Meaning: "The seconds between two checks, 5 to 300.",
		},
		{
			Name: "timeout", Kind: Number, Scope: HealthCheck, Words: "5, or one less than interval", Example: `3`,
			Meaning: "The seconds to wait for an answer, 2 to 120 (classic: 60), less than interval.",
		},
		{
			Name: "healthy_threshold", Kind: Number, Scope: HealthCheck, Def: `2`, Example: `3`,
			Meaning: "So many good checks in a row make a target healthy, 2 to 10.",
		},
		{
			Name: "unhealthy_threshold", Kind: Number, Scope: HealthCheck, Def: `2`, Example: `3`,
			Meaning: "So many bad checks in a row make a target unhealthy, 2 to 10.",
		},
	}
}

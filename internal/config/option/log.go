package option

// log are the settings about logs and figures.
func log() []Option {
	return []Option{
		{
			Name: "log_prefix", Kind: Text, Scope: Top, Words: "{environment}_{cluster}", Example: `"acc"`,
			Meaning: "What the names of the instances' log groups begin with: {log_prefix}/var/log/messages.",
		},
		{
			Name: "log_retention_days", Kind: Number, Scope: Top, Def: `30`, Example: `90`,
			Meaning: "How long logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days.",
		},
		{
			Name: "container_insights", Kind: Text, Scope: Top, Def: `"enhanced"`, Choices: []string{"enhanced", "enabled", "disabled"},
			Example: `"disabled"`, Meaning: "How much CloudWatch measures. Enhanced costs most and shows every task.",
		},
	}
}

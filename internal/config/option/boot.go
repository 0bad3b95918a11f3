package option

// boot are the settings about what an instance does when it boots, and whom it serves.
func boot() []Option {
	return []Option{
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

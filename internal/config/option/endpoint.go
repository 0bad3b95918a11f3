package option

// way are the settings about ways to AWS that do not pass the NAT gateways, and about the record of all traffic.
func way() []Option {
	return []Option{
		{
			Name: "vpc_endpoints", Kind: List, Scope: Top, Def: `[]`, Words: "`[]`; with nat = \"none\" those that instances need",
			Example: `["dynamodb", "secretsmanager"]`,
			Meaning: "AWS services that the private subnets reach through endpoints of their own. S3 is always among them.",
		},
		{
			Name: "flow_logs", Kind: Text, Scope: Top, Def: `"none"`, Example: `"cloudwatch"`,
			Meaning: "Where the record of all connections in the VPC goes: none, cloudwatch (kept for log_retention_days), or the ARN of an S3 bucket of your own.",
		},
		{
			Name: "flow_log_interval", Kind: Number, Scope: Top, Def: `600`, Example: `60`, Beside: "flow_logs = \"cloudwatch\"\n",
			Meaning: "For how many seconds a flow log adds up a connection before it writes a line: 600, or 60 for ten times as many lines.",
		},
	}
}

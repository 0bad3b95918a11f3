package option

// alert are the settings about who is told when something fails.
func alert() []Option {
	return []Option{
		{
			Name: "alerts", Kind: Maps, Scope: Top, Words: "none: nobody is told", Example: `{ ops = { email = "ops@example.com" } }`,
			Meaning: "Who is told when a deployment, a task or an instance fails, by name. Names: small letters, digits, hyphens.",
		},
		{
			Name: "email", Kind: Text, Scope: Alert, Words: "none", Example: `"ops@example.com"`,
			Meaning: "An address to write to. AWS asks it for a confirmation first.",
		},
		{
			Name: "https", Kind: Text, Scope: Alert, Words: "none", Example: `"https://hooks.example.com/ecs"`,
			Meaning: "A web server that SNS posts to. It must confirm the subscription first. Nothing of the address may be a secret.",
		},
		{
			Name: "sqs_arn", Kind: Text, Scope: Alert, Words: "none", Example: `"arn:aws:sqs:eu-west-1:123456789012:ops"`,
			Meaning: "An SQS queue of yours in the cluster's region. Its policy must let the topic send.",
		},
	}
}

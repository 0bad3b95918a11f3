package option

import "slices"

// alert are the settings about who is told when something fails.
func alert() []Option {
	const (
		mail  = "from = \"berth@example.com\"\nto = [\"ops@example.com\"]\n"
		smtp  = "smtp = \"smtp.example.com:587\"\n"
		login = smtp + mail + "username = \"berth\"\n"
		slack = "slack_env = \"SLACK_WEBHOOK\"\n"
		hook  = "webhook = \"https://hooks.example.com/ecs\"\n"
	)
	return slices.Concat([]Option{
		{
			Name: "alerts", Kind: Maps, Scope: Top, Words: "none: nobody is told", Example: `{ ops = { email = "ops@example.com" } }`,
			Meaning: "Who is told when a deployment, a task or an instance fails, by name. Names: small letters, digits, hyphens.",
		},
		{
			Name: "email", Kind: Text, Scope: Alert, Words: "none", Example: `"ops@example.com"`,
			Meaning: "An address that AWS writes to, without berth running. AWS asks it for a confirmation first.",
		},
		{
			Name: "https", Kind: Text, Scope: Alert, Words: "none", Example: `"https://hooks.example.com/ecs"`,
			Meaning: "A web server that SNS posts to, without berth running. It must confirm the subscription first. Nothing of the address may be a secret.",
		},
		{
			Name: "sqs_arn", Kind: Text, Scope: Alert, Words: "none", Example: `"arn:aws:sqs:eu-west-1:123456789012:ops"`,
			Meaning: "An SQS queue of yours in the cluster's region, which SNS sends to without berth running. Its policy must let the topic send.",
		},
	}, []Option{
		{
			Name: "slack_env", Kind: Text, Scope: Alert, Words: "none", Example: `"SLACK_WEBHOOK"`,
			Meaning: "The environment variable of berth watch that holds the address of a Slack incoming webhook.",
		},
		{
			Name: "slack_file", Kind: Text, Scope: Alert, Words: "none", Example: `"/run/secrets/slack"`,
			Meaning: "The file that holds it, as berth watch sees it.",
		},
		{
			Name: "webhook", Kind: Text, Scope: Alert, Words: "none", Example: `"https://hooks.example.com/ecs"`,
			Meaning: "A web server that berth watch posts incidents to, as JSON. Nothing of the address may be a secret.",
		},
		{
			Name: "webhook_env", Kind: Text, Scope: Alert, Words: "none", Example: `"PAGER_WEBHOOK"`,
			Meaning: "The environment variable of berth watch that holds such an address, where something of it is a secret.",
		},
		{
			Name: "webhook_file", Kind: Text, Scope: Alert, Words: "none", Example: `"/run/secrets/pager"`,
			Meaning: "The file that holds it.",
		},
		{
			Name: "signing_key_env", Kind: Text, Scope: Alert, Words: "not signed", Example: `"PAGER_KEY"`, Beside: hook,
			Meaning: "The environment variable that holds the key with which posts to a webhook are signed (Standard Webhooks).",
		},
		{
			Name: "signing_key_file", Kind: Text, Scope: Alert, Words: "not signed", Example: `"/run/secrets/pager-key"`, Beside: hook,
			Meaning: "The file that holds it.",
		},
		{
			Name: "smtp", Kind: Text, Scope: Alert, Words: "none", Example: `"smtp.example.com:587"`, Beside: mail,
			Meaning: "A mail server that berth watch hands incidents to, with its port. It must offer STARTTLS.",
		},
		{
			Name: "from", Kind: Text, Scope: Alert, Words: "must be there beside smtp", Example: `"berth@example.com"`, Beside: smtp + "to = [\"ops@example.com\"]\n",
			Meaning: "Who the mail is from.",
		},
		{
			Name: "to", Kind: Flexible, Scope: Alert, Words: "must be there beside smtp", Example: `["ops@example.com"]`, Beside: smtp + "from = \"berth@example.com\"\n",
			Meaning: "Whom it goes to.",
		},
		{
			Name: "username", Kind: Text, Scope: Alert, Words: "no login", Example: `"berth"`, Beside: smtp + mail + "password_env = \"SMTP_PASSWORD\"\n",
			Meaning: "Who logs in to the mail server.",
		},
		{
			Name: "password_env", Kind: Text, Scope: Alert, Words: "no login", Example: `"SMTP_PASSWORD"`, Beside: login,
			Meaning: "The environment variable of berth watch that holds the password.",
		},
		{
			Name: "password_file", Kind: Text, Scope: Alert, Words: "no login", Example: `"/run/secrets/smtp"`, Beside: login,
			Meaning: "The file that holds it.",
		},
		{
			Name: "topic_arn", Kind: Text, Scope: Alert, Words: "none", Example: `"arn:aws:sns:eu-west-1:123456789012:ops"`,
			Meaning: "An SNS topic of yours in the cluster's region, which berth watch publishes incidents to.",
		},
		{
			Name: "severity", Kind: Text, Scope: Alert, Def: `"warning"`, Choices: []string{"info", "warning", "error"}, Example: `"error"`, Beside: slack,
			Meaning: "The least of what berth watch tells this receiver.",
		},
		{
			Name: "services", Kind: Flexible, Scope: Alert, Words: "all", Example: `["web", "shop-*"]`, Beside: slack,
			Meaning: "Services and families of tasks that this receiver is told about, * and ? as in a shell.",
		},
		{
			Name: "codes", Kind: Flexible, Scope: Alert, Words: "all", Example: `["WHY4*", "WHY60?"]`, Beside: slack,
			Meaning: "Codes of causes that this receiver is told about.",
		},
		{
			Name: "template", Kind: Text, Scope: Alert, Words: "berth's own words", Example: `"{{.Title}}: {{.Incident.Fix}}"`, Beside: slack,
			Meaning: "What Slack or a mail says, as a template of Go over the message; docs/guide/watching.md shows its fields.",
		},
	})
}

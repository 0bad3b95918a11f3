package option

import "slices"

// What must stand beside some of the examples.
const (
	besideMail  = "from = \"berth@example.com\"\nto = [\"ops@example.com\"]\n"
	besideSMTP  = "smtp = \"smtp.example.com:587\"\n"
	besideLogin = besideSMTP + besideMail + "username = \"berth\"\n"
	besideSlack = "slack_env = \"SLACK_WEBHOOK\"\n"
	besideHook  = "webhook = \"https://hooks.example.com/ecs\"\n"
)

// alert are the settings about who is told when something fails.
func alert() []Option { return slices.Concat(alertAWS(), alertWeb(), alertMail(), alertWatched()) }

// alertAWS are those whom AWS tells by itself.
func alertAWS() []Option {
	return []Option{
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
	}
}

// alertWeb are web servers that berth watch tells.
func alertWeb() []Option {
	return []Option{
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
			Name: "signing_key_env", Kind: Text, Scope: Alert, Words: "not signed", Example: `"PAGER_KEY"`, Beside: besideHook,
			Meaning: "The environment variable that holds the key with which posts to a webhook are signed (Standard Webhooks).",
		},
		{
			Name: "signing_key_file", Kind: Text, Scope: Alert, Words: "not signed", Example: `"/run/secrets/pager-key"`, Beside: besideHook,
			Meaning: "The file that holds it.",
		},
	}
}

// alertMail are mail servers that berth watch tells.
func alertMail() []Option {
	return []Option{
		{
			Name: "smtp", Kind: Text, Scope: Alert, Words: "none", Example: `"smtp.example.com:587"`, Beside: besideMail,
			Meaning: "A mail server that berth watch hands incidents to, with its port. It must offer STARTTLS.",
		},
		{
			Name: "from", Kind: Text, Scope: Alert, Words: "must be there beside smtp", Example: `"berth@example.com"`, Beside: besideSMTP + "to = [\"ops@example.com\"]\n",
			Meaning: "Who the mail is from.",
		},
		{
			Name: "to", Kind: Flexible, Scope: Alert, Words: "must be there beside smtp", Example: `["ops@example.com"]`, Beside: besideSMTP + "from = \"berth@example.com\"\n",
			Meaning: "Whom it goes to.",
		},
		{
			Name: "username", Kind: Text, Scope: Alert, Words: "no login", Example: `"berth"`, Beside: besideSMTP + besideMail + "password_env = \"SMTP_PASSWORD\"\n",
			Meaning: "Who logs in to the mail server.",
		},
		{
			Name: "password_env", Kind: Text, Scope: Alert, Words: "no login", Example: `"SMTP_PASSWORD"`, Beside: besideLogin,
			Meaning: "The environment variable of berth watch that holds the password.",
		},
		{
			Name: "password_file", Kind: Text, Scope: Alert, Words: "no login", Example: `"/run/secrets/smtp"`, Beside: besideLogin,
			Meaning: "The file that holds it.",
		},
	}
}

// alertWatched are topics that berth watch tells, and what it tells to whom.
func alertWatched() []Option {
	return []Option{
		{
			Name: "topic_arn", Kind: Text, Scope: Alert, Words: "none", Example: `"arn:aws:sns:eu-west-1:123456789012:ops"`,
			Meaning: "An SNS topic of yours in the cluster's region, which berth watch publishes incidents to.",
		},
		{
			Name: "severity", Kind: Text, Scope: Alert, Def: `"warning"`, Choices: []string{"info", "warning", "error"}, Example: `"error"`, Beside: besideSlack,
			Meaning: "The least of what berth watch tells this receiver.",
		},
		{
			Name: "services", Kind: Flexible, Scope: Alert, Words: "all", Example: `["web", "shop-*"]`, Beside: besideSlack,
			Meaning: "Services and families of tasks that this receiver is told about, * and ? as in a shell.",
		},
		{
			Name: "codes", Kind: Flexible, Scope: Alert, Words: "all", Example: `["WHY4*", "WHY60?"]`, Beside: besideSlack,
			Meaning: "Codes of causes that this receiver is told about.",
		},
		{
			Name: "template", Kind: Text, Scope: Alert, Words: "berth's own words", Example: `"{{title}}: {{fix}}"`, Beside: besideSlack,
			Meaning: "What Slack or a mail says below the title: text with fields in double braces; docs/guide/watching.md lists them.",
		},
	}
}

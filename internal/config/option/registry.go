package option

// registry are the settings about private registries.
func registry() []Option {
	const user = "username = \"acme\"\n"
	return []Option{
		{
			Name: "registries", Kind: Maps, Scope: Top, Def: `{}`, Example: `{ "ghcr.io" = { username = "acme", password_env = "GHCR_TOKEN" } }`,
			Meaning: "Private registries by host, with or without a port. Their passwords never stand in the file.",
		},
		{
			Name: "username", Kind: Text, Scope: Registry, Words: "must be there, unless secret_arn is", Example: `"acme"`, Beside: "password_env = \"GHCR_TOKEN\"\n",
			Meaning: "Who logs in.",
		},
		{
			Name: "password_env", Kind: Text, Scope: Registry, Words: "this, password_file or secret_arn", Example: `"GHCR_TOKEN"`, Beside: user,
			Meaning: "The environment variable that holds the password or token while plan and apply run.",
		},
		{
			Name: "password_file", Kind: Text, Scope: Registry, Words: "this, password_env or secret_arn", Example: `"/run/secrets/ghcr"`, Beside: user,
			Meaning: "The file that holds the password or token, as seen from the current folder. Its last line end does not count.",
		},
		{
			Name: "secret_arn", Kind: Text, Scope: Registry, Words: "this, password_env or password_file",
			Example: `"arn:aws:secretsmanager:eu-west-1:123456789012:secret:ghcr-1a2b3c"`,
			Meaning: "A secret of your own in Secrets Manager, {\"username\":…,\"password\":…} as ECS wants it. berth reads no value of it.",
		},
		{
			Name: "store", Kind: Text, Scope: Registry, Def: `"secrets_manager"`, Choices: []string{"secrets_manager", "s3"}, Example: `"s3"`,
			Beside:  user + "password_env = \"GHCR_TOKEN\"\n",
			Meaning: "Where berth keeps the password: a secret that ECS reads at each task start, or the agents' configuration in the cluster's bucket.",
		},
	}
}

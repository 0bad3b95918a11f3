package option

// access are the settings about what tasks and people may do.
func access() []Option {
	return []Option{
		{
			Name: "task_parameter_prefix", Kind: Text, Scope: Top, Def: `""`, Words: "none", Example: `"shop/prod"`,
			Meaning: "Tasks with the default roles may read the parameters of the Parameter Store under this path, in code and as `secrets`.",
		},
		{
			Name: "deployer", Kind: Map, Scope: Top, Words: "none", Example: `{ principal_arns = ["arn:aws:iam::123456789012:user/ci"] }`,
			Meaning: "A role that may deploy services into this cluster and nothing else, and who may take it, see below.",
		},
	}
}

// deployer are the settings about who may take the deployer's role.
func deployer() []Option {
	const provider = `"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"`
	const subjects = `["repo:acme/shop:ref:refs/heads/main"]`
	return []Option{
		{
			Name: "principal_arns", Kind: Flexible, Scope: Deployer, Words: "none", Example: `["arn:aws:iam::123456789012:role/ci"]`,
			Meaning: "Users and roles by ARN.",
		},
		{
			Name: "oidc_provider_arn", Kind: Text, Scope: Deployer, Words: "none", Example: provider, Beside: "subjects = " + subjects + "\n",
			Meaning: "An OpenID Connect provider of the account, such as GitHub's: workflows take the role without a key.",
		},
		{
			Name: "subjects", Kind: Flexible, Scope: Deployer, Words: "with oidc_provider_arn **required**", Example: subjects,
			Beside:  "oidc_provider_arn = " + provider + "\n",
			Meaning: "The provider's subjects that may. `*` and `?` stand for any characters, after what names the owner.",
		},
		{
			Name: "audience", Kind: Text, Scope: Deployer, Words: "`sts.amazonaws.com`", Example: `"sts.amazonaws.com"`,
			Beside:  "oidc_provider_arn = " + provider + "\nsubjects = " + subjects + "\n",
			Meaning: "The audience that the provider's tokens are for.",
		},
		{
			Name: "account", Kind: Text, Scope: Deployer, Words: "none", Example: `"210987654321"`,
			Meaning: "Another account, or the cluster's own: its own policies say who of it may.",
		},
		{
			Name: "external_id", Kind: Text, Scope: Deployer, Words: "none", Example: `"acme-7f3a"`, Beside: "account = \"210987654321\"\n",
			Meaning: "What the other account must name, so that nobody else can make it take the role.",
		},
	}
}

package option

// identity are the settings about whose cluster it is.
func identity() []Option {
	return []Option{
		{
			Name: "environment", Kind: Text, Scope: Top, Required: true, Example: `"acc"`,
			Meaning: "What the cluster is for: acc, prod. The first part of every name. Letters, digits and hyphens, at most 32.",
		},
		{
			Name: "cluster", Alias: "cluster_name", Kind: Text, Scope: Top, Words: "the environment", Example: `"shop"`,
			Meaning: "The ECS cluster's name. Several clusters of one environment need different ones.",
		},
		{
			Name: "aws_region", Kind: Text, Scope: Top, Required: true, Example: `"eu-west-1"`,
			Meaning: "The region that everything is made in.",
		},
		{
			Name: "aws_profile", Kind: Text, Scope: Top, Def: `""`, Example: `"company"`,
			Meaning: "The profile of ~/.aws/config to use. Empty or \"default\": the AWS SDK's own search.",
		},
	}
}

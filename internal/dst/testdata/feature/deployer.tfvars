task_parameter_prefix = "shop/prod"
deployer = {
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  subjects          = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/api:*"]
}

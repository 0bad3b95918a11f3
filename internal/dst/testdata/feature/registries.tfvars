ecs_config = { ECS_IMAGE_PULL_BEHAVIOR = "prefer-cached" }
registries = {
  "docker.io"            = { username = "acme", password_env = "HUB_TOKEN" }
  "ghcr.io"              = { username = "acme", password_env = "GHCR_TOKEN", store = "s3" }
  "reg.example.com:5000" = { username = "robot$ci", password_file = "token", store = "s3" }
}

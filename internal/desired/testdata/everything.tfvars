environment        = "prod"
cluster            = "shop"
aws_region         = "eu-west-1"
vpc_cidr           = "10.20.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat                = "single"

instance_group   = "web"
instance_type    = ["m7i.large", "m6i.large"]
min_size         = 3
desired_capacity = 6
max_size         = 12
attributes       = { tier = "front" }
ecs_logging      = ["json-file", "awslogs", "fluentd"]

instance_groups = {
  batch = {
    instance_type   = ["c7g.large", "c6g.large"]
    spot            = true
    max_size        = 8
    attributes      = { workload = "batch", "cost/center" = "a b" }
    custom_userdata = "echo ready\necho set"
    load_balancers  = []
  }
  legacy = {
    instance_type   = "m5.large"
    ami_family      = "al2"
    aws_ecs_ami     = "ami-0fedcba9876543210"
    key_name        = "ops"
    managed_scaling = false
    min_size        = 1
    max_size        = 2
    load_balancers  = ["old"]
  }
}

load_balancers = {
  public   = {}
  internal = { scheme = "internal" }
  old      = { type = "classic", instance_port = 8080, allow_cidrs = ["192.0.2.0/24", "198.51.100.0/24"] }
  inside   = { type = "classic", scheme = "internal" }
}

log_prefix         = "shop/prod"
log_retention_days = 90
container_insights = "enabled"
protect            = true
alerts = {
  ops   = { email = "ops@example.com" }
  hook  = { https = "https://hooks.example.com/ecs" }
  queue = { sqs_arn = "arn:aws:sqs:eu-west-1:123456789012:others" }
}
tags               = { team = "platform", "cost center" = "7" }

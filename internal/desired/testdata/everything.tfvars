environment        = "prod"
cluster            = "shop"
aws_region         = "eu-west-1"
vpc_cidr           = "10.20.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat                = "single"
vpc_endpoints      = ["ecr.api", "ecr.dkr", "ecs-agent", "dynamodb"]
flow_logs          = "cloudwatch"
flow_log_interval  = 60

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
  rocket = {
    instance_type        = ["g6.xlarge", "g5.xlarge"]
    ami_family           = "bottlerocket"
    spot                 = true
    on_demand_base       = 1
    on_demand_percentage = 25
    max_size             = 4
    attributes           = { "cost/center" = "a b" }
    volume               = { size_gib = 200, iops = 6000, throughput = 500, kms_key_id = "alias/instances" }
    ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops"
    load_balancers       = []
    custom_userdata      = <<-END
      [settings.ecs]
      loglevel = "warn"
      allow-privileged-containers = true
      [settings.kernel.sysctl]
      "net.core.somaxconn" = "4096"
    END
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
  public = {
    certificate_arn      = ["arn:aws:acm:eu-west-1:123456789012:certificate/2b", "arn:aws:acm:eu-west-1:123456789012:certificate/1a"]
    tls_policy           = "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    health_check         = { path = "/health", port = 8081, codes = "200-299", interval = 10, timeout = 3, healthy_threshold = 3, unhealthy_threshold = 4 }
    deregistration_delay = 5
    idle_timeout         = 120
    access_logs          = "acme-logs/shop"
  }
  internal = { scheme = "internal", certificate_arn = "arn:aws:iam::123456789012:server-certificate/inside", redirect_http = false }
  old      = { type = "classic", instance_port = 8080, allow_cidrs = ["192.0.2.0/24", "198.51.100.0/24"] }
  inside   = { type = "classic", scheme = "internal", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/3c", health_check = { path = "/ok", port = 81 }, access_logs = "acme-logs" }
}

log_prefix         = "shop/prod"
log_retention_days = 90
container_insights = "enabled"
protect            = true
tags               = { team = "platform", "cost center" = "7" }

system_containers = {
  router = {
    image         = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5"
    cpu           = 128
    memory        = 128
    command       = ["/fluent-bit/bin/fluent-bit", "-c", "/etc/router.conf"]
    entry_point   = ["/entrypoint.sh"]
    environment   = { FLUSH = "5", LEVEL = "info" }
    secrets       = { API_KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:router-1a2b3c:key::", LICENSE = "arn:aws:ssm:eu-west-1:123456789012:parameter/router/license" }
    volumes       = { logs = "/var/log:/host/log:ro", socket = "/var/run/docker.sock" }
    ports         = ["24224", "5140:514/udp"]
    groups        = ["batch"]
    privileged    = true
    pid_mode      = "host"
    task_role_arn = "arn:aws:iam::123456789012:role/ecs/router"
  }
}

task_parameter_prefix = "shop/prod"
deployer = {
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  subjects          = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:environment:prod"]
}

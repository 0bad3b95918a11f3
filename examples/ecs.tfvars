# A cluster that survives the loss of a zone, the way a shop would run it. Try it without an account:
#
#   DOCKERHUB_TOKEN=any-text REGISTRY_TOKEN=any-text berth apply --sim -f examples/ecs.tfvars
#
# The folders beside it are services to deploy into it; examples/README.md says what each shows.
# What is left out takes its default; docs/config.md lists every setting.

environment = "prod" # the first part of every name
cluster     = "shop" # the ECS cluster; several clusters of one environment need different names
aws_region  = "eu-west-1"

# Network. Each zone gets a public subnet for load balancers and a NAT gateway, and a private one for instances. Their
# ranges are cut out of vpc_cidr: 10.20.0.0/24 and up for the public ones, 10.20.50.0/24 and up for the private ones.
vpc_cidr           = "10.20.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat                = "per_az" # "single" costs a third, and its zone's loss cuts the others off

# The default group: what names no capacity provider runs here. One instance per zone at least. ECS adds instances up to
# the maximum when tasks do not fit, and takes away what stands empty; desired_capacity is only where it starts.
instance_type    = "m7i.large"
min_size         = 3
desired_capacity = 3
max_size         = 9

# Further groups take from above what they leave out, except their sizes.
instance_groups = {
  # Spot instances on Graviton for work that may be interrupted. Four types in three zones are twelve pools to take them
  # from. Nothing runs, and nothing is paid for, until a task asks for this group.
  batch = {
    instance_type  = ["c7g.large", "c6g.large", "m7g.large", "m6g.large"]
    spot           = true
    max_size       = 8
    attributes     = { workload = "batch" } # for placement constraints: attribute:workload == batch
    load_balancers = []                     # stays away from the classic load balancer below
  }

  # Small ones for what is seldom busy. They too start when a task asks for them.
  small = {
    instance_type  = "t3.medium"
    max_size       = 4
    load_balancers = []
  }
}

# Load balancers, instead of the single default one.
load_balancers = {
  # Application load balancer, reachable from everywhere. Plain HTTP: end TLS in front of it.
  public = {}

  # Application load balancer that is reachable from inside the VPC only.
  internal = { scheme = "internal" }

  # Classic load balancer: it forwards to one port of every instance of the default group. Only this network may connect.
  legacy = {
    type          = "classic"
    instance_port = 8080
    allow_cidrs   = ["192.0.2.0/24"]
  }
}

# Private registries. The passwords come from the environment, and are kept in Secrets Manager: any value will do in the
# simulation. Tasks whose images are there log in with them.
registries = {
  "docker.io" = { username = "acme", password_env = "DOCKERHUB_TOKEN" }
  "ghcr.io"   = { username = "acme", password_env = "REGISTRY_TOKEN" }
}

# Who is told when a deployment, a task or an instance fails. AWS asks a mail address for its confirmation first.
alerts = {
  ops = { email = "ops@example.com" }
}

log_retention_days = 90

# Uncomment this once the cluster matters: destroy is then refused, whatever its flags.
# protect = true

tags = {
  team        = "platform"
  cost-center = "4711"
}

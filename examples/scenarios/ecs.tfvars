# The cluster that the scenarios are about: three zones, an instance in each, and Spot Instances beside them.

environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
instance_type      = "t3.large"
min_size           = 3
max_size           = 6
desired_capacity   = 3
instance_groups    = { spot = { instance_type = "m7i.large", spot = true, min_size = 2, max_size = 4, desired_capacity = 2 } }
load_balancers     = { public = {} }

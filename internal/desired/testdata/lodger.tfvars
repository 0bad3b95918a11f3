environment = "acc"
aws_region  = "eu-west-1"

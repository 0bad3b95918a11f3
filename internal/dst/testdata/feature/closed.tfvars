# No way to the internet: AWS's services through endpoints, and a record of all connections.
nat           = "none"
vpc_endpoints = ["dynamodb", "sqs"]
flow_logs     = "cloudwatch"

alerts = {
  ops   = { email = "ops@example.com" }
  hook  = { https = "https://hooks.example.com/ecs" }
  queue = { sqs_arn = "arn:aws:sqs:eu-west-1:123456789012:others" }
}

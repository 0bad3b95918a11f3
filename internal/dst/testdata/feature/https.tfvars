load_balancers = {
  public = {
    certificate_arn = [
      "arn:aws:acm:eu-west-1:123456789012:certificate/0f0e0d0c-0b0a-4908-8706-050403020100",
      "arn:aws:acm:eu-west-1:123456789012:certificate/2f0e0d0c-0b0a-4908-8706-050403020102",
      "arn:aws:iam::123456789012:server-certificate/shop/old",
    ]
    health_check = { path = "/health", port = 8081, codes = "200-299" }
    access_logs  = "acme-access-logs/shop"
  }
  both   = { scheme = "internal", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/3f", redirect_http = false }
  legacy = {
    type                 = "classic"
    instance_port        = 8080
    certificate_arn      = "arn:aws:acm:eu-west-1:123456789012:certificate/4f"
    health_check         = { path = "/ok" }
    deregistration_delay = 0
    access_logs          = "acme-access-logs"
  }
}

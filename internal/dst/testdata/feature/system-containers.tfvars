system_containers = {
  datadog = {
    image       = "public.ecr.aws/datadog/agent:7.60.0"
    memory      = 384
    environment = { DD_SITE = "datadoghq.eu" }
    secrets     = { DD_API_KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-1a2b3c" }
    volumes     = { docker_sock = "/var/run/docker.sock", proc = "/proc:/host/proc:ro" }
    ports       = ["8125/udp"]
  }
  router = {
    image        = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5"
    command      = ["/fluent-bit/bin/fluent-bit", "-c", "/etc/router.conf"]
    network_mode = "host"
    pid_mode     = "host"
    groups       = ["default"]
  }
}

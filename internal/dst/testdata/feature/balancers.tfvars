load_balancers = {
  public = {}
  inside = { scheme = "internal" }
  legacy = { type = "classic", instance_port = 8080 }
}

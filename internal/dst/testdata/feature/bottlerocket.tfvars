# The default group on Bottlerocket: another image, two volumes, settings instead of a script.
ami_family      = "bottlerocket"
attributes      = { "cost/center" = "a b" }
custom_userdata = <<-END
  [settings.kernel.sysctl]
  "net.core.somaxconn" = "4096"
END

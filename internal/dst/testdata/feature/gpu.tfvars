# A further group with GPUs, and one with Neuron accelerators: other images, other agent settings.
instance_groups = {
  gpu    = { instance_type = ["g5.xlarge", "g4dn.xlarge"], min_size = 1, max_size = 2 }
  neuron = { instance_type = ["inf2.xlarge", "inf1.xlarge"], max_size = 1 }
}

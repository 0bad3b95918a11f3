# Spot Instances above a base that nobody takes back.
instance_type                 = ["t3.small", "t3.medium", "t3a.small"]
spot                          = true
on_demand_base                = 1
on_demand_percentage          = 25
spot_allocation_strategy      = "capacity-optimized"
on_demand_allocation_strategy = "lowest-price"
max_size                      = 4

package option

// purchase are the settings about how instances are paid.
func purchase() []Option {
	return []Option{
		{
			Name: "spot", Kind: Bool, Scope: Top | Group, Def: `false`, Example: `true`,
			Meaning: "Spot instances: cheap, and taken away with two minutes' notice.",
		},
		{
			Name: "on_demand_base", Kind: Number, Scope: Top | Group, Def: `0`, Example: `2`, Beside: "spot = true\n",
			Meaning: "With spot: so many instances are On-Demand before the first Spot Instance.",
		},
		{
			Name: "on_demand_percentage", Kind: Number, Scope: Top | Group, Def: `0`, Example: `25`, Beside: "spot = true\n",
			Meaning: "With spot: how much of what is above on_demand_base is On-Demand, 0 to 99.",
		},
		{
			Name: "spot_allocation_strategy", Kind: Text, Scope: Top | Group, Def: `"price-capacity-optimized"`,
			Choices: []string{"price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"},
			Example: `"capacity-optimized"`, Beside: "spot = true\n",
			Meaning: "With spot: which of the types and zones EC2 takes. The default weighs price against the danger of losing the instance.",
		},
		{
			Name: "on_demand_allocation_strategy", Kind: Text, Scope: Top | Group, Def: `"prioritized"`, Choices: []string{"prioritized", "lowest-price"},
			Example: `"lowest-price"`, Meaning: "Which of several types On-Demand instances are: the first of the list that there is, or the cheapest.",
		},
	}
}

package option

// size are the settings about how many instances there are.
func size() []Option {
	return []Option{
		{
			Name: "min_size", Kind: Number, Scope: Top, Words: "one per zone, or fewer if another size is smaller", Example: `2`,
			Meaning: "The group never has fewer instances.",
		},
		{
			Name: "desired_capacity", Kind: Number, Scope: Top, Words: "min_size", Example: `4`,
			Meaning: "The group's starting size; managed scaling owns it afterwards.",
		},
		{
			Name: "max_size", Kind: Number, Scope: Top, Words: "twice desired_capacity, at least 1", Example: `8`,
			Meaning: "The group never has more instances.",
		},
		{
			Name: "surge_beyond_max", Kind: Bool, Scope: Top | Group, Def: `true`, Example: `false`,
			Meaning: "While instances are replaced max_size may be raised by as many as are new. When false, replacing keeps to max_size.",
		},
		{
			Name: "min_size", Kind: Number, Scope: Group, Def: `0`, Example: `1`,
			Meaning: "The group never has fewer instances.",
		},
		{
			Name: "desired_capacity", Kind: Number, Scope: Group, Words: "min_size", Example: `2`,
			Meaning: "The group's starting size; managed scaling owns it afterwards.",
		},
		{
			Name: "max_size", Kind: Number, Scope: Group, Required: true, Example: `8`,
			Meaning: "The group never has more instances.",
		},
	}
}

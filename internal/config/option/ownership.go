package option

// ownership are the settings about whom the cluster belongs to, and how tightly.
func ownership() []Option {
	return []Option{
		{
			Name: "protect", Kind: Bool, Scope: Top, Def: `false`, Example: `true`,
			Meaning: "Refuse to destroy this cluster, whatever else is asked.",
		},
		{
			Name: "tags", Kind: TextMap, Scope: Top, Def: `{}`, Example: `{ team = "platform" }`,
			Meaning: "Tags for everything that is made, at most 40.",
		},
	}
}

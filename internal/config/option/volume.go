package option

// volume are the settings about the volume of every instance.
func volume() []Option {
	return []Option{
		{
			Name: "volume", Kind: Map, Scope: Top | Group, Words: "30 GiB of gp3 (Bottlerocket: 20 beside its own volume)",
			Example: `{ size_gib = 100 }`,
			Meaning: "The volume of every instance for images and containers. It is always encrypted. A group's map replaces the top level's.",
		},
		{
			Name: "size_gib", Kind: Number, Scope: Volume, Words: "30 (Bottlerocket: 20), or what the image needs", Example: `100`,
			Meaning: "The size. A volume holds at least its image.",
		},
		{
			Name: "type", Kind: Text, Scope: Volume, Def: `"gp3"`, Choices: []string{"gp3", "gp2", "io1", "io2"}, Example: `"io2"`, Beside: "iops = 4000\n",
			Meaning: "The type of volume. gp2 is slower and dearer than gp3, io1 and io2 are dearer still and paid by their IOPS.",
		},
		{
			Name: "iops", Kind: Number, Scope: Volume, Words: "gp3: 3000; io1 and io2: required", Example: `6000`,
			Meaning: "Operations per second: gp3 3000 to 80000 and at most 500 for each GiB, io1 100 to 64000, io2 100 to 256000.",
		},
		{
			Name: "throughput", Kind: Number, Scope: Volume, Words: "125", Example: `250`,
			Meaning: "gp3 only: MiB per second, 125 to 2000, at most one for each 4 IOPS.",
		},
		{
			Name: "kms_key_id", Kind: Text, Scope: Volume, Def: `""`, Words: "the account's own key for volumes",
			Example: `"alias/instances"`,
			Meaning: "The KMS key to encrypt with: id, alias/NAME or ARN. Its policy must let the role AWSServiceRoleForAutoScaling use it, or no instance starts.",
		},
	}
}

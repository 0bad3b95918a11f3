package check

import (
	"fmt"
	"slices"
)

// keyPairs is for information: the key alone opens nothing, since no security group lets port 22 in.
func keyPairs(in Input) []Finding {
	var keys []string
	groups := map[string][]string{}
	for _, g := range in.Config.Groups {
		if g.KeyName == "" {
			continue
		}
		if !slices.Contains(keys, g.KeyName) {
			keys = append(keys, g.KeyName)
		}
		groups[g.KeyName] = append(groups[g.KeyName], g.Name)
	}
	var out []Finding
	for _, k := range keys {
		out = append(out, in.at(Finding{
			Severity: Info,
			Text: fmt.Sprintf("the instances of %s take the SSH key %s, but port 22 is closed: the key opens nothing from outside, and whoever holds it is one more to watch",
				groupsNamed(groups[k]), k),
			Fix: "leave key_name out; a shell without a key: aws ssm start-session --region " + in.Config.Region + " --target INSTANCE",
		}, in.Config.Setting(groups[k][0], "key_name")))
	}
	return out
}

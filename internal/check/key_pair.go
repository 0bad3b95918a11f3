package check

import (
	"fmt"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
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

// ownKeys is for information like keyPairs; Bottlerocket has not even something that would answer on port 22.
func ownKeys(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if g.SSHPublicKey == "" {
			continue
		}
		f := Finding{
			Severity: Info,
			Text: fmt.Sprintf("the instances of group %s take the file's SSH key, and port 22 stays closed: from outside the key opens nothing until somebody adds a rule to security group %s",
				g.Name, in.Facts.Scope.SecurityGroupName(model.InstanceGroupKey(g.Name))),
			Fix: "leave ssh_public_key out; a shell without a key: aws ssm start-session --region " + in.Config.Region + " --target INSTANCE",
		}
		if g.AMIFamily == config.Bottlerocket {
			f.Text = fmt.Sprintf("the instances of group %s take the file's SSH key, and Bottlerocket has no SSH server: only its admin container would use the key, and that is off", g.Name)
		}
		out = append(out, in.at(f, in.Config.Setting(g.Name, "ssh_public_key")))
	}
	return out
}

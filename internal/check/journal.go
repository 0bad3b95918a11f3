package check

import (
	"fmt"

	"berth/internal/config"
)

// journalOnly is for information: the logs of tasks go where their drivers send them, as on any other image.
func journalOnly(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if g.AMIFamily != config.Bottlerocket {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Info,
			Text: fmt.Sprintf("the logs of system and ECS agent of group %s stay in each instance's journal and go with it: Bottlerocket has no log files to ship, and the groups %s/var/log/… stay empty",
				g.Name, in.Config.LogPrefix),
			Fix: "a daemon service that reads /var/log/journal ships them; to look at one instance: aws ssm start-session --region " + in.Config.Region + " --target INSTANCE",
		}, in.Config.Setting(g.Name, "ami_family")))
	}
	return out
}

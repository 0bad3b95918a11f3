package check

import (
	"fmt"
	"strconv"
)

// oneSpotType counts spot pools: AWS takes instances back by pool, and a pool is one type in one zone (EC2 user guide,
// "Best practices for Amazon EC2 Spot").
func oneSpotType(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if !g.Spot || len(g.InstanceTypes) != 1 {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("group %s takes its spot instances from %s, those of %s: when AWS needs them back, the group has nowhere else to go",
				g.Name, quantity(len(in.Config.Zones), "pool"), g.InstanceTypes[0]),
			Fix: fmt.Sprintf("name more types of the same size: instance_type = [%s, …]%s", strconv.Quote(g.InstanceTypes[0]), in.inside(g)),
		}, in.Config.Setting(g.Name, "instance_type"), in.Config.Setting(g.Name, "spot")))
	}
	return out
}

func spotDefault(in Input) []Finding {
	if len(in.Config.Groups) == 0 || !in.Config.Groups[0].Spot {
		return nil
	}
	g := in.Config.Groups[0]
	return []Finding{in.at(Finding{
		Severity: Warning,
		Text: fmt.Sprintf("group %s, where services run that name no other, has spot instances only: AWS may take all %d back with 2 minutes' notice",
			g.Name, max(g.Desired, g.Min)),
		Fix: "spot = false at the top level, and a group with spot = true in instance_groups for what may be interrupted",
	}, in.Config.Setting(g.Name, "spot"))}
}

package check

import (
	"fmt"
	"strconv"

	"berth/internal/config"
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

// enoughBase is how many On-Demand instances let a group live through the loss of all Spot Instances and of one more.
const enoughBase = 2

func spotDefault(in Input) []Finding {
	if len(in.Config.Groups) == 0 || !in.Config.Groups[0].Spot || in.Config.Groups[0].OnDemandBase >= enoughBase {
		return nil
	}
	g := in.Config.Groups[0]
	n := max(g.Desired, g.Min)
	f := Finding{
		Severity: Warning,
		Text:     fmt.Sprintf("group %s, where services run that name no other, has spot instances only: AWS may take all %d back with 2 minutes' notice", g.Name, n),
		Fix:      moreBase(g) + ", or spot = false at the top level and a group with spot = true in instance_groups for what may be interrupted",
	}
	if g.OnDemandBase > 0 {
		f.Severity = Info
		f.Text = fmt.Sprintf("group %s, where services run that name no other, keeps %d On-Demand instance: when AWS takes its spot instances back, everything runs on that one",
			g.Name, g.OnDemandBase)
		f.Fix = moreBase(g)
	}
	return []Finding{in.at(f, in.Config.Setting(g.Name, "on_demand_base"), in.Config.Setting(g.Name, "spot"))}
}

// moreBase is a base that is enough, with room for Spot Instances above it.
func moreBase(g config.Group) string {
	base := max(enoughBase, g.Min)
	out := fmt.Sprintf("on_demand_base = %d", base)
	if g.Max <= base {
		out += fmt.Sprintf(" and max_size = %d or more", base+1)
	}
	return out
}

// cheapestPools speaks of the one strategy that looks at nothing but the price (EC2 user guide, "Best practices for Amazon
// EC2 Spot": the strategy with the highest risk of interruption).
func cheapestPools(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if !g.Spot || g.SpotStrategy != "lowest-price" {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     fmt.Sprintf("group %s takes its spot instances from the cheapest pools, whatever is left in them: of all strategies this one loses instances most often", g.Name),
			Fix:      `spot_allocation_strategy = "price-capacity-optimized"` + in.inside(g),
		}, in.Config.Setting(g.Name, "spot_allocation_strategy")))
	}
	return out
}

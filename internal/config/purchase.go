package config

import (
	"fmt"
	"strconv"

	"berth/internal/config/tfvars"
)

// purchase reads how a group's instances are paid.
func (s settings) purchase(g *Group) {
	g.Spot = s.truth("spot")
	g.SpotStrategy, g.OnDemandStrategy = s.choice("spot_allocation_strategy"), s.choice("on_demand_allocation_strategy")
	if base := s.size("on_demand_base"); base.valid {
		g.OnDemandBase = base.n
	}
	share, ok := s.number("on_demand_percentage")
	if v := s.values["on_demand_percentage"]; ok && (share < 0 || share > 99) {
		f := Fault{Code: codePercentage, Summary: v.Path + " cannot be " + strconv.Itoa(share), Hint: "a whole number from 0 to 99"}
		if share == 100 {
			f.Hint = "a group without Spot Instances has spot = false"
		}
		s.Fail(v.At, f)
	}
	g.OnDemandPercentage = share
}

// idlePurchases refuses settings about Spot Instances that no group with Spot Instances reads.
func (s settings) idlePurchases(c *Config) {
	for _, name := range []string{"on_demand_base", "on_demand_percentage", "spot_allocation_strategy"} {
		var places []tfvars.Origin
		read := map[tfvars.Origin]bool{}
		for _, g := range c.Groups {
			at, given := c.where[c.Setting(g.Name, name)]
			if !given || at.IsDefault() {
				continue
			}
			places = append(places, at)
			read[at] = read[at] || g.Spot
		}
		for _, at := range places {
			if !read[at] {
				s.Fail(at, Fault{
					Code: codeNotHere, Summary: name + " means nothing to instances that are all On-Demand", Hint: "leave it out, or write spot = true",
				})
			}
		}
	}
}

// spotless refuses a base of On-Demand Instances that leaves no instance to be Spot. A group that may have none at all waits for
// better times.
func (s settings) spotless(c *Config) {
	for _, g := range c.Groups {
		if !g.Spot || g.Max == 0 || g.OnDemandBase < g.Max {
			continue
		}
		s.Fail(c.where[c.Setting(g.Name, "on_demand_base")], Fault{
			Code:    codeNotHere,
			Summary: fmt.Sprintf("on_demand_base %d leaves no Spot Instances to group %q, whose max_size is %d", g.OnDemandBase, g.Name, g.Max),
			Hint:    fmt.Sprintf("on_demand_base = %d or less, a larger max_size, or spot = false", g.Max-1),
		})
	}
}

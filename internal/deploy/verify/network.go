package verify

import (
	"fmt"
	"slices"
)

// network looks at the subnets and security groups of tasks with network interfaces of their own.
func (c *checker) network() {
	for _, w := range Wanted(c.order) {
		if w.Kind != SubnetKind && w.Kind != SecurityGroup {
			continue
		}
		switch state, note := c.state(w); state {
		case missing:
			c.add(Finding{
				Code: "DEP171", Severity: Error, At: w.At, Text: fmt.Sprintf("there is no %s %s", w.Kind, w.Name),
				Fix: "correct the id, or take the cluster's: ${berth.subnets.private}, ${berth.security_group.default}",
			})
		case unknown:
			c.add(c.unseen(w, note))
		}
		if vpc, home := c.vpcOf(w), c.vpc(); vpc != "" && home != "" && vpc != home {
			c.add(Finding{
				Code: "DEP172", Severity: Error, At: w.At, Text: fmt.Sprintf("%s %s is in %s, and the cluster's instances are in %s", w.Kind, w.Name, vpc, home),
				Fix: "take one of " + home + ": ${berth.subnets.private}, ${berth.security_group.default}",
			})
		}
	}
}

// vpcOf is the VPC of a subnet or a security group; empty: not known.
func (c *checker) vpcOf(w Want) string {
	if i := slices.IndexFunc(c.facts.Subnets, func(s Subnet) bool { return s.ID == w.Name }); i >= 0 {
		return c.facts.Subnets[i].VPC
	}
	if i := slices.IndexFunc(c.facts.Guards, func(g Guard) bool { return g.ID == w.Name }); i >= 0 {
		return c.facts.Guards[i].VPC
	}
	return ""
}

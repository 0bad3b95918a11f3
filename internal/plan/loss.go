package plan

import (
	"net/netip"
	"slices"

	"berth/internal/model"
)

// loss is the impact of an update that takes something from clients, which its fields alone do not tell.
func loss(from, to model.Resource) Impact {
	switch was := from.(type) {
	case model.SecurityGroup:
		now, ok := to.(model.SecurityGroup)
		if ok && slices.ContainsFunc(was.Ingress, func(r model.Rule) bool { return r.CIDR != "" && !letIn(r, now.Ingress) }) {
			return Brief // open connections go on, and new ones are refused; what another group may do goes with that group
		}
	case model.ClassicLoadBalancer:
		if now, ok := to.(model.ClassicLoadBalancer); ok && was.TLS.Port != 0 && now.TLS.Port == 0 {
			return Outage // as when a listener goes
		}
	}
	return None
}

// letIn tells whether one of the rules lets in all that r does.
func letIn(r model.Rule, rules []model.Rule) bool {
	return slices.ContainsFunc(rules, func(o model.Rule) bool {
		ports := o.Protocol == "-1" || o.Protocol == r.Protocol && o.From <= r.From && r.To <= o.To
		return ports && (o.CIDR == r.CIDR || within(r.CIDR, o.CIDR))
	})
}

// within tells whether all addresses of a are addresses of b.
func within(a, b string) bool {
	x, err1 := netip.ParsePrefix(a)
	y, err2 := netip.ParsePrefix(b)
	return err1 == nil && err2 == nil && y.Bits() <= x.Bits() && y.Contains(x.Addr())
}

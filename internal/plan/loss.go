package plan

import (
	"net/netip"
	"slices"

	"berth/internal/model"
)

// loss is the impact of an update that takes something from clients, which its fields alone do not tell.
func loss(from, to model.Resource) Impact {
	if ShutsOut(from, to) {
		return Brief // open connections go on, and those whom the file still lets in notice nothing
	}
	if was, ok := from.(model.ClassicLoadBalancer); ok && was.TLS.Port != 0 {
		if now, ok := to.(model.ClassicLoadBalancer); ok && now.TLS.Port == 0 {
			return Outage // as when a listener goes
		}
	}
	return None
}

// ShutsOut tells whether an update refuses clients that were let in, for good. What another group may do goes with that group.
func ShutsOut(from, to model.Resource) bool {
	was, ok1 := from.(model.SecurityGroup)
	now, ok2 := to.(model.SecurityGroup)
	return ok1 && ok2 && slices.ContainsFunc(was.Ingress, func(r model.Rule) bool { return r.CIDR != "" && !letIn(r, now.Ingress) })
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

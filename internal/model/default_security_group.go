package model

// DefaultGroup is the VPC's default security group. AWS makes it with the VPC and takes it away with the VPC; nothing
// uses it, and it shall let nothing through.
type DefaultGroup struct{ Ingress, Egress []Rule }

// DefaultGroupKey is the key of the VPC's default security group.
func DefaultGroupKey() Key { return Key{Kind: KindDefaultGroup} }

// Key is DefaultGroupKey.
func (d DefaultGroup) Key() Key { return DefaultGroupKey() }

// Refs is the VPC.
func (d DefaultGroup) Refs() []Key { return []Key{VPCKey()} }

// Attrs lists the rules, in and out.
func (d DefaultGroup) Attrs() []Attr {
	var a attrs
	a.text("ingress", ruleText(d.Ingress))
	a.text("egress", ruleText(d.Egress))
	return a
}

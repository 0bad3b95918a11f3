package model

import (
	"fmt"
	"slices"
	"strings"
)

// Rule lets traffic in or out of a security group. Exactly one of CIDR and Group is set.
type Rule struct {
	Protocol    string // "tcp", "udp", "icmp" or "-1" for all
	From, To    int    // ports; 0 and 0 for all protocols
	CIDR        string
	Group       Key
	Description string
}

// String is the rule as people read it: "tcp 80 0.0.0.0/0 (clients)".
func (r Rule) String() string {
	peer := r.CIDR
	if !r.Group.IsZero() {
		peer = r.Group.String()
	}
	what := "all"
	if r.Protocol != "-1" {
		what = fmt.Sprintf("%s %d", r.Protocol, r.From)
		if r.To != r.From {
			what += fmt.Sprintf("-%d", r.To)
		}
	}
	if r.Description != "" {
		peer += " (" + r.Description + ")"
	}
	return what + " " + peer
}

func ruleText(rules []Rule) string {
	texts := make([]string, len(rules))
	for i, r := range rules {
		texts[i] = r.String()
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// SecurityGroup guards load balancers, instances or endpoints.
type SecurityGroup struct {
	Role        string // "lb/NAME", "instances/GROUP" or "endpoints": the key's name
	VPC         Key
	GroupName   string
	Description string
	Ingress     []Rule
	Egress      []Rule
	Tags        Tags
}

// BalancerGroupKey names the security group of a load balancer.
func BalancerGroupKey(balancer string) Key { return Key{KindSecurityGroup, "lb/" + named(balancer)} }

// InstanceGroupKey names the security group of an instance group.
func InstanceGroupKey(group string) Key { return Key{KindSecurityGroup, "instances/" + group} }

// EndpointsGroupKey names the security group of the interface endpoints.
func EndpointsGroupKey() Key { return Key{KindSecurityGroup, "endpoints"} }

// named is how the load balancer without a name of its own is called in keys.
func named(balancer string) string {
	if balancer == "" {
		return "default"
	}
	return balancer
}

// Key names the group by its role.
func (s SecurityGroup) Key() Key { return Key{KindSecurityGroup, s.Role} }

// Refs are the VPC and the groups that its rules name.
func (s SecurityGroup) Refs() []Key {
	refs := ours([]Key{s.VPC})
	for _, r := range slices.Concat(s.Ingress, s.Egress) {
		if !r.Group.IsZero() && r.Group != s.Key() && r.Group.Kind != KindForeign && !slices.Contains(refs, r.Group) {
			refs = append(refs, r.Group)
		}
	}
	return refs
}

// Attrs lists the group's settings.
func (s SecurityGroup) Attrs() []Attr {
	var a attrs
	a.text("name", s.GroupName)
	a.text("description", s.Description)
	a.key("vpc", s.VPC)
	a.text("ingress", ruleText(s.Ingress))
	a.text("egress", ruleText(s.Egress))
	a.tags(s.Tags)
	return a
}

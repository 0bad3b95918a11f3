package model

import "slices"

// LoadBalancer is an Application Load Balancer.
type LoadBalancer struct {
	Balancer string // its name in the file; empty for the default one
	Name     string
	Scheme   string // "internet-facing" or "internal"
	Subnets  []Key
	Groups   []Key // security groups
	Settings Settings
	// AccessLogs are where it writes its access logs: "bucket" or "bucket/prefix"; empty: nowhere.
	AccessLogs string
	Tags       Tags
}

// LoadBalancerKey names an Application Load Balancer.
func LoadBalancerKey(balancer string) Key { return Key{KindLoadBalancer, named(balancer)} }

// BalancerSettings are the attributes of an Application Load Balancer that berth owns.
func BalancerSettings() []string {
	return []string{
		"deletion_protection.enabled", "idle_timeout.timeout_seconds",
		"routing.http.desync_mitigation_mode", "routing.http.drop_invalid_header_fields.enabled", "routing.http2.enabled",
	}
}

// Key is LoadBalancerKey of its name.
func (l LoadBalancer) Key() Key { return LoadBalancerKey(l.Balancer) }

// Refs are subnets and security groups; one that faces the internet needs the internet gateway too.
func (l LoadBalancer) Refs() []Key {
	return append(frontRefs(l.Scheme, l.Subnets, l.Groups), ServiceRoleKey("elasticloadbalancing"))
}

// frontRefs are what a load balancer of either type stands on. In subnets of others the way to the internet is theirs.
func frontRefs(scheme string, subnets, groups []Key) []Key {
	refs := ours(slices.Concat(subnets, groups))
	if scheme == "internet-facing" && !slices.ContainsFunc(subnets, func(k Key) bool { return k.Kind == KindForeign }) {
		refs = append(refs, InternetGatewayKey())
	}
	return refs
}

// Attrs lists the load balancer's settings.
func (l LoadBalancer) Attrs() []Attr {
	var a attrs
	a.text("name", l.Name)
	a.text("scheme", l.Scheme)
	a.keys("subnets", l.Subnets)
	a.keys("security_groups", l.Groups)
	a.settings(l.Settings)
	a.text("access_logs", l.AccessLogs)
	a.tags(l.Tags)
	return a
}

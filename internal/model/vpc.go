package model

// VPC is the cluster's network.
type VPC struct {
	CIDR         string
	DNSSupport   bool
	DNSHostnames bool
	Tags         Tags
}

// VPCKey is the key of the one VPC.
func VPCKey() Key { return Key{Kind: KindVPC} }

// Key is VPCKey.
func (v VPC) Key() Key { return VPCKey() }

// Refs is empty: a VPC stands on nothing.
func (v VPC) Refs() []Key { return nil }

// Attrs lists the VPC's settings.
func (v VPC) Attrs() []Attr {
	var a attrs
	a.text("cidr", v.CIDR)
	a.flag("dns_support", v.DNSSupport)
	a.flag("dns_hostnames", v.DNSHostnames)
	a.tags(v.Tags)
	return a
}

package model

// RouteTable is the route table of one subnet.
type RouteTable struct {
	Tier   Tier
	Zone   string
	Subnet Key // what it is associated with; zero when it is not
	Tags   Tags
}

// RouteTableKey names the route table of a subnet.
func RouteTableKey(t Tier, zone string) Key { return Key{KindRouteTable, string(t) + "/" + zone} }

// Key is RouteTableKey of its tier and zone.
func (r RouteTable) Key() Key { return RouteTableKey(r.Tier, r.Zone) }

// Refs are the VPC and the subnet.
func (r RouteTable) Refs() []Key { return []Key{VPCKey(), SubnetKey(r.Tier, r.Zone)} }

// Attrs lists the route table's settings.
func (r RouteTable) Attrs() []Attr {
	var a attrs
	a.key("subnet", r.Subnet)
	a.tags(r.Tags)
	return a
}

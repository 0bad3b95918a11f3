package model

// Route is the default route of one subnet: how its instances leave.
type Route struct {
	Tier        Tier
	Zone        string
	Destination string
	Target      Key // an internet or NAT gateway
}

// RouteKey names the default route of a subnet.
func RouteKey(t Tier, zone string) Key { return Key{KindRoute, string(t) + "/" + zone} }

// Key is RouteKey of its tier and zone.
func (r Route) Key() Key { return RouteKey(r.Tier, r.Zone) }

// Refs are its route table and its target.
func (r Route) Refs() []Key { return []Key{RouteTableKey(r.Tier, r.Zone), r.Target} }

// Attrs lists the route's settings.
func (r Route) Attrs() []Attr {
	var a attrs
	a.text("destination", r.Destination)
	a.key("target", r.Target)
	return a
}

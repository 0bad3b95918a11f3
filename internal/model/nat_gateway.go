package model

// NATGateway lets the private subnets out.
type NATGateway struct {
	Zone    string
	Subnet  Key // the public subnet it stands in
	Address Key // its ElasticIP
	Tags    Tags
}

// NATGatewayKey names the gateway that stands in a zone.
func NATGatewayKey(zone string) Key { return Key{KindNATGateway, zone} }

// Key is NATGatewayKey of its zone.
func (n NATGateway) Key() Key { return NATGatewayKey(n.Zone) }

// Refs are subnet and address, and the internet gateway without which AWS refuses it.
func (n NATGateway) Refs() []Key { return []Key{n.Subnet, n.Address, InternetGatewayKey()} }

// Attrs lists the gateway's settings.
func (n NATGateway) Attrs() []Attr {
	var a attrs
	a.key("subnet", n.Subnet)
	a.key("address", n.Address)
	a.tags(n.Tags)
	return a
}

package model

// InternetGateway is the VPC's door to the internet.
type InternetGateway struct {
	VPC  Key // what it is attached to; zero when detached
	Tags Tags
}

// InternetGatewayKey is the key of the one internet gateway.
func InternetGatewayKey() Key { return Key{Kind: KindInternetGateway} }

// Key is InternetGatewayKey.
func (g InternetGateway) Key() Key { return InternetGatewayKey() }

// Refs is the VPC.
func (g InternetGateway) Refs() []Key { return []Key{VPCKey()} }

// Attrs lists the gateway's settings.
func (g InternetGateway) Attrs() []Attr {
	var a attrs
	a.key("vpc", g.VPC)
	a.tags(g.Tags)
	return a
}

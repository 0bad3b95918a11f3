package model

// ElasticIP is the fixed public address of a NAT gateway.
type ElasticIP struct {
	Zone string
	Tags Tags
}

// ElasticIPKey names the address of a zone's NAT gateway.
func ElasticIPKey(zone string) Key { return Key{KindElasticIP, zone} }

// Key is ElasticIPKey of its zone.
func (e ElasticIP) Key() Key { return ElasticIPKey(e.Zone) }

// Refs is empty: an address stands by itself.
func (e ElasticIP) Refs() []Key { return nil }

// Attrs lists the address's settings.
func (e ElasticIP) Attrs() []Attr {
	var a attrs
	a.tags(e.Tags)
	return a
}

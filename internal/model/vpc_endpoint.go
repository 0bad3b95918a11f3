package model

// Endpoint is a gateway endpoint: a free way to an AWS service that does not pass the NAT gateways.
type Endpoint struct {
	Service     string // "s3"
	RouteTables []Key
	Tags        Tags
}

// EndpointKey names the endpoint of a service.
func EndpointKey(service string) Key { return Key{KindEndpoint, service} }

// Key is EndpointKey of its service.
func (e Endpoint) Key() Key { return EndpointKey(e.Service) }

// Refs are the VPC and the route tables.
func (e Endpoint) Refs() []Key { return append([]Key{VPCKey()}, e.RouteTables...) }

// Attrs lists the endpoint's settings.
func (e Endpoint) Attrs() []Attr {
	var a attrs
	a.text("service", e.Service)
	a.keys("route_tables", e.RouteTables)
	a.tags(e.Tags)
	return a
}

package model

import "slices"

// The types of VPC endpoints that berth makes.
const (
	GatewayEndpoint   = "gateway"   // routes to a service, free of charge
	InterfaceEndpoint = "interface" // a network interface in each subnet, under the service's own name
)

// Endpoint is a way to an AWS service that leads neither through the NAT gateways nor over the internet.
type Endpoint struct {
	Service     string // "s3", "ecr.api": the key's name
	Name        string // AWS's name of the service: "com.amazonaws.eu-west-1.ecr.api"
	Type        string // GatewayEndpoint or InterfaceEndpoint
	RouteTables []Key  // of a gateway endpoint
	Subnets     []Key  // of an interface endpoint, one in each zone
	Groups      []Key  // the security groups of an interface endpoint
	PrivateDNS  bool   // the service's own name leads here
	Policy      string // canonical JSON; empty for AWS's own, which lets everything through
	Tags        Tags
}

// EndpointKey names the endpoint of a service.
func EndpointKey(service string) Key { return Key{KindEndpoint, service} }

// GatewayServices are the services that have gateway endpoints (AWS PrivateLink guide, "Gateway endpoints"). All others
// have interface endpoints.
func GatewayServices() []string { return []string{"dynamodb", "s3"} }

// EndpointType is the type of endpoint that a service gets.
func EndpointType(service string) string {
	if slices.Contains(GatewayServices(), service) {
		return GatewayEndpoint
	}
	return InterfaceEndpoint
}

// Key is EndpointKey of its service.
func (e Endpoint) Key() Key { return EndpointKey(e.Service) }

// Refs are the VPC, and what it is tied to in it.
func (e Endpoint) Refs() []Key {
	refs := []Key{VPCKey()}
	for _, k := range slices.Concat(e.RouteTables, e.Subnets, e.Groups) {
		if k.Kind != KindForeign {
			refs = append(refs, k)
		}
	}
	return refs
}

// Attrs lists the settings that an endpoint of its type has.
func (e Endpoint) Attrs() []Attr {
	var a attrs
	a.text("service", e.Name)
	a.text("type", e.Type)
	if e.Type != InterfaceEndpoint {
		a.keys("route_tables", e.RouteTables)
	}
	if e.Type != GatewayEndpoint {
		a.keys("subnets", e.Subnets)
		a.keys("security_groups", e.Groups)
		a.flag("private_dns", e.PrivateDNS)
	}
	a.text("policy", e.Policy)
	a.tags(e.Tags)
	return a
}

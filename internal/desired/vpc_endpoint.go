package desired

import "berth/internal/model"

// endpoints are the gateway endpoint of S3, which is free and keeps image layers off the NAT gateways.
func (b *builder) endpoints() []model.Resource {
	var tables []model.Key
	for _, z := range b.zones() {
		tables = append(tables, model.RouteTableKey(model.Private, z))
	}
	return []model.Resource{model.Endpoint{Service: "s3", RouteTables: tables, Tags: b.tags(model.EndpointKey("s3"))}}
}

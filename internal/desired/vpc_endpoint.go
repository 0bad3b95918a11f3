package desired

import (
	"cmp"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// endpoints are the gateway endpoint of S3, which is free and keeps image layers off the NAT gateways, and those that
// the file asks for. What the private subnets do without a way to the internet they do through these.
func (b *builder) endpoints() []model.Resource {
	out := []model.Resource{b.endpoint("s3")}
	for _, e := range b.c.Endpoints {
		out = append(out, b.endpoint(e.Service))
	}
	return out
}

func (b *builder) endpoint(service string) model.Endpoint {
	known, seen := b.facts.Services[service]
	e := model.Endpoint{
		Service: service, Name: cmp.Or(known.Name, b.scope.EndpointService(service)), Type: model.EndpointType(service),
		Tags: b.tags(model.EndpointKey(service)),
	}
	if e.Type == model.GatewayEndpoint {
		e.RouteTables = b.routeTableKeys(model.Private)
		return e
	}
	e.Subnets, e.Groups = b.subnetKeys(model.Private), []model.Key{model.EndpointsGroupKey()}
	e.PrivateDNS = !seen || known.PrivateDNS
	if slices.Contains(agentServices(), service) && (!seen || known.Policies) {
		e.Policy = b.ownAccount()
	}
	return e
}

// interfaceEndpoints tells whether the file has endpoints that stand in the subnets.
func (b *builder) interfaceEndpoints() bool {
	return slices.ContainsFunc(b.c.Endpoints, func(e config.Endpoint) bool {
		return model.EndpointType(e.Service) == model.InterfaceEndpoint
	})
}

// agentServices are what only the agents on instances talk to, under the instances' own role. Tasks may well use the
// other services with a role of another account.
func agentServices() []string {
	return []string{"ec2messages", "ecs-agent", "ecs-telemetry", "ssmmessages"}
}

// ownAccount is the policy of an endpoint that serves nobody with credentials of another account: whoever breaks into an
// instance cannot carry data out with an account of his own (VPC user guide, "Control access to VPC endpoints using
// endpoint policies").
func (b *builder) ownAccount() string {
	return document(statement{
		Sid: "OwnAccount", Effect: "Allow", Principal: "*", Action: []string{"*"}, Resource: []string{"*"},
		Condition: map[string]map[string]string{"StringEquals": {"aws:PrincipalAccount": b.scope.Account}},
	})
}

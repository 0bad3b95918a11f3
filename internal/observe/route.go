package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// routeRow reads the default routes out of the route tables.
func routeRow() row {
	return row{model.KindRoute, []func(*look) []call{nothing, routeTableCalls}, foldRoutes}
}

func foldRoutes(l *look) {
	for _, t := range l.tables {
		k := l.key(aws.ToString(t.RouteTableId))
		if k.Kind != model.KindRouteTable {
			continue
		}
		tier, zone := tierOf(k)
		for _, r := range t.Routes {
			if aws.ToString(r.DestinationCidrBlock) != "0.0.0.0/0" {
				continue
			}
			h := model.Handle{ID: aws.ToString(t.RouteTableId) + "|0.0.0.0/0"}
			l.add(model.Route{Tier: tier, Zone: zone, Destination: "0.0.0.0/0", Target: l.key(routeTarget(r))}, h)
		}
	}
}

// routeTarget is the id that a route points at, whatever kind it is.
func routeTarget(r types.Route) string {
	for _, id := range []*string{
		r.NatGatewayId, r.GatewayId, r.TransitGatewayId, r.VpcPeeringConnectionId, r.NetworkInterfaceId, r.InstanceId,
		r.EgressOnlyInternetGatewayId, r.LocalGatewayId, r.CarrierGatewayId, r.CoreNetworkArn,
	} {
		if aws.ToString(id) != "" {
			return *id
		}
	}
	return "nothing"
}

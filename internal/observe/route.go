package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/model"
	"berth/internal/observe/shape"
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
		tier, zone := shape.TierOf(k)
		for _, r := range t.Routes {
			if aws.ToString(r.DestinationCidrBlock) != "0.0.0.0/0" {
				continue
			}
			h := model.Handle{ID: aws.ToString(t.RouteTableId) + "|0.0.0.0/0"}
			l.add(model.Route{Tier: tier, Zone: zone, Destination: "0.0.0.0/0", Target: l.key(shape.RouteTarget(r))}, h)
		}
	}
}

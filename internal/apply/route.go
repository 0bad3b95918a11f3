package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/cloud"
	"berth/internal/model"
)

func routeEntry() entry { return typed(createRoute, updateRoute, deleteRoute) }

// routeHandle names a route: it has no id of its own.
func routeHandle(table, destination string) model.Handle {
	return model.Handle{ID: table + "|" + destination}
}

func createRoute(ctx context.Context, j *job, r model.Route) (model.Handle, error) {
	table := j.have.ID(model.RouteTableKey(r.Tier, r.Zone))
	in := &ec2.CreateRouteInput{RouteTableId: aws.String(table), DestinationCidrBlock: aws.String(r.Destination)}
	in.GatewayId, in.NatGatewayId = j.target(r)
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateRoute, in)
	if cloud.Code(err) == "RouteAlreadyExists" {
		return j.replaceRoute(ctx, r) // the answer to an earlier attempt was lost, or somebody was faster
	}
	return routeHandle(table, r.Destination), err
}

func updateRoute(ctx context.Context, j *job, r model.Route) (model.Handle, error) {
	return j.replaceRoute(ctx, r)
}

// replaceRoute points the route elsewhere in one step; there is no moment without one.
func (j *job) replaceRoute(ctx context.Context, r model.Route) (model.Handle, error) {
	table := j.have.ID(model.RouteTableKey(r.Tier, r.Zone))
	in := &ec2.ReplaceRouteInput{RouteTableId: aws.String(table), DestinationCidrBlock: aws.String(r.Destination)}
	in.GatewayId, in.NatGatewayId = j.target(r)
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.ReplaceRoute, in)
	return routeHandle(table, r.Destination), err
}

// target is the id of what the route points at, in the field that AWS has for its kind.
func (j *job) target(r model.Route) (gateway, nat *string) {
	id := aws.String(j.have.ID(r.Target))
	if r.Target.Kind == model.KindNATGateway {
		return nil, id
	}
	return id, nil
}

func deleteRoute(ctx context.Context, j *job, r model.Route) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteRoute, &ec2.DeleteRouteInput{
		RouteTableId: aws.String(j.have.ID(model.RouteTableKey(r.Tier, r.Zone))), DestinationCidrBlock: aws.String(r.Destination),
	})
	return model.Handle{}, gone(err)
}

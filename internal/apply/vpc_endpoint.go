package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func endpointEntry() entry { return typed(createEndpoint, updateEndpoint, deleteEndpoint) }

func createEndpoint(ctx context.Context, j *job, e model.Endpoint) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: aws.String(j.have.ID(model.VPCKey())), VpcEndpointType: types.VpcEndpointTypeGateway,
		ServiceName: aws.String("com.amazonaws." + j.scope.Region + "." + e.Service), RouteTableIds: j.ids(e.RouteTables),
		TagSpecifications: tagSpec(types.ResourceTypeVpcEndpoint, e.Tags), ClientToken: aws.String(j.token()),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.VpcEndpoint.VpcEndpointId)}, nil // a gateway endpoint stands at once
}

func updateEndpoint(ctx context.Context, j *job, e model.Endpoint) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Endpoint)
	if j.differs("route_tables") {
		in := &ec2.ModifyVpcEndpointInput{VpcEndpointId: aws.String(h.ID)}
		in.AddRouteTableIds = j.ids(notIn(e.RouteTables, from.RouteTables))
		in.RemoveRouteTableIds = j.ids(notIn(from.RouteTables, e.RouteTables))
		if _, err := cloud.Repeat(ctx, j.c, j.c.EC2.ModifyVpcEndpoint, in); err != nil {
			return h, err
		}
	}
	return h, j.retag(ctx, h.ID, from.Tags, e.Tags)
}

// deleteEndpoint reads the list of what could not be deleted: AWS answers 200 all the same.
func deleteEndpoint(ctx context.Context, j *job, _ model.Endpoint) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{j.id()}})
	if err != nil {
		return j.handle(), gone(err)
	}
	for _, u := range out.Unsuccessful {
		if err := gone(refused(u.Error)); err != nil {
			return j.handle(), err
		}
	}
	return model.Handle{}, nil
}

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
	in := &ec2.CreateVpcEndpointInput{
		VpcId: aws.String(j.have.ID(model.VPCKey())), VpcEndpointType: types.VpcEndpointTypeGateway, ServiceName: aws.String(e.Name),
		RouteTableIds: j.ids(e.RouteTables), TagSpecifications: tagSpec(types.ResourceTypeVpcEndpoint, e.Tags),
		ClientToken: aws.String(j.token()),
	}
	if e.Type == model.InterfaceEndpoint {
		in.VpcEndpointType, in.PrivateDnsEnabled = types.VpcEndpointTypeInterface, aws.Bool(e.PrivateDNS)
		in.SubnetIds, in.SecurityGroupIds = j.ids(e.Subnets), j.ids(e.Groups)
	}
	if e.Policy != "" {
		in.PolicyDocument = aws.String(e.Policy)
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateVpcEndpoint, in)
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.VpcEndpoint.VpcEndpointId), Status: settling(e)}, nil
}

// settling is how an endpoint is after a call: a gateway endpoint stands at once, the interfaces and names of another one
// take a while.
func settling(e model.Endpoint) model.Status {
	if e.Type == model.GatewayEndpoint {
		return model.Ready
	}
	return model.Pending
}

func updateEndpoint(ctx context.Context, j *job, e model.Endpoint) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Endpoint)
	if j.differs("route_tables", "subnets", "security_groups", "private_dns", "policy") {
		if _, err := cloud.Repeat(ctx, j.c, j.c.EC2.ModifyVpcEndpoint, j.modification(h.ID, from, e)); err != nil {
			return h, err
		}
		h.Status = settling(e)
	}
	return h, j.retag(ctx, h.ID, from.Tags, e.Tags)
}

// modification is what of an endpoint changes, in one call.
func (j *job) modification(id string, from, to model.Endpoint) *ec2.ModifyVpcEndpointInput {
	in := &ec2.ModifyVpcEndpointInput{VpcEndpointId: aws.String(id)}
	in.AddRouteTableIds, in.RemoveRouteTableIds = j.exchange(from.RouteTables, to.RouteTables)
	in.AddSubnetIds, in.RemoveSubnetIds = j.exchange(from.Subnets, to.Subnets)
	in.AddSecurityGroupIds, in.RemoveSecurityGroupIds = j.exchange(from.Groups, to.Groups)
	if j.differs("private_dns") {
		in.PrivateDnsEnabled = aws.Bool(to.PrivateDNS)
	}
	switch {
	case !j.differs("policy"):
	case to.Policy == "":
		in.ResetPolicy = aws.Bool(true)
	default:
		in.PolicyDocument = aws.String(to.Policy)
	}
	return in
}

// exchange are the ids of what comes and of what goes.
func (j *job) exchange(from, to []model.Key) (add, remove []string) {
	return j.ids(notIn(to, from)), j.ids(notIn(from, to))
}

// deleteEndpoint reads the list of what could not be deleted: AWS answers 200 all the same.
func deleteEndpoint(ctx context.Context, j *job, e model.Endpoint) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{j.id()}})
	if err != nil {
		return j.handle(), gone(err)
	}
	for _, u := range out.Unsuccessful {
		if err := gone(refused("DeleteVpcEndpoints", u.Error)); err != nil {
			return j.handle(), err
		}
	}
	if e.Type == model.GatewayEndpoint {
		return model.Handle{}, nil
	}
	h := j.handle()
	h.Status = model.Leaving // its interfaces stay for a minute
	return h, nil
}

package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func natEntry() entry { return typed(createNAT, updateNAT, deleteNAT) }

func createNAT(ctx context.Context, j *job, n model.NATGateway) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateNatGateway, &ec2.CreateNatGatewayInput{
		SubnetId: aws.String(j.have.ID(n.Subnet)), AllocationId: aws.String(j.have.ID(n.Address)),
		ConnectivityType: types.ConnectivityTypePublic, TagSpecifications: tagSpec(types.ResourceTypeNatgateway, n.Tags),
		ClientToken: aws.String(j.token()),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.NatGateway.NatGatewayId), Status: model.Pending}, nil
}

func updateNAT(ctx context.Context, j *job, n model.NATGateway) (model.Handle, error) {
	return j.handle(), j.retag(ctx, j.id(), j.change.From.(model.NATGateway).Tags, n.Tags)
}

func deleteNAT(ctx context.Context, j *job, _ model.NATGateway) (model.Handle, error) {
	h := j.handle()
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: aws.String(h.ID)})
	if err != nil {
		return model.Handle{}, gone(err)
	}
	h.Status = model.Leaving
	return h, nil
}

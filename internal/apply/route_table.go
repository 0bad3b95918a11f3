package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func routeTableEntry() entry { return typed(createRouteTable, updateRouteTable, deleteRouteTable) }

func createRouteTable(ctx context.Context, j *job, t model.RouteTable) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateRouteTable, &ec2.CreateRouteTableInput{
		VpcId: aws.String(j.have.ID(model.VPCKey())), TagSpecifications: tagSpec(types.ResourceTypeRouteTable, t.Tags),
		ClientToken: aws.String(j.token()),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return j.associate(ctx, model.Handle{ID: aws.ToString(out.RouteTable.RouteTableId)}, t)
}

func updateRouteTable(ctx context.Context, j *job, t model.RouteTable) (model.Handle, error) {
	h := j.handle()
	if err := j.retag(ctx, h.ID, j.change.From.(model.RouteTable).Tags, t.Tags); err != nil {
		return h, err
	}
	if !j.differs("subnet") {
		return h, nil
	}
	if err := j.dissociate(ctx, h); err != nil {
		return h, err
	}
	return j.associate(ctx, h, t)
}

// associate ties the table to its subnet.
func (j *job) associate(ctx context.Context, h model.Handle, t model.RouteTable) (model.Handle, error) {
	if t.Subnet.IsZero() {
		return h, nil
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.AssociateRouteTable, &ec2.AssociateRouteTableInput{
		RouteTableId: aws.String(h.ID), SubnetId: aws.String(j.have.ID(t.Subnet)),
	})
	if err != nil {
		return h, err
	}
	h.Link = aws.ToString(out.AssociationId)
	return h, nil
}

func (j *job) dissociate(ctx context.Context, h model.Handle) error {
	if h.Link == "" {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: aws.String(h.Link)})
	return gone(err)
}

func deleteRouteTable(ctx context.Context, j *job, _ model.RouteTable) (model.Handle, error) {
	if err := j.dissociate(ctx, j.handle()); err != nil {
		return j.handle(), err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

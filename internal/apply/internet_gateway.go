package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func internetGatewayEntry() entry {
	return typed(createInternetGateway, updateInternetGateway, deleteInternetGateway)
}

func createInternetGateway(ctx context.Context, j *job, g model.InternetGateway) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{
		TagSpecifications: tagSpec(types.ResourceTypeInternetGateway, g.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: aws.ToString(out.InternetGateway.InternetGatewayId)}
	return h, j.attachGateway(ctx, h.ID)
}

func updateInternetGateway(ctx context.Context, j *job, g model.InternetGateway) (model.Handle, error) {
	h := j.handle()
	if j.differs("vpc") {
		if err := j.attachGateway(ctx, h.ID); err != nil {
			return h, err
		}
	}
	return h, j.retag(ctx, h.ID, j.change.From.(model.InternetGateway).Tags, g.Tags)
}

func (j *job) attachGateway(ctx context.Context, id string) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: aws.String(id), VpcId: aws.String(j.have.ID(model.VPCKey())),
	})
	if cloud.Code(err) == "Resource.AlreadyAssociated" {
		return nil
	}
	return err
}

// deleteInternetGateway detaches first; AWS refuses both while public addresses are mapped in the VPC.
func deleteInternetGateway(ctx context.Context, j *job, g model.InternetGateway) (model.Handle, error) {
	if !g.VPC.IsZero() {
		_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DetachInternetGateway, &ec2.DetachInternetGatewayInput{
			InternetGatewayId: aws.String(j.id()), VpcId: aws.String(j.have.ID(g.VPC)),
		})
		if err = gone(err); err != nil && cloud.Code(err) != "Gateway.NotAttached" {
			return j.handle(), err
		}
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

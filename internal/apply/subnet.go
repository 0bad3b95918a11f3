package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func subnetEntry() entry { return typed(createSubnet, updateSubnet, deleteSubnet) }

func createSubnet(ctx context.Context, j *job, s model.Subnet) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.CreateSubnet, &ec2.CreateSubnetInput{
		VpcId: aws.String(j.have.ID(model.VPCKey())), CidrBlock: aws.String(s.CIDR), AvailabilityZone: aws.String(s.Zone),
		TagSpecifications: tagSpec(types.ResourceTypeSubnet, s.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.Subnet.SubnetId)}, nil // it takes no public addresses from birth
}

func updateSubnet(ctx context.Context, j *job, s model.Subnet) (model.Handle, error) {
	h := j.handle()
	if j.differs("map_public_ip_on_launch") {
		_, err := cloud.Repeat(ctx, j.c, j.c.EC2.ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{
			SubnetId: aws.String(h.ID), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(s.AutoPublicIP)},
		})
		if err != nil {
			return h, err
		}
	}
	return h, j.retag(ctx, h.ID, j.change.From.(model.Subnet).Tags, s.Tags)
}

func deleteSubnet(ctx context.Context, j *job, _ model.Subnet) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

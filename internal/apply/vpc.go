package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func vpcEntry() entry { return typed(createVPC, updateVPC, deleteVPC) }

func createVPC(ctx context.Context, j *job, v model.VPC) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.CreateVpc, &ec2.CreateVpcInput{
		CidrBlock: aws.String(v.CIDR), TagSpecifications: tagSpec(types.ResourceTypeVpc, v.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: aws.ToString(out.Vpc.VpcId)}
	if out.Vpc.State != types.VpcStateAvailable {
		h.Status = model.Pending
	}
	return h, j.setDNS(ctx, h.ID, v)
}

func updateVPC(ctx context.Context, j *job, v model.VPC) (model.Handle, error) {
	h := j.handle()
	if j.differs("dns_support", "dns_hostnames") {
		if err := j.setDNS(ctx, h.ID, v); err != nil {
			return h, err
		}
	}
	return h, j.retag(ctx, h.ID, j.change.From.(model.VPC).Tags, v.Tags)
}

func deleteVPC(ctx context.Context, j *job, _ model.VPC) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteVpc, &ec2.DeleteVpcInput{VpcId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

// setDNS sets both DNS attributes; AWS takes one per call.
func (j *job) setDNS(ctx context.Context, id string, v model.VPC) error {
	for _, in := range []*ec2.ModifyVpcAttributeInput{
		{VpcId: aws.String(id), EnableDnsSupport: &types.AttributeBooleanValue{Value: aws.Bool(v.DNSSupport)}},
		{VpcId: aws.String(id), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(v.DNSHostnames)}},
	} {
		if _, err := cloud.Repeat(ctx, j.c, j.c.EC2.ModifyVpcAttribute, in); err != nil {
			return err
		}
	}
	return nil
}

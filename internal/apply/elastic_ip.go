package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
	"berth/internal/model"
)

func elasticIPEntry() entry { return typed(createElasticIP, updateElasticIP, deleteElasticIP) }

func createElasticIP(ctx context.Context, j *job, e model.ElasticIP) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.EC2.AllocateAddress, &ec2.AllocateAddressInput{
		Domain: types.DomainTypeVpc, TagSpecifications: tagSpec(types.ResourceTypeElasticIp, e.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.AllocationId), Address: aws.ToString(out.PublicIp)}, nil
}

func updateElasticIP(ctx context.Context, j *job, e model.ElasticIP) (model.Handle, error) {
	return j.handle(), j.retag(ctx, j.id(), j.change.From.(model.ElasticIP).Tags, e.Tags)
}

func deleteElasticIP(ctx context.Context, j *job, _ model.ElasticIP) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: aws.String(j.id())})
	if cloud.Code(err) == "AuthFailure" { // how EC2 says that a NAT gateway still holds it
		return j.handle(), &smithy.GenericAPIError{Code: "InvalidIPAddress.InUse", Message: cloud.Message(err)}
	}
	return model.Handle{}, gone(err)
}

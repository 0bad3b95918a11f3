package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/cloud"
	"berth/internal/model"
)

func serviceRoleEntry() entry { return typed(createServiceRole, keepServiceRole, keepServiceRole) }

// createServiceRole makes sure that AWS's own role stands; that it does already is as good.
func createServiceRole(ctx context.Context, j *job, s model.ServiceRole) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.IAM.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{
		AWSServiceName: aws.String(s.Service + ".amazonaws.com"),
	})
	if cloud.Code(err) == "InvalidInput" {
		return model.Handle{ID: s.Service}, nil
	}
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.Role.RoleName), ARN: aws.ToString(out.Role.Arn)}, nil
}

// keepServiceRole does nothing: the role belongs to the account.
func keepServiceRole(_ context.Context, j *job, _ model.ServiceRole) (model.Handle, error) {
	return j.handle(), nil
}

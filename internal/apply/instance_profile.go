package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/cloud"
	"berth/internal/model"
)

func profileEntry() entry { return typed(createProfile, updateProfile, deleteProfile) }

func createProfile(ctx context.Context, j *job, p model.Profile) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.IAM.CreateInstanceProfile, &iam.CreateInstanceProfileInput{
		InstanceProfileName: aws.String(p.Name), Path: aws.String(p.Path), Tags: iamTags(p.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: p.Name, ARN: aws.ToString(out.InstanceProfile.Arn)}, j.fillProfile(ctx, p)
}

func updateProfile(ctx context.Context, j *job, p model.Profile) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Profile)
	if j.differs("role") {
		if err := j.emptyProfile(ctx, from); err != nil {
			return h, err
		}
		if err := j.fillProfile(ctx, p); err != nil {
			return h, err
		}
	}
	set, drop := tagChanges(from.Tags, p.Tags)
	if len(set) > 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.IAM.TagInstanceProfile, &iam.TagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), Tags: iamTags(set)})
		if err != nil {
			return h, err
		}
	}
	if len(drop) == 0 {
		return h, nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.UntagInstanceProfile, &iam.UntagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), TagKeys: drop})
	return h, err
}

func deleteProfile(ctx context.Context, j *job, p model.Profile) (model.Handle, error) {
	if err := j.emptyProfile(ctx, p); err != nil {
		return j.handle(), err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: aws.String(p.Name)})
	return model.Handle{}, gone(err)
}

// fillProfile puts the role in; a profile that holds it already says that it is full.
func (j *job) fillProfile(ctx context.Context, p model.Profile) error {
	if p.Role.IsZero() {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String(p.Name), RoleName: aws.String(j.have.ID(p.Role)),
	})
	if cloud.Code(err) == "LimitExceeded" {
		return nil
	}
	return err
}

func (j *job) emptyProfile(ctx context.Context, p model.Profile) error {
	if p.Role.IsZero() {
		return nil
	}
	name := j.have.ID(p.Role)
	if p.Role.Kind == model.KindForeign {
		name = lastPart(name) // a foreign role is known by its ARN
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.RemoveRoleFromInstanceProfile, &iam.RemoveRoleFromInstanceProfileInput{
		InstanceProfileName: aws.String(p.Name), RoleName: aws.String(name),
	})
	return gone(err)
}

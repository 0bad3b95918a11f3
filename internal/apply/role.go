package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func roleEntry() entry { return typed(createRole, updateRole, deleteRole) }

func createRole(ctx context.Context, j *job, r model.Role) (model.Handle, error) {
	out, err := cloud.Write(ctx, j.c, j.c.IAM.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String(r.Name), Path: aws.String(r.Path), Description: aws.String(r.Description),
		AssumeRolePolicyDocument: aws.String(r.Trust), Tags: iamTags(r.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: r.Name, ARN: aws.ToString(out.Role.Arn)}
	if err := j.setManaged(ctx, r.Name, nil, r.Managed); err != nil {
		return h, err
	}
	return h, j.setInline(ctx, r.Name, nil, r.Inline)
}

func updateRole(ctx context.Context, j *job, r model.Role) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Role)
	if j.differs("trust_policy") {
		_, err := cloud.Repeat(ctx, j.c, j.c.IAM.UpdateAssumeRolePolicy, &iam.UpdateAssumeRolePolicyInput{
			RoleName: aws.String(r.Name), PolicyDocument: aws.String(r.Trust),
		})
		if err != nil {
			return h, err
		}
	}
	if j.differs("description") {
		_, err := cloud.Repeat(ctx, j.c, j.c.IAM.UpdateRole, &iam.UpdateRoleInput{RoleName: aws.String(r.Name), Description: aws.String(r.Description)})
		if err != nil {
			return h, err
		}
	}
	if err := j.setManaged(ctx, r.Name, from.Managed, r.Managed); err != nil {
		return h, err
	}
	if err := j.setInline(ctx, r.Name, from.Inline, r.Inline); err != nil {
		return h, err
	}
	return h, j.retagRole(ctx, r.Name, from.Tags, r.Tags)
}

// deleteRole first takes away what IAM wants gone before the role.
func deleteRole(ctx context.Context, j *job, r model.Role) (model.Handle, error) {
	if err := j.setManaged(ctx, r.Name, r.Managed, nil); err != nil {
		return j.handle(), err
	}
	if err := j.setInline(ctx, r.Name, r.Inline, nil); err != nil {
		return j.handle(), err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.DeleteRole, &iam.DeleteRoleInput{RoleName: aws.String(r.Name)})
	return model.Handle{}, gone(err)
}

func (j *job) setManaged(ctx context.Context, role string, have, want []string) error {
	for _, arn := range notIn(want, have) {
		in := &iam.AttachRolePolicyInput{RoleName: aws.String(role), PolicyArn: aws.String(arn)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.IAM.AttachRolePolicy, in); err != nil {
			return err
		}
	}
	for _, arn := range notIn(have, want) {
		in := &iam.DetachRolePolicyInput{RoleName: aws.String(role), PolicyArn: aws.String(arn)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.IAM.DetachRolePolicy, in); gone(err) != nil {
			return err
		}
	}
	return nil
}

func (j *job) setInline(ctx context.Context, role string, have, want []model.Policy) error {
	for _, p := range notIn(want, have) {
		in := &iam.PutRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.IAM.PutRolePolicy, in); err != nil {
			return err
		}
	}
	for _, p := range have {
		if named(want, p.Name) {
			continue
		}
		in := &iam.DeleteRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(p.Name)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.IAM.DeleteRolePolicy, in); gone(err) != nil {
			return err
		}
	}
	return nil
}

func named(policies []model.Policy, name string) bool {
	for _, p := range policies {
		if p.Name == name {
			return true
		}
	}
	return false
}

func (j *job) retagRole(ctx context.Context, role string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		if _, err := cloud.Repeat(ctx, j.c, j.c.IAM.TagRole, &iam.TagRoleInput{RoleName: aws.String(role), Tags: iamTags(set)}); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.IAM.UntagRole, &iam.UntagRoleInput{RoleName: aws.String(role), TagKeys: drop})
	return err
}

func iamTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}

package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/live"
)

// latest looks at the newest revision of the order's family that can be used; none is none.
func (r *Reader) latest(ctx context.Context, s *deploy.Snapshot) error {
	family := r.Order.Definition.Get("family").Text
	if family == "" {
		return nil
	}
	found, err := r.read(ctx, family)
	if cloud.Missing(err) {
		return nil
	}
	s.Latest = found
	return err
}

// definition is a revision by its ARN; what it says never changes.
func (r *Reader) definition(ctx context.Context, arn string) (deploy.Revision, error) {
	if known, ok := r.full[arn]; ok {
		return known, nil
	}
	found, err := r.read(ctx, arn)
	if cloud.Missing(err) {
		r.definitions[arn] = live.Definition{ARN: arn, Status: "DELETED"}
		return deploy.Revision{ARN: arn}, nil // while the service still names it
	}
	return found, err
}

// former reads what a service ran before, from the newest on until one can be run again.
func (r *Reader) former(ctx context.Context, all []live.Deployment, now string) error {
	for _, d := range all {
		if d.Status != "SUCCESSFUL" || d.Definition == "" || d.Definition == now {
			continue
		}
		if _, err := r.definition(ctx, d.Definition); err != nil {
			return err
		}
		if r.definitions[d.Definition].Status == "ACTIVE" {
			return nil
		}
	}
	return nil
}

func (r *Reader) read(ctx context.Context, name string) (deploy.Revision, error) {
	out, err := read(ctx, r, r.Cloud.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: aws.String(name), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags},
	})
	if err != nil {
		return deploy.Revision{}, err
	}
	arn := aws.ToString(out.TaskDefinition.TaskDefinitionArn)
	r.definitions[arn] = Definition(out.TaskDefinition, out.Tags)
	r.full[arn] = deploy.Revision{ARN: arn, Spec: registered(out.TaskDefinition, out.Tags)}
	return r.full[arn], nil
}

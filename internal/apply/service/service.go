// Package service carries out what deploy decides: one action at a time.
//
// In: a deploy.Action, whose Spec is the call's input in AWS's own shape. Out: what AWS made of it, or an error. It chooses
// nothing, waits for nothing and looks at nothing.
package service

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/document"
)

// Writer carries out the actions of one run.
type Writer struct{ Cloud *cloud.Cloud }

// Do carries out an action; attempt counts from 1 and makes tokens differ, so that what AWS refused can be asked for again.
func (w Writer) Do(ctx context.Context, a deploy.Action, attempt int) (deploy.Made, error) {
	if does, ok := Balancing()[a.Verb]; ok {
		return deploy.Made{}, does(ctx, w.Cloud, a.Spec)
	}
	does, ok := w.verbs()[a.Verb]
	if !ok {
		return deploy.Made{}, fmt.Errorf("nothing is known about how to %s", a.Verb)
	}
	return does(ctx, a, w.Cloud.Token(a.Verb+" "+a.Name, attempt))
}

type deed func(ctx context.Context, a deploy.Action, token string) (deploy.Made, error)

func (w Writer) verbs() map[string]deed {
	return map[string]deed{
		deploy.Register:       w.register,
		deploy.CreateService:  w.create,
		deploy.UpdateService:  w.update,
		deploy.Label:          w.label,
		deploy.Unlabel:        w.unlabel,
		deploy.StopDeployment: w.stop,
		deploy.RunTask:        w.run,
	}
}

// Input is a document as an input of the SDK. A member that the SDK does not know is an error: what is dropped in silence does
// harm later.
func Input[I any](spec document.Value) (*I, error) {
	in := new(I)
	d := json.NewDecoder(strings.NewReader(spec.JSON()))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return nil, fmt.Errorf("the input of the call does not fit: %w", err)
	}
	return in, nil
}

// register is not to be repeated: each call makes a revision.
func (w Writer) register(ctx context.Context, a deploy.Action, _ string) (deploy.Made, error) {
	in, err := Input[ecs.RegisterTaskDefinitionInput](a.Spec)
	if err != nil {
		return deploy.Made{}, err
	}
	out, err := cloud.Write(ctx, w.Cloud, w.Cloud.ECS.RegisterTaskDefinition, in)
	if err != nil {
		return deploy.Made{}, err
	}
	return deploy.Made{ARN: aws.ToString(out.TaskDefinition.TaskDefinitionArn)}, nil
}

func (w Writer) create(ctx context.Context, a deploy.Action, token string) (deploy.Made, error) {
	in, err := Input[ecs.CreateServiceInput](a.Spec.With("clientToken", document.Of(token)))
	if err != nil {
		return deploy.Made{}, err
	}
	out, err := cloud.Repeat(ctx, w.Cloud, w.Cloud.ECS.CreateService, in)
	if err != nil {
		return deploy.Made{}, err
	}
	return deploy.Made{ARN: aws.ToString(out.Service.ServiceArn)}, nil
}

// update may be sent twice unless it wants a new deployment whatever differs: each would be another one.
func (w Writer) update(ctx context.Context, a deploy.Action, _ string) (deploy.Made, error) {
	in, err := Input[ecs.UpdateServiceInput](a.Spec)
	if err != nil {
		return deploy.Made{}, err
	}
	send := cloud.Repeat[ecs.UpdateServiceInput, ecs.UpdateServiceOutput, ecs.Options]
	if a.Once {
		send = cloud.Write[ecs.UpdateServiceInput, ecs.UpdateServiceOutput, ecs.Options]
	}
	out, err := send(ctx, w.Cloud, w.Cloud.ECS.UpdateService, in)
	if err != nil {
		return deploy.Made{}, err
	}
	return deploy.Made{ARN: aws.ToString(out.Service.ServiceArn)}, nil
}

func (w Writer) label(ctx context.Context, a deploy.Action, _ string) (deploy.Made, error) {
	in, err := Input[ecs.TagResourceInput](a.Spec)
	if err != nil {
		return deploy.Made{}, err
	}
	_, err = cloud.Repeat(ctx, w.Cloud, w.Cloud.ECS.TagResource, in)
	return deploy.Made{ARN: aws.ToString(in.ResourceArn)}, err
}

func (w Writer) unlabel(ctx context.Context, a deploy.Action, _ string) (deploy.Made, error) {
	in, err := Input[ecs.UntagResourceInput](a.Spec)
	if err != nil {
		return deploy.Made{}, err
	}
	_, err = cloud.Repeat(ctx, w.Cloud, w.Cloud.ECS.UntagResource, in)
	return deploy.Made{ARN: aws.ToString(in.ResourceArn)}, err
}

// stop is done too when the deployment came to an end, or was stopped, just before.
func (w Writer) stop(ctx context.Context, a deploy.Action, _ string) (deploy.Made, error) {
	in, err := Input[ecs.StopServiceDeploymentInput](a.Spec)
	if err != nil {
		return deploy.Made{}, err
	}
	_, err = cloud.Repeat(ctx, w.Cloud, w.Cloud.ECS.StopServiceDeployment, in)
	if cloud.Code(err) == "ConflictException" {
		err = nil
	}
	return deploy.Made{ARN: aws.ToString(in.ServiceDeploymentArn)}, err
}

func (w Writer) run(ctx context.Context, a deploy.Action, token string) (deploy.Made, error) {
	in, err := Input[ecs.RunTaskInput](a.Spec.With("clientToken", document.Of(token)))
	if err != nil {
		return deploy.Made{}, err
	}
	out, err := cloud.Repeat(ctx, w.Cloud, w.Cloud.ECS.RunTask, in)
	if err != nil {
		return deploy.Made{}, err
	}
	var made deploy.Made
	for _, t := range out.Tasks {
		made.Tasks = append(made.Tasks, aws.ToString(t.TaskArn))
	}
	for _, f := range out.Failures {
		made.Refused = append(made.Refused, aws.ToString(f.Reason))
	}
	return made, nil
}

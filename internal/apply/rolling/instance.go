package rolling

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/roll"
)

// each is how many container instances or attributes ECS takes in a call (ECS API reference, UpdateContainerInstancesState,
// PutAttributes).
const each = 10

// state sets container instances to drain, or to take tasks again. ECS tells in its answer which of them it did not set.
func (w *Writer) state(to types.ContainerInstanceStatus) deed {
	return func(ctx context.Context, a roll.Action) (roll.Made, error) {
		refused := refusals{}
		not, err := pieces(a.ARNs, each, unfit, func(arns ...string) error {
			out, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.UpdateContainerInstancesState, &ecs.UpdateContainerInstancesStateInput{
				Cluster: &w.Cluster, ContainerInstances: arns, Status: to,
			})
			if err == nil {
				refused.failures(out.Failures, arns)
			}
			return err
		})
		maps.Copy(refused, not)
		return refused.made(roll.Made{}), err
	}
}

// unfit tells that ECS refuses a call because of what it names.
func unfit(err error) bool { return cloud.Code(err) == "InvalidParameterException" }

// failures notes what ECS did not do, by the ARNs that were asked for.
func (r refusals) failures(all []types.Failure, asked []string) {
	for _, f := range all {
		arn := aws.ToString(f.Arn)
		i := slices.IndexFunc(asked, func(one string) bool {
			return one == arn || strings.HasSuffix(one, "/"+arn[strings.LastIndexByte(arn, '/')+1:])
		})
		if i >= 0 {
			arn = asked[i]
		}
		r[arn] = strings.TrimSpace(aws.ToString(f.Reason) + " " + aws.ToString(f.Detail))
	}
}

// absent tells that ECS refuses attributes because of an instance that is not there any more.
func absent(err error) bool { return cloud.Missing(err) }

func (w *Writer) setAttribute(ctx context.Context, a roll.Action) (roll.Made, error) {
	not, err := pieces(a.ARNs, each, absent, func(arns ...string) error {
		in := &ecs.PutAttributesInput{Cluster: &w.Cluster, Attributes: attributes(a.Key, arns)}
		for i := range in.Attributes {
			in.Attributes[i].Value = &a.Value
		}
		_, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.PutAttributes, in)
		return err
	})
	return not.made(roll.Made{}), err
}

func (w *Writer) dropAttribute(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := pieces(a.ARNs, each, absent, func(arns ...string) error {
		_, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.DeleteAttributes, &ecs.DeleteAttributesInput{Cluster: &w.Cluster, Attributes: attributes(a.Key, arns)})
		return err
	})
	return roll.Made{}, err // of what is gone nothing is to be taken away
}

func attributes(key string, arns []string) []types.Attribute {
	var out []types.Attribute
	for _, arn := range arns {
		out = append(out, types.Attribute{Name: &key, TargetId: &arn, TargetType: types.TargetTypeContainerInstance})
	}
	return out
}

// deregister takes instances that are gone out of the cluster. One that is not in it any more is done.
func (w *Writer) deregister(ctx context.Context, a roll.Action) (roll.Made, error) {
	for _, arn := range a.ARNs {
		_, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.DeregisterContainerInstance, &ecs.DeregisterContainerInstanceInput{
			Cluster: &w.Cluster, ContainerInstance: &arn, Force: aws.Bool(true),
		})
		if err != nil && !unknown(err) {
			return roll.Made{}, err
		}
	}
	return roll.Made{}, nil
}

// unknown tells that ECS does not know, or no longer, what a call names: "Referenced container instance … not found.", "The
// referenced task was not found."
func unknown(err error) bool {
	return cloud.Missing(err) || unfit(err) && strings.Contains(cloud.Message(err), "not found")
}

// stop stops tasks. One that is gone has stopped.
func (w *Writer) stop(ctx context.Context, a roll.Action) (roll.Made, error) {
	for _, arn := range a.ARNs {
		_, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.StopTask, &ecs.StopTaskInput{Cluster: &w.Cluster, Task: &arn, Reason: &a.Value})
		if err != nil && !unknown(err) {
			return roll.Made{}, err
		}
	}
	return roll.Made{}, nil
}

// probe runs a task on an instance. StartTask takes no token, so it is RunTask with a constraint that leaves that one instance: with
// the same token AWS gives the same answer, and a task whose start was not heard of is not started twice. Its token says who has started it.
func (w *Writer) probe(ctx context.Context, a roll.Action) (roll.Made, error) {
	if len(a.ARNs) != 1 || len(a.Instances) != 1 {
		return roll.Made{}, errProbe
	}
	out, err := change(ctx, w, cloud.ResourceChanges, w.Cloud.ECS.RunTask, &ecs.RunTaskInput{
		Cluster: &w.Cluster, TaskDefinition: &a.Value, LaunchType: types.LaunchTypeEc2, ClientToken: token(a.Token), StartedBy: &a.Token,
		PlacementConstraints: []types.PlacementConstraint{{
			Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String("ec2InstanceId == " + a.Instances[0]),
		}},
	})
	not := refusals{}
	switch {
	case err != nil && definite(err):
		not[a.ARNs[0]] = cloud.Message(err)
		return not.made(roll.Made{}), nil
	case err != nil:
		return roll.Made{}, err
	}
	var made roll.Made
	for _, t := range out.Tasks {
		made.Tasks = append(made.Tasks, aws.ToString(t.TaskArn))
	}
	if len(made.Tasks) == 0 {
		not[a.ARNs[0]] = "it does not take the task"
		not.failures(out.Failures, a.ARNs)
	}
	return not.made(made), nil
}

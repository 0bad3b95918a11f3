package rolling

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/cloud"
	"berth/internal/roll"
)

// protectedEach is how many instances AWS takes in a call (Auto Scaling API reference, SetInstanceProtection).
const protectedEach = 50

func tagOf(a roll.Action) types.Tag {
	return types.Tag{ResourceId: &a.Group, ResourceType: aws.String("auto-scaling-group"), Key: &a.Key, PropagateAtLaunch: aws.Bool(false)}
}

func (w *Writer) mark(ctx context.Context, a roll.Action) (roll.Made, error) {
	t := tagOf(a)
	t.Value = &a.Value
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: []types.Tag{t}})
	return roll.Made{}, err
}

func (w *Writer) unmark(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.DeleteTags, &autoscaling.DeleteTagsInput{Tags: []types.Tag{tagOf(a)}})
	return roll.Made{}, err
}

func (w *Writer) setMax(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: &a.Group, MaxSize: aws.Int32(int32(a.Count)),
	})
	return roll.Made{}, err
}

func (w *Writer) setMin(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: &a.Group, MinSize: aws.Int32(int32(a.Count)),
	})
	return roll.Made{}, err
}

// launch asks for new instances in a zone. With the same token AWS gives the same answer, so that no instance comes twice. What it
// launches fewer stands among the refused, by zone.
func (w *Writer) launch(ctx context.Context, a roll.Action) (roll.Made, error) {
	out, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.LaunchInstances, &autoscaling.LaunchInstancesInput{
		AutoScalingGroupName: &a.Group, ClientToken: token(a.Token), RequestedCapacity: aws.Int32(int32(a.Count)), AvailabilityZones: []string{a.Zone},
		RetryStrategy: types.RetryStrategyNone,
	})
	if err != nil {
		if definite(err) {
			return refusals{a.Zone: cloud.Message(err)}.made(roll.Made{}), nil
		}
		return roll.Made{}, err
	}
	var made roll.Made
	for _, some := range out.Instances {
		made.Instances = append(made.Instances, some.InstanceIds...)
	}
	not := refusals{}
	for _, e := range out.Errors {
		why := strings.TrimSpace(aws.ToString(e.ErrorCode) + ": " + aws.ToString(e.ErrorMessage))
		not[cmp.Or(aws.ToString(e.AvailabilityZone), a.Zone)] = why
	}
	if missing := a.Count - len(made.Instances); missing > 0 && len(not) == 0 {
		not[a.Zone] = "AWS launched fewer instances than were asked for, and did not say why"
	}
	return not.made(made), nil
}

// definite tells errors that AWS will give again: about the call, the group or its limits.
func definite(err error) bool {
	return !cloud.Lost(err) && !cloud.Throttled(err) && !cloud.Busy(err) && !cloud.Denied(err) && !cloud.Credentials(err) && cloud.Code(err) != ""
}

// invalid tells that AWS refuses a call because of what it names.
func invalid(err error) bool { return cloud.Code(err) == "ValidationError" }

// protection sets the protection from scale-in. Only what is in service can have it.
func (w *Writer) protection(on bool) deed {
	return func(ctx context.Context, a roll.Action) (roll.Made, error) {
		not, err := pieces(a.Instances, protectedEach, invalid, func(ids ...string) error {
			_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.SetInstanceProtection, &autoscaling.SetInstanceProtectionInput{
				AutoScalingGroupName: &a.Group, InstanceIds: ids, ProtectedFromScaleIn: &on,
			})
			return err
		})
		return not.made(roll.Made{}), err
	}
}

func (w *Writer) suspend(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.SuspendProcesses, &autoscaling.SuspendProcessesInput{
		AutoScalingGroupName: &a.Group, ScalingProcesses: a.Names,
	})
	return roll.Made{}, err
}

func (w *Writer) resume(ctx context.Context, a roll.Action) (roll.Made, error) {
	_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.ResumeProcesses, &autoscaling.ResumeProcessesInput{
		AutoScalingGroupName: &a.Group, ScalingProcesses: a.Names,
	})
	return roll.Made{}, err
}

// give terminates an instance of a group. One that is gone, or goes already, is given.
func (w *Writer) give(ctx context.Context, a roll.Action) (roll.Made, error) {
	var made roll.Made
	for _, id := range a.Instances {
		_, err := change(ctx, w, cloud.ScalingChanges, w.Cloud.Groups.TerminateInstanceInAutoScalingGroup, &autoscaling.TerminateInstanceInAutoScalingGroupInput{
			InstanceId: &id, ShouldDecrementDesiredCapacity: &a.Decrement,
		})
		if err != nil && !going(err) {
			return made, err
		}
		made.Instances = append(made.Instances, id)
	}
	return made, nil
}

// going tells that an instance is gone from its group, or on its way (Auto Scaling API reference,
// TerminateInstanceInAutoScalingGroup: "Instance Id not found", ScalingActivityInProgress).
func going(err error) bool {
	return cloud.Code(err) == "ScalingActivityInProgress" || invalid(err) && strings.Contains(strings.ToLower(cloud.Message(err)), "not found")
}

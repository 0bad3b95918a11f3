package asg

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// health is a member's health in the words of DescribeAutoScalingGroups.
func health(m *world.GroupMember) string {
	if m.Healthy {
		return "Healthy"
	}
	return "Unhealthy"
}

func viewMember(m *world.GroupMember) types.Instance {
	return types.Instance{
		InstanceId: aws.String(m.ID), InstanceType: aws.String(m.Type), ImageId: aws.String(m.ImageID),
		AvailabilityZone: aws.String(m.Zone), AvailabilityZoneId: aws.String(m.ZoneID), HealthStatus: aws.String(health(m)),
		LifecycleState: types.LifecycleState(m.State), ProtectedFromScaleIn: aws.Bool(m.Protected),
		LaunchTemplate: viewTemplate(m.Template), LaunchConfigurationName: text(m.Configuration), WeightedCapacity: text(m.WeightText),
	}
}

// DescribeAutoScalingInstances lists the instances of all groups, or those asked for.
func DescribeAutoScalingInstances(c *world.Call, in *autoscaling.DescribeAutoScalingInstancesInput) (*autoscaling.DescribeAutoScalingInstancesOutput, error) {
	if len(in.InstanceIds) > 50 {
		return nil, invalid("The number of instance ids that may be passed in is limited to 50")
	}
	var rows []types.AutoScalingInstanceDetails
	for name, g := range c.Region.AutoScaling.Groups.All() {
		for id, m := range g.Members.All() {
			if len(in.InstanceIds) > 0 && !slices.Contains(in.InstanceIds, id) {
				continue
			}
			rows = append(rows, types.AutoScalingInstanceDetails{
				AutoScalingGroupName: aws.String(name), InstanceId: aws.String(id), InstanceType: aws.String(m.Type),
				ImageId: aws.String(m.ImageID), AvailabilityZone: aws.String(m.Zone), AvailabilityZoneId: aws.String(m.ZoneID),
				HealthStatus: aws.String(strings.ToUpper(health(m))), LifecycleState: aws.String(m.State),
				ProtectedFromScaleIn: aws.Bool(m.Protected), LaunchTemplate: viewTemplate(m.Template), LaunchConfigurationName: text(m.Configuration),
				WeightedCapacity: text(m.WeightText),
			})
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 50, 50})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeAutoScalingInstancesOutput{AutoScalingInstances: rows, NextToken: next}, nil
}

// TerminateInstanceInAutoScalingGroup takes instances out of their group for good, protected or not; the group launches
// others for them unless its desired capacity goes down along with them.
func TerminateInstanceInAutoScalingGroup(c *world.Call, in *autoscaling.TerminateInstanceInAutoScalingGroupInput) (*autoscaling.TerminateInstanceInAutoScalingGroupOutput, error) {
	g, members, err := condemned(c, in)
	if err != nil {
		return nil, err
	}
	decrement := *in.ShouldDecrementDesiredCapacity
	if lost := len(members); decrement && g.Desired-lost < g.Min {
		return nil, invalid("Currently, desiredSize equals minSize (%d). Terminating instance without replacement will violate "+
			"group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.", g.Min)
	}
	out := &autoscaling.TerminateInstanceInAutoScalingGroupOutput{}
	for _, m := range members {
		a := activity.View(g.condemn(m, decrement))
		if in.InstanceId != nil {
			out.Activity = &a
		} else {
			out.Activities = append(out.Activities, a)
		}
	}
	g.soon()
	return out, nil
}

// condemn terminates one member at the user's request.
func (g group) condemn(m *world.GroupMember, decrement bool) *world.ScalingActivity {
	if m.State == retained {
		m.Forced = true
	}
	why := g.at("instance %s was taken out of service in response to a user request", m.ID)
	if decrement {
		why = g.at("instance %s was taken out of service in response to a user request, shrinking the capacity from %d to %d", m.ID, g.Desired, g.Desired-1)
		g.Desired, g.DesiredBy = g.Desired-1, byUser
	}
	return g.terminate(m, why)
}

// condemned reads which members a call terminates.
func condemned(c *world.Call, in *autoscaling.TerminateInstanceInAutoScalingGroupInput) (group, []*world.GroupMember, error) {
	ids := in.InstanceIds
	switch {
	case in.ShouldDecrementDesiredCapacity == nil:
		return group{}, nil, missing("shouldDecrementDesiredCapacity")
	case in.InstanceId != nil && len(ids) > 0:
		return group{}, nil, invalid("Only one of InstanceId and InstanceIds may be specified")
	case in.InstanceId != nil:
		ids = []string{*in.InstanceId}
	case len(ids) == 0:
		return group{}, nil, missing("instanceId")
	case len(ids) > 100:
		return group{}, nil, invalid("The number of instance ids that may be passed in is limited to 100")
	case in.AutoScalingGroupName == nil:
		return group{}, nil, missing("autoScalingGroupName")
	}
	var g group
	var members []*world.GroupMember
	for _, id := range ids {
		row, m, ok := MemberOf(c.Region, id)
		if !ok || in.AutoScalingGroupName != nil && row.Name != *in.AutoScalingGroupName {
			return g, nil, unknownInstance(id)
		}
		if (dying(m) && m.State != retained) || m.State == string(types.LifecycleStateDetaching) {
			return g, nil, wire.Errorf("ScalingActivityInProgress", "Activity %s is in progress.", m.Activity)
		}
		g = group{row, c.World, c.Region}
		members = append(members, m)
	}
	return g, members, nil
}

// Refresh terminates a member for an instance refresh, protected or not, with its hooks; the group launches another one.
func Refresh(w *world.World, r *world.Region, row *world.ScalingGroup, m *world.GroupMember) {
	g := group{row, w, r}
	g.terminate(m, g.at("instance %s was taken out of service in response to an instance refresh", m.ID))
	g.soon()
}

// Ahead tells a group how many instances an instance refresh wants beside those that it will terminate.
func Ahead(w *world.World, r *world.Region, row *world.ScalingGroup, n int) {
	if g := (group{row, w, r}); g.Ahead != n {
		g.Ahead = n
		g.soon()
	}
}

// Stays tells whether a member counts towards its group's capacity: it is on its way in, or in.
func Stays(m *world.GroupMember) bool { return stays(m) }

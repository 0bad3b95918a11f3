package asg

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/world"
)

// EnterStandby takes instances out of service without ending them; they stay in the group but do not count towards its
// capacity. Unless the desired capacity goes down along with them, the group launches others (Auto Scaling user guide,
// "Temporarily remove instances from your Auto Scaling group").
func EnterStandby(c *world.Call, in *autoscaling.EnterStandbyInput) (*autoscaling.EnterStandbyOutput, error) {
	d, err := readDeparture(c, in.AutoScalingGroupName, in.InstanceIds, in.ShouldDecrementDesiredCapacity)
	if err != nil {
		return nil, err
	}
	if err := d.allowed("place into standby", types.LifecycleStateInService); err != nil {
		return nil, err
	}
	return &autoscaling.EnterStandbyOutput{Activities: d.all(departure{
		verb: "Moving EC2 instance to Standby: ", past: "was moved to standby", state: types.LifecycleStateEnteringStandby, then: instanceParked,
	})}, nil
}

// parked ends the move of a member into standby.
func parked(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStateEnteringStandby) {
		return
	}
	m.State = string(types.LifecycleStateStandby)
	g.succeed(m)
	if g.unsettled() {
		g.soon()
	}
}

// ExitStandby brings instances back into service, past the lifecycle hooks; the desired capacity goes up along with them.
func ExitStandby(c *world.Call, in *autoscaling.ExitStandbyInput) (*autoscaling.ExitStandbyOutput, error) {
	g, members, err := readMoved(c, in.AutoScalingGroupName, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if m.State != string(types.LifecycleStateStandby) {
			return nil, invalid("The instance %s is not in Standby.", m.ID)
		}
	}
	if n := len(members); g.Desired+n > g.Max {
		return nil, g.unfit("move out of standby", n, "more ")
	}
	out := &autoscaling.ExitStandbyOutput{}
	for _, m := range members {
		a := g.begin("Moving EC2 instance out of Standby: "+m.ID, g.at(
			"instance %s was moved out of standby in response to a user request, increasing the capacity from %d to %d", m.ID, g.Desired, g.Desired+1))
		g.comeBack(m, a)
		out.Activities = append(out.Activities, activity.View(a))
	}
	return out, nil
}

// comeBack begins to take in an instance that runs already, and raises the desired capacity for it.
func (g group) comeBack(m *world.GroupMember, a *world.ScalingActivity) {
	a.Instance, a.Zone, a.Status, a.Progress = m.ID, m.Zone, string(types.ScalingActivityStatusCodePreInService), 30
	if i, ok := g.r.EC2.Instances.Get(m.ID); ok {
		a.Subnet = i.SubnetID
	}
	m.State, m.Activity = string(types.LifecycleStatePending), a.ID
	g.Desired, g.DesiredBy = g.Desired+1, byUser
	g.w.Schedule(g.w.Draw("asg.instance-pending", m.ID, world.Span{Mean: 6 * time.Second, Deviation: 2 * time.Second, Floor: 2 * time.Second}),
		g.event("asg.instance-returned", m.ID))
}

// returned puts a member in service that ran before it was one, or while it was in standby. One that stopped meanwhile is
// found by the next health check.
func returned(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok || m.State != string(types.LifecycleStatePending) {
		return
	}
	old := *m
	g.enter(m)
	if !old.InService.IsZero() {
		m.Protected = old.Protected
	}
	if i, ok := g.r.EC2.Instances.Get(m.ID); !ok || i.State != world.InstanceRunning {
		g.examine(m)
	}
}

// parkedOrLeaving tells whether a member is out of service at somebody's request, or on its way there.
func parkedOrLeaving(m *world.GroupMember) bool {
	switch types.LifecycleState(m.State) {
	case types.LifecycleStateEnteringStandby, types.LifecycleStateStandby, types.LifecycleStateDetaching, types.LifecycleStateDetached:
		return true
	default:
		return false
	}
}

package asg

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DeleteAutoScalingGroup deletes an empty group, or with force one with everything in it, without lifecycle hooks. The
// group stays visible with a status until its last instance is gone.
func DeleteAutoScalingGroup(c *world.Call, in *autoscaling.DeleteAutoScalingGroupInput) (*autoscaling.DeleteAutoScalingGroupOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	force := aws.ToBool(in.ForceDelete)
	if g.Status != "" && !force {
		return &autoscaling.DeleteAutoScalingGroupOutput{}, nil
	}
	if err := g.deletable(force); err != nil {
		return nil, err
	}
	if g.Desired > 0 {
		g.requested("a user request force deleted AutoScalingGroup changing the desired capacity from %d to 0", g.Desired)
	}
	g.Status, g.Min, g.Max, g.Desired = deleting, 0, 0, 0
	g.killAll()
	g.w.Schedule(g.w.Draw("asg.group-delete", g.Name, world.Span{Mean: 3 * time.Second, Deviation: time.Second, Floor: time.Second}),
		world.Event{Kind: "asg.group-delete", Region: g.r.Name, ID: g.Name})
	return &autoscaling.DeleteAutoScalingGroupOutput{}, nil
}

func (g group) deletable(force bool) error {
	p := g.Settings.DeletionProtection
	if p == "prevent-all-deletion" || force && p == "prevent-force-deletion" {
		return invalid("You cannot delete the AutoScalingGroup %s because its deletion protection is set to %s.", g.Name, p)
	}
	if force {
		return nil
	}
	for m := range g.Members.Rows() {
		if stays(m) {
			return wire.Errorf("ResourceInUse", "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.")
		}
	}
	if _, ok := g.busy(); ok || g.Members.Len() > 0 {
		return wire.Errorf("ScalingActivityInProgress", "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.")
	}
	return nil
}

// killAll terminates every member, and lets those that wait for a hook go on.
func (g group) killAll() {
	for m := range g.Members.Rows() {
		m.Forced = true
		switch {
		case stays(m):
			g.terminate(m, g.cause(g.at("an instance was taken out of service in response to a difference between desired and actual capacity")))
		case strings.HasPrefix(m.State, "Terminating:Wait"), m.State == retained:
			g.release(m)
		}
	}
	g.Requests = nil
}

// eraseNamed removes the group that an event names, if it is ready for it.
func eraseNamed(w *world.World, e world.Event) {
	if g, ok := named(w, e.Region, e.ID); ok {
		g.erase()
	}
}

// erase removes a group that is being deleted once it has no member left.
func (g group) erase() {
	if g.Status != deleting || g.Members.Len() > 0 {
		return
	}
	for a := range g.r.AutoScaling.Activities.Rows() {
		if a.GroupARN == g.ARN {
			a.Deleted = true
		}
	}
	for p := range g.Policies.Rows() {
		RemovePolicy(g.w, g.r, g.ScalingGroup, p.Name)
	}
	g.r.AutoScaling.Groups.Delete(g.Name)
}

package asg

import (
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// begin notes that an activity starts.
func (g group) begin(description, cause string) *world.ScalingActivity {
	a := &world.ScalingActivity{
		ID: g.w.UUID(), Group: g.Name, GroupARN: g.ARN, Description: description, Cause: cause,
		Status: string(types.ScalingActivityStatusCodeInProgress), Started: g.w.Now(),
	}
	g.r.AutoScaling.Activities.Put(a.ID, a)
	return a
}

// end notes how an activity ended.
func (g group) end(a *world.ScalingActivity, status types.ScalingActivityStatusCode, message string) {
	a.Status, a.Message, a.Progress, a.Ended = string(status), message, 100, g.w.Now()
	g.LastActivity = g.w.Now()
	g.sayEnded(a)
}

// activity is what brings a member in or takes it out.
func (g group) activity(m *world.GroupMember) *world.ScalingActivity {
	if a, ok := g.r.AutoScaling.Activities.Get(m.Activity); ok {
		return a
	}
	return &world.ScalingActivity{}
}

// succeed ends a member's activity well.
func (g group) succeed(m *world.GroupMember) {
	if a := g.activity(m); a.Ended.IsZero() {
		g.end(a, types.ScalingActivityStatusCodeSuccessful, "")
	}
}

// progress notes how far a member's activity is.
func (g group) progress(m *world.GroupMember, status types.ScalingActivityStatusCode, percent int) {
	if a := g.activity(m); a.Ended.IsZero() {
		a.Status, a.Progress = string(status), percent
	}
}

// busy gives an activity of the group that has not ended.
func (g group) busy() (*world.ScalingActivity, bool) {
	for a := range g.r.AutoScaling.Activities.Rows() {
		if a.Group == g.Name && !a.Deleted && a.Ended.IsZero() {
			return a, true
		}
	}
	return nil, false
}

package refresh

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/world"
)

// work is a refresh at work: its row, its group, and the world and the region that they are in.
type work struct {
	*world.InstanceRefresh
	group *world.ScalingGroup
	w     *world.World
	r     *world.Region
}

// Handlers is what happens when a refresh looks at its group.
func Handlers() world.Handlers { return world.Handlers{"asg.refresh-step": {step}} }

// again lets the refresh look at its group after some seconds.
func (x work) again() {
	x.w.Schedule(x.w.Draw("asg.refresh-step", x.ID, world.Span{Mean: 15 * time.Second, Deviation: 3 * time.Second, Floor: 5 * time.Second}),
		world.Event{Kind: "asg.refresh-step", Region: x.r.Name, ID: x.ID})
}

// patience is how long a refresh waits for instances that it may not replace, or that do not get well, before it fails (Auto Scaling user
// guide, "Use an instance refresh to update instances in an Auto Scaling group").
const patience = time.Hour

// step is one look of a refresh at its group.
func step(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	f, ok := r.AutoScaling.Refreshes.Get(e.ID)
	if !ok || !f.Ended.IsZero() {
		return
	}
	g, ok := r.AutoScaling.Groups.Get(f.Group)
	x := work{f, g, w, r}
	switch {
	case !ok || g.Status != "":
		x.end(cancelled, "The Auto Scaling group is being deleted.")
	case f.Status == cancelling:
		x.end(cancelled, f.Reason)
	default:
		x.advance()
	}
}

// advance replaces as many instances as may be missing. While the group's process InstanceRefresh is suspended nothing happens, and
// neither while it may not launch or terminate (Auto Scaling user guide, "How suspended processes affect other processes").
func (x work) advance() {
	if slices.ContainsFunc(x.group.Suspended, func(p world.SuspendedProcess) bool {
		return slices.Contains([]string{"InstanceRefresh", "Launch", "Terminate"}, p.Name)
	}) {
		x.Moved = x.w.Now()
		x.again()
		return
	}
	x.choose()
	ready, open := x.members()
	switch {
	case len(x.Todo) == 0 && ready >= x.group.Desired:
		x.end(successful, "")
		return
	case x.w.Now().Sub(x.Moved) > patience:
		x.end(failed, "The instance refresh could make no progress for an hour.")
		return
	}
	for _, m := range open[:max(0, min(x.room(ready), len(open)))] {
		x.Todo = slices.DeleteFunc(x.Todo, func(id string) bool { return id == m.ID })
		x.Moved = x.w.Now()
		asg.Refresh(x.w, x.r, x.group, m)
	}
	asg.Ahead(x.w, x.r, x.group, min(x.spare(), len(x.Todo)))
	x.again()
}

// room is how many instances may go now: down to the minimum healthy percentage, and one where that leaves none; where new ones come first,
// as many as work beyond the desired capacity.
func (x work) room(ready int) int {
	if x.spare() > 0 {
		return ready - x.group.Desired
	}
	room := ready - (x.group.Desired*x.MinHealthy+99)/100
	if ready >= x.group.Desired {
		room = max(room, 1)
	}
	return room
}

// spare is how many instances may come before others go; AWS does not say how it rounds, here it is one at least.
func (x work) spare() int {
	if x.MaxHealthy == 100 {
		return 0
	}
	return max(1, x.group.Desired*x.MaxHealthy/100-x.group.Desired)
}

// choose notes, once, which instances are to be replaced, and later forgets those that went by themselves.
func (x work) choose() {
	if !x.Chosen {
		x.Chosen, x.Status = true, inProgress
		for m := range x.group.Members.Rows() {
			if left := x.left(m); !left {
				x.Todo = append(x.Todo, m.ID)
			}
		}
		x.Total = len(x.Todo)
		x.say("Started")
	}
	x.Todo = slices.DeleteFunc(x.Todo, func(id string) bool {
		m, ok := x.group.Members.Get(id)
		return !ok || strings.HasPrefix(m.State, "Terminating") || strings.HasPrefix(m.State, "Detach")
	})
}

// left tells whether the refresh leaves an instance as it is.
func (x work) left(m *world.GroupMember) bool {
	switch {
	case strings.HasPrefix(m.State, "Terminating") || strings.HasPrefix(m.State, "Detach"):
		return true
	case m.Protected && x.Protected == string(types.ScaleInProtectedInstancesIgnore):
		return true
	case standsBy(m) && x.Standby == string(types.StandbyInstancesIgnore):
		return true
	}
	return x.SkipMatching && asg.Matches(x.r, x.group, m)
}

func standsBy(m *world.GroupMember) bool {
	return m.State == string(types.LifecycleStateStandby)
}

// members counts the instances that work and are warmed up, and lists those that may be replaced now: the oldest first.
func (x work) members() (ready int, open []*world.GroupMember) {
	for m := range x.group.Members.Rows() {
		works := m.State == string(types.LifecycleStateInService) && m.Healthy
		todo := slices.Contains(x.Todo, m.ID)
		if works && (todo || x.w.Now().Sub(m.InService) >= time.Duration(x.Warmup)*time.Second) {
			ready++
		}
		kept := m.Protected && x.Protected != string(types.ScaleInProtectedInstancesRefresh)
		away := standsBy(m) && x.Standby == string(types.StandbyInstancesTerminate)
		if todo && !kept && (away || m.State == string(types.LifecycleStateInService)) {
			open = append(open, m)
		}
	}
	slices.SortStableFunc(open, func(a, b *world.GroupMember) int {
		return cmp.Or(a.Launched.Compare(b.Launched), cmp.Compare(a.ID, b.ID))
	})
	return ready, open
}

// end ends the refresh.
func (x work) end(status, why string) {
	x.Status, x.Reason, x.Ended = status, why, x.w.Now()
	if x.group != nil {
		asg.Ahead(x.w, x.r, x.group, 0)
	}
	x.say(map[string]string{successful: "Succeeded", failed: "Failed", cancelled: "Cancelled"}[status])
}

// say tells those who listen to events how the refresh goes (Auto Scaling user guide, "Amazon EventBridge event reference").
func (x work) say(what string) {
	arn := ""
	if x.group != nil {
		arn = x.group.ARN
	}
	x.w.Emit(x.r, world.Notice{Source: "aws.autoscaling", DetailType: "EC2 Auto Scaling Instance Refresh " + what, Resources: []string{arn}}, func() any {
		return map[string]string{"InstanceRefreshId": x.ID, "AutoScalingGroupName": x.Group}
	})
}

// view is a refresh as callers see it: an instance counts as replaced once another one works in its place.
func view(g *world.ScalingGroup, f *world.InstanceRefresh, now time.Time) types.InstanceRefresh {
	v := types.InstanceRefresh{
		InstanceRefreshId: aws.String(f.ID), AutoScalingGroupName: aws.String(f.Group), Status: types.InstanceRefreshStatus(f.Status),
		Strategy: types.RefreshStrategyRolling, StartTime: aws.Time(f.Started),
		Preferences: &types.RefreshPreferences{
			MinHealthyPercentage: aws.Int32(int32(f.MinHealthy)), MaxHealthyPercentage: aws.Int32(int32(f.MaxHealthy)),
			InstanceWarmup: aws.Int32(int32(f.Warmup)), SkipMatching: aws.Bool(f.SkipMatching),
			ScaleInProtectedInstances: types.ScaleInProtectedInstances(f.Protected), StandbyInstances: types.StandbyInstances(f.Standby),
		},
	}
	if f.Reason != "" {
		v.StatusReason = aws.String(f.Reason)
	}
	if !f.Ended.IsZero() {
		v.EndTime = aws.Time(f.Ended)
	}
	if !f.Chosen {
		return v
	}
	warming := 0
	for m := range g.Members.Rows() {
		if asg.Stays(m) && !slices.Contains(f.Todo, m.ID) && (m.InService.IsZero() || now.Sub(m.InService) < time.Duration(f.Warmup)*time.Second) {
			warming++
		}
	}
	left := min(len(f.Todo)+warming, f.Total)
	if f.Status == successful {
		left = 0
	}
	v.InstancesToUpdate, v.PercentageComplete = aws.Int32(int32(left)), aws.Int32(100)
	if f.Total > 0 {
		v.PercentageComplete = aws.Int32(int32(100 * (f.Total - left) / f.Total))
	}
	return v
}

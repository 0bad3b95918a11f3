package asg

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// waitFor makes a member wait for every hook of a transition, in parallel, and tells whether there is one.
func (g group) waitFor(m *world.GroupMember, transition string) bool {
	m.Actions = nil
	for h := range g.Hooks.Rows() {
		if h.Transition != transition {
			continue
		}
		a := world.LifecycleAction{Hook: h.Name, Token: g.w.UUID(), Started: g.w.Now()}
		g.extend(m, &a, h)
		m.Actions = append(m.Actions, a)
		g.sayWaits(m, &a, h)
		g.w.Schedule(0, world.Event{Kind: "asg.lifecycle-action", Region: g.r.Name, ID: m.ID, Arg: h.Name})
	}
	if len(m.Actions) > 0 {
		g.progress(m, types.ScalingActivityStatusCodeMidLifecycleAction, 60)
	}
	return len(m.Actions) > 0
}

// extend sets an action's deadline one heartbeat from now, but never past the global timeout.
func (g group) extend(m *world.GroupMember, a *world.LifecycleAction, h *world.LifecycleHook) {
	a.Deadline = g.w.Now().Add(time.Duration(h.Heartbeat) * time.Second)
	if last := a.Started.Add(globalTimeout(h)); a.Deadline.After(last) {
		a.Deadline = last
	}
	g.w.Schedule(a.Deadline.Sub(g.w.Now()), world.Event{Kind: "asg.hook-timeout", Region: g.r.Name, ID: m.ID, Arg: a.Token})
}

// waiting finds an action of the member that has not ended.
func waiting(m *world.GroupMember, is func(*world.LifecycleAction) bool) *world.LifecycleAction {
	for i := range m.Actions {
		if a := &m.Actions[i]; a.Result == "" && is(a) {
			return a
		}
	}
	return nil
}

// timeout ends an action by its hook's default when its deadline has come, and does nothing when it was moved meanwhile.
func timeout(w *world.World, e world.Event) {
	g, m, ok := holder(w, e)
	if !ok {
		return
	}
	a := waiting(m, func(a *world.LifecycleAction) bool { return a.Token == e.Arg })
	if a == nil || w.Now().Before(a.Deadline) {
		return
	}
	result := Abandon
	if h, ok := g.Hooks.Get(a.Hook); ok {
		result = h.DefaultResult
	}
	g.complete(m, a, result)
}

// complete ends an action. The transition goes on when all of its actions have ended, or at once when one is abandoned.
func (g group) complete(m *world.GroupMember, a *world.LifecycleAction, result string) {
	a.Result = result
	abandoned := result == Abandon
	if !abandoned && waiting(m, func(*world.LifecycleAction) bool { return true }) != nil {
		return
	}
	for i := range m.Actions {
		if m.Actions[i].Result == "" {
			m.Actions[i].Result = Abandon
		}
	}
	switch {
	case m.State == string(types.LifecycleStatePendingWait) && abandoned:
		g.giveUp(m)
	case m.State == string(types.LifecycleStatePendingWait):
		m.State = string(types.LifecycleStatePendingProceed)
		g.w.Schedule(g.w.Draw("asg.hook-proceed", m.ID, shortly()), g.event("asg.instance-ready", m.ID))
	case m.State == string(types.LifecycleStateTerminatingWait) && abandoned && g.Settings.RetainOnAbandon == "retain":
		m.State = retained
	case m.State == string(types.LifecycleStateTerminatingWait):
		g.release(m)
	}
}

// shortly is how long Auto Scaling takes for a step that nobody has to work for.
func shortly() world.Span {
	return world.Span{Mean: 1500 * time.Millisecond, Deviation: 300 * time.Millisecond, Floor: 500 * time.Millisecond}
}

// findAction finds the action that a call names, by its token or by its instance.
func findAction(c *world.Call, groupName, hook, instance, token *string) (group, *world.GroupMember, *world.LifecycleAction, error) {
	g, err := find(c, groupName)
	if err != nil {
		return g, nil, nil, err
	}
	name, err := required(hook, "lifecycleHookName")
	if err != nil {
		return g, nil, nil, err
	}
	if token == nil && instance == nil {
		return g, nil, nil, invalid("Either InstanceId or LifecycleActionToken must be specified")
	}
	for m := range g.Members.Rows() {
		if instance != nil && m.ID != *instance {
			continue
		}
		a := waiting(m, func(a *world.LifecycleAction) bool {
			return a.Hook == name && (token == nil || a.Token == *token)
		})
		if a != nil {
			return g, m, a, nil
		}
	}
	if instance != nil {
		return g, nil, nil, invalid("No active Lifecycle Action found with instance ID %s", *instance)
	}
	return g, nil, nil, invalid("No active Lifecycle Action found with token %s", *token)
}

// CompleteLifecycleAction lets an instance that waits for a hook go on.
func CompleteLifecycleAction(c *world.Call, in *autoscaling.CompleteLifecycleActionInput) (*autoscaling.CompleteLifecycleActionOutput, error) {
	result := aws.ToString(in.LifecycleActionResult)
	if in.LifecycleActionResult == nil {
		return nil, missing("lifecycleActionResult")
	}
	if !slices.Contains([]string{Continue, Abandon}, result) {
		return nil, invalid("Invalid lifecycle action result: %s", result)
	}
	g, m, a, err := findAction(c, in.AutoScalingGroupName, in.LifecycleHookName, in.InstanceId, in.LifecycleActionToken)
	if err != nil {
		return nil, err
	}
	g.complete(m, a, result)
	return &autoscaling.CompleteLifecycleActionOutput{}, nil
}

// RecordLifecycleActionHeartbeat lets an instance wait for one more heartbeat of its hook.
func RecordLifecycleActionHeartbeat(c *world.Call, in *autoscaling.RecordLifecycleActionHeartbeatInput) (*autoscaling.RecordLifecycleActionHeartbeatOutput, error) {
	g, m, a, err := findAction(c, in.AutoScalingGroupName, in.LifecycleHookName, in.InstanceId, in.LifecycleActionToken)
	if err != nil {
		return nil, err
	}
	if h, ok := g.Hooks.Get(a.Hook); ok {
		g.extend(m, a, h)
	}
	return &autoscaling.RecordLifecycleActionHeartbeatOutput{}, nil
}

// WaitsFor tells whether an instance waits for a hook.
func WaitsFor(r *world.Region, instance, hook string) bool {
	_, m, ok := MemberOf(r, instance)
	return ok && waiting(m, func(a *world.LifecycleAction) bool { return a.Hook == hook }) != nil
}

// Heartbeat lets an instance that waits for a hook wait for one more heartbeat, as AWS's own services do; it tells
// whether it waited.
func Heartbeat(w *world.World, r *world.Region, instance, hook string) bool {
	row, m, ok := MemberOf(r, instance)
	if !ok {
		return false
	}
	a := waiting(m, func(a *world.LifecycleAction) bool { return a.Hook == hook })
	h, found := row.Hooks.Get(hook)
	if a == nil || !found {
		return false
	}
	group{row, w, r}.extend(m, a, h)
	return true
}

// Complete lets an instance that waits for a hook go on, as AWS's own services do; it tells whether it waited.
func Complete(w *world.World, r *world.Region, instance, hook string) bool {
	row, m, ok := MemberOf(r, instance)
	if !ok {
		return false
	}
	a := waiting(m, func(a *world.LifecycleAction) bool { return a.Hook == hook })
	if a == nil {
		return false
	}
	group{row, w, r}.complete(m, a, Continue)
	return true
}

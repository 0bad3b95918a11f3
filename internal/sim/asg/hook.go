package asg

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The two transitions that hooks can make wait, and how a wait can end.
const (
	Launching   = "autoscaling:EC2_INSTANCE_LAUNCHING"   // Launching hooks wait before an instance is in service.
	Terminating = "autoscaling:EC2_INSTANCE_TERMINATING" // Terminating hooks wait before an instance is terminated.
	Continue    = "CONTINUE"                             // Continue lets the transition go on.
	Abandon     = "ABANDON"                              // Abandon ends it: a launching instance is terminated.
)

// hookSpec is a hook of a group's creation as the call for one hook has it.
func hookSpec(h types.LifecycleHookSpecification) *autoscaling.PutLifecycleHookInput {
	return &autoscaling.PutLifecycleHookInput{
		LifecycleHookName: h.LifecycleHookName, LifecycleTransition: h.LifecycleTransition, DefaultResult: h.DefaultResult,
		HeartbeatTimeout: h.HeartbeatTimeout, NotificationMetadata: h.NotificationMetadata,
		NotificationTargetARN: h.NotificationTargetARN, RoleARN: h.RoleARN,
	}
}

// readHook reads a new hook, or the changes to an old one.
func readHook(old world.LifecycleHook, in *autoscaling.PutLifecycleHookInput) (*world.LifecycleHook, error) {
	name, err := required(in.LifecycleHookName, "lifecycleHookName")
	if err != nil {
		return nil, err
	}
	h := old
	h.Name = name
	h.Transition = cmp.Or(aws.ToString(in.LifecycleTransition), h.Transition)
	h.DefaultResult = cmp.Or(aws.ToString(in.DefaultResult), h.DefaultResult, Abandon)
	h.Heartbeat = cmp.Or(int(aws.ToInt32(in.HeartbeatTimeout)), h.Heartbeat, 3600)
	setText(&h.Metadata, in.NotificationMetadata)
	setText(&h.NotificationTarget, in.NotificationTargetARN)
	setText(&h.Role, in.RoleARN)
	switch {
	case len(name) > 255:
		return nil, invalid("The lifecycle hook name is longer than 255 characters")
	case h.Transition == "":
		return nil, invalid("Lifecycle transition is required for a new lifecycle hook")
	case h.Transition != Launching && h.Transition != Terminating:
		return nil, invalid("Invalid lifecycle transition: %s", h.Transition)
	case h.DefaultResult != Continue && h.DefaultResult != Abandon:
		return nil, invalid("Invalid lifecycle hook default result: %s", h.DefaultResult)
	case h.Heartbeat < 30 || h.Heartbeat > 7200:
		return nil, invalid("Heartbeat timeout must be between 30 and 7200 seconds")
	}
	return &h, nil
}

// PutLifecycleHook makes or changes a hook; instances that already wait keep their deadline.
func PutLifecycleHook(c *world.Call, in *autoscaling.PutLifecycleHookInput) (*autoscaling.PutLifecycleHookOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	var old world.LifecycleHook
	if h, ok := g.Hooks.Get(aws.ToString(in.LifecycleHookName)); ok {
		old = *h
	} else if g.Hooks.Len() >= 50 {
		return nil, wire.Errorf("LimitExceeded", "You have reached the maximum number of lifecycle hooks for the group: 50")
	}
	h, err := readHook(old, in)
	if err != nil {
		return nil, err
	}
	g.Hooks.Put(h.Name, h)
	return &autoscaling.PutLifecycleHookOutput{}, nil
}

// DescribeLifecycleHooks lists a group's hooks.
func DescribeLifecycleHooks(c *world.Call, in *autoscaling.DescribeLifecycleHooksInput) (*autoscaling.DescribeLifecycleHooksOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	out := &autoscaling.DescribeLifecycleHooksOutput{LifecycleHooks: []types.LifecycleHook{}}
	for name, h := range g.Hooks.All() {
		if len(in.LifecycleHookNames) > 0 && !slices.Contains(in.LifecycleHookNames, name) {
			continue
		}
		out.LifecycleHooks = append(out.LifecycleHooks, types.LifecycleHook{
			AutoScalingGroupName: aws.String(g.Name), LifecycleHookName: aws.String(h.Name),
			LifecycleTransition: aws.String(h.Transition), DefaultResult: aws.String(h.DefaultResult),
			HeartbeatTimeout: aws.Int32(int32(h.Heartbeat)), GlobalTimeout: aws.Int32(int32(globalTimeout(h).Seconds())),
			NotificationMetadata: text(h.Metadata), NotificationTargetARN: text(h.NotificationTarget), RoleARN: text(h.Role),
		})
	}
	return out, nil
}

// globalTimeout is how long a hook can hold an instance however often its heartbeat is recorded.
func globalTimeout(h *world.LifecycleHook) time.Duration {
	return min(48*time.Hour, 100*time.Duration(h.Heartbeat)*time.Second)
}

// DeleteLifecycleHook deletes a hook. Instances that wait for it go on: launching ones as abandoned, terminating ones as
// continued (Auto Scaling API reference, DeleteLifecycleHook).
func DeleteLifecycleHook(c *world.Call, in *autoscaling.DeleteLifecycleHookInput) (*autoscaling.DeleteLifecycleHookOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	name, err := required(in.LifecycleHookName, "lifecycleHookName")
	if err != nil {
		return nil, err
	}
	h, ok := g.Hooks.Get(name)
	if !ok {
		return nil, invalid("No Lifecycle Hook found with name: %s", name)
	}
	g.removeHook(h)
	return &autoscaling.DeleteLifecycleHookOutput{}, nil
}

func (g group) removeHook(h *world.LifecycleHook) {
	g.Hooks.Delete(h.Name)
	result := Continue
	if h.Transition == Launching {
		result = Abandon
	}
	for m := range g.Members.Rows() {
		if a := waiting(m, func(a *world.LifecycleAction) bool { return a.Hook == h.Name }); a != nil {
			g.complete(m, a, result)
		}
	}
}

// PutHook puts a hook on a group, as AWS's own services do.
func PutHook(g *world.ScalingGroup, h world.LifecycleHook) { g.Hooks.Put(h.Name, &h) }

// RemoveHook takes a hook off a group, as AWS's own services do; instances that wait for it go on.
func RemoveHook(w *world.World, r *world.Region, row *world.ScalingGroup, name string) {
	if h, ok := row.Hooks.Get(name); ok {
		group{row, w, r}.removeHook(h)
	}
}

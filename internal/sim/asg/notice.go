package asg

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/activity"
	"berth/internal/sim/world"
)

const source = "aws.autoscaling"

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// sayWaits tells those who listen to events that a member waits for a hook (Auto Scaling user guide, "Amazon EventBridge event
// reference").
func (g group) sayWaits(m *world.GroupMember, a *world.LifecycleAction, h *world.LifecycleHook) {
	kind, from, to := "EC2 Instance-launch Lifecycle Action", "EC2", "AutoScalingGroup"
	if h.Transition == Terminating {
		kind, from, to = "EC2 Instance-terminate Lifecycle Action", to, from
	}
	g.w.Emit(g.r, world.Notice{Source: source, DetailType: kind, Resources: []string{g.ARN}}, func() any {
		d := map[string]string{
			"LifecycleActionToken": a.Token, "AutoScalingGroupName": g.Name, "LifecycleHookName": h.Name, "EC2InstanceId": m.ID,
			"LifecycleTransition": h.Transition, "Origin": from, "Destination": to,
		}
		if h.Metadata != "" {
			d["NotificationMetadata"] = h.Metadata
		}
		return d
	})
}

// sayEnded tells them how a launch or a termination ended.
func (g group) sayEnded(a *world.ScalingActivity) {
	verb := ""
	switch {
	case strings.HasPrefix(a.Description, "Launching"):
		verb = "Launch"
	case strings.HasPrefix(a.Description, "Terminating"):
		verb = "Terminate"
	default:
		return
	}
	kind, status := "EC2 Instance "+verb+" Successful", string(types.ScalingActivityStatusCodeInProgress)
	if a.Status != string(types.ScalingActivityStatusCodeSuccessful) {
		kind, status = "EC2 Instance "+verb+" Unsuccessful", string(types.ScalingActivityStatusCodeFailed)
	}
	resources := []string{g.ARN}
	if a.Instance != "" {
		resources = append(resources, "arn:aws:ec2:"+g.r.Name+":"+world.Account+":instance/"+a.Instance)
	}
	g.w.Emit(g.r, world.Notice{Source: source, DetailType: kind, Resources: resources}, func() any {
		return map[string]any{
			"StatusCode": status, "AutoScalingGroupName": g.Name, "ActivityId": a.ID, "RequestId": a.ID, "Description": a.Description,
			"Details": json.RawMessage(activity.Details(a)), "StatusMessage": a.Message, "Cause": a.Cause, "EC2InstanceId": a.Instance,
			"StartTime": stamp(a.Started), "EndTime": stamp(a.Ended),
		}
	})
}

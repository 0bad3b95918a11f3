package ec2

import "berth/internal/sim/world"

const source = "aws.ec2"

// say tells those who listen to events which state an instance has come to (EC2 user guide, "State change events for Amazon EC2
// instances").
func say(w *world.World, r *world.Region, i *world.Instance) {
	notice(w, r, i, "EC2 Instance State-change Notification", map[string]string{"state": i.State})
}

// WarnInterruption tells them that a Spot Instance will be taken back in two minutes; action is "terminate", "stop" or
// "hibernate" (EC2 user guide, "Spot Instance interruption notices").
func WarnInterruption(w *world.World, r *world.Region, i *world.Instance, action string) {
	notice(w, r, i, "EC2 Spot Instance Interruption Warning", map[string]string{"instance-action": action})
}

// Recommend tells them that a Spot Instance is at an elevated risk of interruption (EC2 user guide, "EC2 instance rebalance
// recommendations").
func Recommend(w *world.World, r *world.Region, i *world.Instance) {
	notice(w, r, i, "EC2 Instance Rebalance Recommendation", map[string]string{})
}

// notice says something about an instance; detail is all but its id.
func notice(w *world.World, r *world.Region, i *world.Instance, kind string, detail map[string]string) {
	arn := "arn:aws:ec2:" + r.Name + ":" + world.Account + ":instance/" + i.ID
	w.Emit(r, world.Notice{Source: source, DetailType: kind, Resources: []string{arn}}, func() any {
		detail["instance-id"] = i.ID
		return detail
	})
}

package ec2

import "berth/internal/sim/world"

const source = "aws.ec2"

// say tells those who listen to events which state an instance has come to (EC2 user guide, "State change events for Amazon EC2
// instances").
func say(w *world.World, r *world.Region, i *world.Instance) {
	notice(w, r, "EC2 Instance State-change Notification", arnOf(r, i), map[string]string{"instance-id": i.ID, "state": i.State})
}

// WarnInterruption tells them that a Spot Instance will be taken back in two minutes; action is "terminate", "stop" or
// "hibernate" (EC2 user guide, "Spot Instance interruption notices").
func WarnInterruption(w *world.World, r *world.Region, i *world.Instance, action string) {
	arn := "arn:aws:ec2:" + i.Zone + ":instance/" + i.ID // this one names its instance by the zone
	notice(w, r, "EC2 Spot Instance Interruption Warning", arn, map[string]string{"instance-id": i.ID, "instance-action": action})
}

// Recommend tells them that a Spot Instance is at an elevated risk of interruption (EC2 user guide, "EC2 instance rebalance
// recommendations").
func Recommend(w *world.World, r *world.Region, i *world.Instance) {
	notice(w, r, "EC2 Instance Rebalance Recommendation", arnOf(r, i), map[string]string{"instance-id": i.ID})
}

func arnOf(r *world.Region, i *world.Instance) string {
	return "arn:aws:ec2:" + r.Name + ":" + world.Account + ":instance/" + i.ID
}

func notice(w *world.World, r *world.Region, kind, arn string, detail map[string]string) {
	w.Emit(r, world.Notice{Source: source, DetailType: kind, Resources: []string{arn}}, func() any { return detail })
}

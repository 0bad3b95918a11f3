package outage

import (
	"fmt"
	"strconv"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// spotStrikes tells whether an outage takes a Spot Instance back.
func spotStrikes(o *world.Disruption, i *world.Instance) bool {
	return i.Spot && i.DoomedAt.IsZero() && (o.Instance == "" || o.Instance == i.ID) && (o.Zone == "" || o.Zone == i.Zone) &&
		(o.Type == "" || o.Type == i.Type)
}

// warn says that a Spot Instance will be taken back, on the event bus and to the services above.
func warn(w *world.World, r *world.Region, _ *world.Disruption, i *world.Instance) {
	i.DoomedAt = w.Now().Add(notice)
	run := strconv.Itoa(i.Run)
	w.Schedule(0, world.Event{Kind: ec2.SpotWarned, Region: r.Name, ID: i.ID, Arg: run})
	w.Schedule(notice, world.Event{Kind: spotTaken, Region: r.Name, ID: i.ID, Arg: run})
	type detail struct {
		Instance string `json:"instance-id"`
		Action   string `json:"instance-action,omitempty"`
	}
	id := i.ID
	// The event that warns names its instance by the zone, the recommendation by region and account, as AWS does.
	w.Emit(r, world.Notice{
		DetailType: "EC2 Spot Instance Interruption Warning", Source: "aws.ec2",
		Resources: []string{fmt.Sprintf("arn:aws:ec2:%s:instance/%s", i.Zone, id)},
	}, func() any { return detail{id, "terminate"} })
	w.Emit(r, world.Notice{
		DetailType: "EC2 Instance Rebalance Recommendation", Source: "aws.ec2",
		Resources: []string{fmt.Sprintf("arn:aws:ec2:%s:%s:instance/%s", r.Name, world.Account, id)},
	}, func() any { return detail{Instance: id} })
}

// taken ends a Spot Instance whose two minutes are over.
func taken(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if i, ok := r.EC2.Instances.Get(e.ID); ok && ec2.Current(i, e) {
		ec2.Lose(w, r, i.ID, ec2.SpotTaken, "Spot instance termination")
	}
}

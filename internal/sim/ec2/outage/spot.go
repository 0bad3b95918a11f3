package outage

import (
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
	ec2.WarnInterruption(w, r, i, "terminate")
	ec2.Recommend(w, r, i)
}

// taken ends a Spot Instance whose two minutes are over.
func taken(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if i, ok := r.EC2.Instances.Get(e.ID); ok && ec2.Current(i, e) {
		ec2.Lose(w, r, i.ID, ec2.SpotTaken, "Spot instance termination")
	}
}

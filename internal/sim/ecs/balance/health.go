package balance

import (
	"strconv"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// Trouble is why a load balancer finds a task unhealthy, in the words of service events.
type Trouble struct {
	Subject string // "(instance i-…) (port 32768)"
	Place   string // "(target-group arn:…)"
	Reason  string
}

// Judge tells whether all load balancers of a task find it healthy, and the first that finds it unhealthy. One that has not
// made up its mind does neither.
func Judge(w *world.World, r *world.Region, t *world.Task) (healthy bool, trouble *Trouble) {
	healthy = len(t.Targets) == len(t.Balancers)
	for _, x := range t.Targets {
		fine, reason := judge(w, r, x)
		if reason != "" {
			return false, &Trouble{Subject: subject(t, x), Place: Place(x.Group, x.Classic), Reason: reason}
		}
		healthy = healthy && fine
	}
	return healthy, nil
}

func judge(w *world.World, r *world.Region, x world.TaskTarget) (fine bool, reason string) {
	if x.Classic != "" {
		state, blame, text := elb.InstanceState(w, r, x.Classic, x.ID)
		if state != "InService" && blame == "Instance" {
			return false, text
		}
		return state == "InService", ""
	}
	state, why, text := elb.HealthText(w, r, x.Group, elb.TargetAddress{ID: x.ID, Port: x.Port})
	if state == "unhealthy" || why == "Target.NotInUse" && balanced(r, x) {
		return false, text
	}
	return state == "healthy", ""
}

// balanced tells whether a target's group has a load balancer: what is unused all the same is where that does not reach.
func balanced(r *world.Region, x world.TaskTarget) bool {
	g, ok := r.Balancing.TargetGroups.Get(x.Group)
	return ok && g.LoadBalancer != ""
}

// subject names a target: by its instance, or with an address of its own by its task.
func subject(t *world.Task, x world.TaskTarget) string {
	switch {
	case x.Classic != "":
		return "(instance " + x.ID + ")"
	case t.Interface.ID != "":
		return "(task " + t.ID + ") (port " + strconv.Itoa(int(x.Port)) + ")"
	}
	return "(instance " + x.ID + ") (port " + strconv.Itoa(int(x.Port)) + ")"
}

package balance

import (
	"slices"
	"strconv"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// Place is where a load balancer's targets are, as service events and stopped tasks say it.
func Place(group, classic string) string {
	if classic != "" {
		return "(elb " + classic + ")"
	}
	return "(target-group " + group + ")"
}

// target is what a running task would be in a load balancer's eyes.
func target(r *world.Region, t *world.Task, b world.ServiceBalancer) world.TaskTarget {
	to := world.TaskTarget{Group: b.Group, Classic: b.Classic, ID: t.EC2ID}
	if b.Classic != "" {
		return to
	}
	if g, ok := r.Balancing.TargetGroups.Get(b.Group); ok && g.TargetType == "ip" {
		to.ID, to.Port = t.Interface.Address, int32(b.Port)
		return to
	}
	for _, c := range t.Containers {
		for _, p := range c.Ports {
			if c.Name == b.Container && p.Container == b.Port {
				to.Port = int32(p.Host)
			}
		}
	}
	return to
}

// Enroll registers a task with its load balancers; it gives the places of those that took it, and what the others said.
func Enroll(w *world.World, r *world.Region, t *world.Task) (places []string, err error) {
	for _, b := range t.Balancers {
		to := target(r, t, b)
		if e := register(w, r, to); e != nil {
			err = e
			continue
		}
		t.Targets = append(t.Targets, to)
		places = append(places, Place(b.Group, b.Classic))
	}
	return places, err
}

func register(w *world.World, r *world.Region, t world.TaskTarget) error {
	if t.Classic != "" {
		return elb.RegisterInstances(w, r, t.Classic, t.ID)
	}
	return elb.Register(w, r, t.Group, elb.TargetAddress{ID: t.ID, Port: t.Port})
}

// Leave takes a task away from its load balancers, and gives the places that it had been in until now.
func Leave(w *world.World, r *world.Region, t *world.Task) []string {
	var places []string
	for _, x := range t.Targets {
		if !there(r, x, false) {
			continue
		}
		places = append(places, Place(x.Group, x.Classic))
		if x.Classic != "" {
			elb.DeregisterInstances(w, r, x.Classic, x.ID)
		} else {
			elb.Deregister(w, r, x.Group, elb.TargetAddress{ID: x.ID, Port: x.Port})
		}
	}
	return places
}

// Gone tells whether no load balancer knows a task any more, not even as one that drains.
func Gone(r *world.Region, t *world.Task) bool {
	return !slices.ContainsFunc(t.Targets, func(x world.TaskTarget) bool { return there(r, x, true) })
}

// there tells whether a target is registered, or as good as: it may be draining if the caller says so.
func there(r *world.Region, x world.TaskTarget, drains bool) bool {
	if x.Classic != "" {
		b, ok := r.Balancing.Classics.Get(x.Classic)
		if !ok {
			return false
		}
		i, ok := b.Targets.Get(x.ID)
		return ok && (drains || i.DrainUntil.IsZero())
	}
	g, ok := r.Balancing.TargetGroups.Get(x.Group)
	if !ok {
		return false
	}
	i, ok := g.Targets.Get(x.ID + ":" + strconv.Itoa(int(x.Port)))
	return ok && (drains || i.DrainUntil.IsZero())
}

// Is tells whether a target is the one that an event of load balancing is about; the group is a target group, or a classic
// load balancer's name.
func Is(x world.TaskTarget, group, arg string) bool {
	if x.Classic != "" {
		return x.Classic == group && x.ID == arg
	}
	return x.Group == group && x.ID+":"+strconv.Itoa(int(x.Port)) == arg
}

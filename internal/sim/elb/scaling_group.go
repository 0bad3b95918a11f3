package elb

import (
	"strings"

	"berth/internal/sim/world"
)

// join registers an instance that came into service with everything that its Auto Scaling group feeds.
func join(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	g, ok := r.AutoScaling.Groups.Get(e.Arg)
	if !ok {
		return
	}
	for _, s := range g.Sources {
		if s.State == "Removing" {
			continue
		}
		// A source that is gone, or an instance that is gone already, is Auto Scaling's to find out.
		if isTargetGroup(s.ID) {
			_ = Register(w, r, s.ID, TargetAddress{ID: e.ID})
		} else {
			_ = RegisterInstances(w, r, s.ID, e.ID)
		}
	}
}

// leave takes an instance that goes away out of everything that its group feeds.
func leave(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if g, ok := r.AutoScaling.Groups.Get(e.Arg); ok {
		for _, s := range g.Sources {
			withdraw(w, r, s.ID, e.ID)
		}
	}
}

// detach takes all instances of a group out of one load balancer or target group.
func detach(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if g, ok := r.AutoScaling.Groups.Get(e.ID); ok {
		for id := range g.Members.All() {
			withdraw(w, r, e.Arg, id)
		}
	}
}

func withdraw(w *world.World, r *world.Region, source, instance string) {
	if isTargetGroup(source) {
		Deregister(w, r, source, TargetAddress{ID: instance})
	} else {
		DeregisterInstances(w, r, source, instance)
	}
}

func isTargetGroup(source string) bool { return strings.HasPrefix(source, "arn:") }

// report tells Auto Scaling that a load balancer or target group finds an instance unhealthy.
func report(w *world.World, r *world.Region, source, instance string) {
	for g := range r.AutoScaling.Groups.Rows() {
		if _, member := g.Members.Get(instance); !member {
			continue
		}
		for _, s := range g.Sources {
			if s.ID == source {
				w.Schedule(0, world.Event{Kind: "asg.instance-unhealthy", Region: r.Name, ID: instance, Arg: g.Name})
			}
		}
	}
}

// onInstance follows an instance that starts, stops or ends.
func onInstance(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	stirHost(w, r, e.ID)
	for g := range r.Balancing.TargetGroups.Rows() {
		for t := range g.Targets.Rows() {
			if t.ID == e.ID || hostOf(r, t) == e.ID {
				refresh(w, r, g, t)
			}
		}
	}
	for b := range r.Balancing.Classics.Rows() {
		if t, ok := b.Targets.Get(e.ID); ok {
			refreshClassic(w, r, b, t)
		}
	}
}

// onTerminated takes an instance that is gone for good out of everything.
func onTerminated(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if exists(r, e.ID) {
		return
	}
	stirHost(w, r, e.ID)
	for g := range r.Balancing.TargetGroups.Rows() {
		for key, t := range g.Targets.All() {
			if t.ID == e.ID {
				g.Targets.Delete(key)
				w.Schedule(0, world.Event{Kind: targetChanged, Region: r.Name, ID: g.ARN, Arg: key})
			}
		}
	}
	for b := range r.Balancing.Classics.Rows() {
		if _, ok := b.Targets.Get(e.ID); ok {
			b.Targets.Delete(e.ID)
			w.Schedule(0, world.Event{Kind: instanceChanged, Region: r.Name, ID: b.Name, Arg: e.ID})
		}
	}
}

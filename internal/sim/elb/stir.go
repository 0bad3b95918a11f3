package elb

import (
	"slices"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// The events for what computes the traffic. They happen only for what it watches, each once in an instant.
const (
	RoutesChanged world.Kind = "elb.routes-changed" // ID is a target group, or the name of a classic load balancer
	RuleChanged   world.Kind = "elb.rule-changed"   // ID is a listener rule
)

// stir says that requests to a target group, or to a classic load balancer, may fare otherwise from now on.
func stir(w *world.World, r *world.Region, id string) {
	watched, ok := r.Traffic.Watched.Get(id)
	if !ok || watched.Stirred {
		return
	}
	watched.Stirred = true
	w.Schedule(0, world.Event{Kind: RoutesChanged, Region: r.Name, ID: id})
}

// stirRule says that a listener rule came, went or changed. Where nothing is watched nobody asks.
func stirRule(w *world.World, r *world.Region, rule string) {
	if r.Traffic.Watched.Len() > 0 {
		w.Schedule(0, world.Event{Kind: RuleChanged, Region: r.Name, ID: rule})
	}
}

// stirBehind stirs all target groups of a load balancer, and what is watched of rules that may have none.
func stirBehind(w *world.World, r *world.Region, balancer string) {
	for id := range r.Traffic.Watched.All() {
		if g, ok := r.Balancing.TargetGroups.Get(id); ok && g.LoadBalancer == balancer {
			stir(w, r, id)
		} else if _, ok := r.Balancing.Rules.Get(id); ok {
			stirRule(w, r, id)
		}
	}
}

// stirPort stirs all that leads to a port of a host, whose program may have gone away.
func stirPort(w *world.World, r *world.Region, host string, port int32, gone bool) {
	key := probe.Key(host, port)
	for id, watched := range r.Traffic.Watched.All() {
		leads := false
		if g, ok := r.Balancing.TargetGroups.Get(id); ok {
			_, leads = g.Targets.Get(key)
		} else if b, ok := r.Balancing.Classics.Get(id); ok {
			_, leads = b.Targets.Get(host)
		}
		if !leads {
			continue
		}
		if gone && !slices.Contains(watched.Gone, key) {
			watched.Gone = append(watched.Gone, key)
		}
		stir(w, r, id)
	}
}

// stirHost stirs all that leads to an instance, or to an address of it.
func stirHost(w *world.World, r *world.Region, instance string) {
	for id := range r.Traffic.Watched.All() {
		if g, ok := r.Balancing.TargetGroups.Get(id); ok {
			for t := range g.Targets.Rows() {
				if t.ID == instance || hostOf(r, t) == instance {
					stir(w, r, id)
					break
				}
			}
		} else if b, ok := r.Balancing.Classics.Get(id); ok {
			if _, ok := b.Targets.Get(instance); ok {
				stir(w, r, id)
			}
		}
	}
}

// onDoors brings up to date all that is watched: a security group lets through something else.
func onDoors(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	for id := range r.Traffic.Watched.All() {
		if g, ok := r.Balancing.TargetGroups.Get(id); ok {
			refreshGroup(w, r, g)
		} else if b, ok := r.Balancing.Classics.Get(id); ok {
			refreshAllClassic(w, r, b)
		}
		stir(w, r, id)
	}
}

// hostOf is the instance that has a target's address; empty: none is known.
func hostOf(r *world.Region, t *world.Target) string {
	if i, ok := r.EC2.Interfaces.Get(t.Interface); ok {
		return i.InstanceID
	}
	return ""
}

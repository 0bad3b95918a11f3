package elb

import (
	"strconv"
	"time"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/elb/route"
	"berth/internal/sim/world"
)

// Route is what a listener does with a request: the last action of the first rule that the request meets. A forwarding action
// has the target groups with their weights. Unknown listeners are refused.
func Route(r *world.Region, listener string, q route.Request) (world.RuleAction, error) {
	l, err := listenerBy(r, &listener)
	if err != nil {
		return world.RuleAction{}, err
	}
	rule := route.Choose(byPriority(r, l.ARN), q) // the default one at least
	return rule.Actions[len(rule.Actions)-1], nil
}

// InUse tells whether a load balancer may send requests to a registered target: it works in the target's zone, and the
// target exists. A draining one gets none.
func InUse(r *world.Region, g *world.TargetGroup, t *world.Target) bool {
	return t.DrainUntil.IsZero() && inUse(r, g, t)
}

// InstanceInUse is InUse for an instance behind a classic load balancer.
func InstanceInUse(r *world.Region, b *world.ClassicBalancer, t *world.ClassicTarget) bool {
	_, text := resting(r, b, t)
	return t.DrainUntil.IsZero() && text == ""
}

// Visit is the way from a group's load balancer to a target; false when there is none.
func Visit(r *world.Region, g *world.TargetGroup, t *world.Target) (probe.Visit, bool) {
	lb, ok := r.Balancing.LoadBalancers.Get(g.LoadBalancer)
	if !ok {
		return probe.Visit{Host: t.ID, Interface: t.Interface, Port: t.Port}, false
	}
	v := probe.Visit{Zones: lb.Zones, From: lb.Groups, Host: t.ID, Interface: t.Interface, Port: t.Port}
	if i, ok := r.EC2.Instances.Get(t.ID); ok {
		v.Interface = i.InterfaceID
	}
	return v, true
}

// Zone is the zone of a target; empty, or "all", for one outside the VPC that has none.
func Zone(r *world.Region, t *world.Target) string {
	if i, ok := r.EC2.Instances.Get(t.ID); ok {
		return i.Zone
	}
	if i, ok := r.EC2.Interfaces.Get(t.Interface); ok {
		return i.Zone
	}
	return t.Zone
}

// GroupSetting is an attribute of a target group, set or not; empty where it has no such attribute.
func GroupSetting(g *world.TargetGroup, key string) string {
	return get(groupAttributes(g), g.Attributes, key)
}

// CrossesZones tells whether every node of a load balancer sends requests to all targets of a group, or each only to those in
// its own zone.
func CrossesZones(g *world.TargetGroup, lb *world.LoadBalancer) bool {
	if own := GroupSetting(g, crossZone); own == "true" || own == "false" {
		return own == "true"
	}
	return get(balancerAttributes(lb), lb.Attributes, crossZone) == "true"
}

// SlowFor is how long a target's slow start lasts in a group; 0: it has none.
func SlowFor(g *world.TargetGroup) time.Duration {
	n, _ := strconv.Atoi(GroupSetting(g, slowStart)) // the table allows numbers only
	return time.Duration(n) * time.Second
}

// slowFrom is when the slow start of a target begins that turned healthy, or unhealthy, now: only where a target that was
// registered before it is healthy and not in slow start itself (Application Load Balancers user guide, "Slow start mode").
func slowFrom(w *world.World, g *world.TargetGroup, t *world.Target) time.Time {
	lasts := SlowFor(g)
	if lasts == 0 || t.Probe.State != world.ProbeHealthy {
		return time.Time{}
	}
	for other := range g.Targets.Rows() {
		if other.Probe.State == world.ProbeHealthy && other.DrainUntil.IsZero() && other.Registered.Before(t.Registered) &&
			!other.SlowFrom.Add(lasts).After(w.Now()) {
			return w.Now()
		}
	}
	return time.Time{}
}

// turned stirs what leads to a target whose health is not what it was.
func turned(w *world.World, r *world.Region, id string, p *world.Probe, was string) {
	if p.State != was {
		stir(w, r, id)
	}
}

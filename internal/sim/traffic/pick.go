package traffic

import (
	"net/http"
	"strconv"
	"time"

	"berth/internal/sim/elb"
	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// paths are the ways of the requests that meet a listener rule: to its target groups by their weights, or to nobody, where the
// load balancer answers by itself.
func paths(w *world.World, r *world.Region, lb *world.LoadBalancer, a world.RuleAction) []world.Path {
	if a.Type != "forward" {
		return []world.Path{byItself("")}
	}
	var out []world.Path
	for _, to := range a.Groups {
		if g, ok := r.Balancing.TargetGroups.Get(to.ARN); ok && to.Weight > 0 {
			out = append(out, world.Path{Share: world.Share{Key: g.ARN, Weight: int64(to.Weight)}, Nodes: nodes(w, r, lb, g)})
		}
	}
	if len(out) == 0 { // no group has a weight
		return []world.Path{byItself(NoTarget)}
	}
	return out
}

// byItself is a way that ends at the load balancer.
func byItself(outcome string) world.Path {
	return world.Path{
		Share: world.Share{Weight: 1},
		Nodes: []world.TrafficNode{{Share: world.Share{Weight: 1}, Lanes: []world.Lane{{Share: world.Share{Weight: steps}, Outcome: outcome}}}},
	}
}

// nodes are the zones through which requests come to a group: one for all where load balancing crosses zones. Else DNS gives the
// nodes of all zones the same, but for those in which targets are registered and too few of them are healthy; if no zone has
// enough, of all. A zone without any target stays in DNS (Application Load Balancers user guide, "Cross-zone load balancing for
// target groups" and "Target group health").
func nodes(w *world.World, r *world.Region, lb *world.LoadBalancer, g *world.TargetGroup) []world.TrafficNode {
	if elb.CrossesZones(g, lb) {
		return []world.TrafficNode{node(w, r, g, census(r, g, ""), "")}
	}
	var all, sound []world.TrafficNode
	anySound := false
	for _, z := range lb.Zones {
		c := census(r, g, z.Zone)
		n := node(w, r, g, c, z.Zone)
		all = append(all, n)
		enough := c.healthy > 0 && !c.below(g, "dns_failover")
		anySound = anySound || enough
		if enough || len(c.targets) == 0 {
			sound = append(sound, n)
		}
	}
	if anySound {
		return sound
	}
	return all
}

// group is the targets of a group that a node may send requests to.
type group struct {
	targets []*world.Target
	healthy int
}

// census finds the targets of a group in a zone, or in all.
func census(r *world.Region, g *world.TargetGroup, zone string) group {
	var c group
	for t := range g.Targets.Rows() {
		if at := elb.Zone(r, t); !elb.InUse(r, g, t) || zone != "" && at != zone && at != "all" {
			continue
		}
		c.targets = append(c.targets, t)
		if t.Probe.State == world.ProbeHealthy {
			c.healthy++
		}
	}
	return c
}

// below tells whether fewer targets are healthy than a group's setting for something wants.
func (c group) below(g *world.TargetGroup, what string) bool {
	want := func(unit string) int {
		n, _ := strconv.Atoi(elb.GroupSetting(g, "target_group_health."+what+".minimum_healthy_targets."+unit)) // "off" is 0
		return n
	}
	return c.healthy < want("count") || c.healthy*100 < want("percentage")*len(c.targets)
}

// node deals out what comes to one node: to the healthy targets, or to all if too few are healthy (fail open).
func node(w *world.World, r *world.Region, g *world.TargetGroup, c group, zone string) world.TrafficNode {
	out := world.TrafficNode{Share: world.Share{Key: zone, Weight: 1}}
	open := c.below(g, "unhealthy_state_routing")
	for _, t := range c.targets {
		if open || t.Probe.State == world.ProbeHealthy {
			out.Lanes = append(out.Lanes, laneTo(w, r, g, t))
		}
	}
	return orNobody(out)
}

func orNobody(n world.TrafficNode) world.TrafficNode {
	if len(n.Lanes) == 0 {
		n.Lanes = []world.Lane{{Share: world.Share{Weight: steps}, Outcome: NoTarget}}
	}
	return n
}

func laneTo(w *world.World, r *world.Region, g *world.TargetGroup, t *world.Target) world.Lane {
	l := world.Lane{Share: world.Share{Key: probe.Key(t.ID, t.Port)}}
	v, _ := elb.Visit(r, g, t)
	l.Outcome, l.Took = fate(r, v)
	if lasts := elb.SlowFor(g); !t.SlowFrom.IsZero() && w.Now().Before(t.SlowFrom.Add(lasts)) {
		l.SlowFrom, l.SlowFor = t.SlowFrom, lasts
	}
	l.Weight = weightAt(&l, w.Now())
	return l
}

// fate is what becomes of a request that is sent to a target.
func fate(r *world.Region, v probe.Visit) (outcome string, took time.Duration) {
	a, ok := v.Program(r)
	switch {
	case !ok || a.Ending || !v.Admitted(r):
		return Refused, 0
	case a.Silent || a.Status >= http.StatusInternalServerError:
		return Errors, 0
	case a.Took == 0:
		return "", world.UsualTook
	}
	return "", a.Took
}

// classicPaths are the ways of the requests that come to a port of a classic load balancer. Its nodes send requests to healthy
// instances only, and refuse them when there are none (Classic Load Balancers user guide, "HTTP 503").
func classicPaths(r *world.Region, b *world.ClassicBalancer, port int32) []world.Path {
	zones := []string{""}
	if !b.CrossZone {
		zones = nil
		for _, z := range b.Zones {
			zones = append(zones, z.Zone)
		}
	}
	out := world.Path{Share: world.Share{Key: b.Name, Weight: 1}}
	for _, zone := range zones {
		n := world.TrafficNode{Share: world.Share{Key: zone, Weight: 1}}
		for t := range b.Targets.Rows() {
			i, ok := r.EC2.Instances.Get(t.ID)
			if !ok || !elb.InstanceInUse(r, b, t) || t.Probe.State != world.ProbeHealthy || zone != "" && i.Zone != zone {
				continue
			}
			l := world.Lane{Share: world.Share{Key: probe.Key(t.ID, port), Weight: steps}}
			l.Outcome, l.Took = fate(r, classicVisit(r, b, t.ID, port))
			n.Lanes = append(n.Lanes, l)
		}
		out.Nodes = append(out.Nodes, orNobody(n))
	}
	return []world.Path{out}
}

func classicVisit(r *world.Region, b *world.ClassicBalancer, instance string, port int32) probe.Visit {
	v := probe.Visit{Zones: b.Zones, From: b.Groups, Host: instance, Port: port}
	if i, ok := r.EC2.Instances.Get(instance); ok {
		v.Interface = i.InterfaceID
	}
	return v
}

package asg

import (
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/world"
)

// delayAttribute is the target group attribute that says how long a target drains; 300 seconds unless it is set.
const delayAttribute = "deregistration_delay.timeout_seconds"

// drainTime is how long a member's connections are drained before its hooks come: the longest of the delays of the
// load balancers that it is registered with.
func (g group) drainTime(m *world.GroupMember) time.Duration {
	seconds := 0
	for _, s := range g.Sources {
		if s.Type == classic {
			seconds = max(seconds, g.classicDelay(s.ID, m.ID))
		} else {
			seconds = max(seconds, g.targetDelay(s.ID, m.ID))
		}
	}
	return time.Duration(seconds) * time.Second
}

func (g group) classicDelay(name, instance string) int {
	b, ok := g.r.Balancing.Classics.Get(name)
	if !ok || !b.Draining {
		return 0
	}
	if _, ok := b.Targets.Get(instance); !ok {
		return 0
	}
	return int(b.DrainSeconds)
}

func (g group) targetDelay(arn, instance string) int {
	t, ok := g.r.Balancing.TargetGroups.Get(arn)
	if !ok || len(probes(t, instance)) == 0 {
		return 0
	}
	if n, err := strconv.Atoi(t.Attributes[delayAttribute]); err == nil {
		return n
	}
	return 300
}

// probes are what the health checks of a target group found about an instance, on any of its ports.
func probes(t *world.TargetGroup, instance string) []world.Probe {
	var out []world.Probe
	for target := range t.Targets.Rows() {
		if target.ID == instance {
			out = append(out, target.Probe)
		}
	}
	return out
}

// recovered tells whether load balancers know a member and none of them finds it unhealthy any more.
func (g group) recovered(m *world.GroupMember) bool {
	all := g.findings(m)
	return len(all) > 0 && !slices.ContainsFunc(all, refuses)
}

func refuses(p world.Probe) bool { return p.State == world.ProbeUnhealthy }

// findings are what the load balancers of the group have found about a member.
func (g group) findings(m *world.GroupMember) []world.Probe {
	var all []world.Probe
	for _, s := range g.Sources {
		if b, ok := g.r.Balancing.Classics.Get(s.ID); ok {
			if t, ok := b.Targets.Get(m.ID); ok {
				all = append(all, t.Probe)
			}
		}
		if t, ok := g.r.Balancing.TargetGroups.Get(s.ID); ok {
			all = append(all, probes(t, m.ID)...)
		}
	}
	return all
}

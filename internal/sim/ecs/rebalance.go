package ecs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/world"
)

// zoned counts a service's tasks in a zone.
type zoned struct {
	zone  string
	tasks int
}

// rebalance moves a service that has what it is to have closer to an even spread over zones: it starts one task in the zone with
// the fewest, and when that is healthy the one too many is stopped in the zone with the most. Zones count that have an active
// instance (ECS developer guide, "Balancing an Amazon ECS service across Availability Zones").
func (k cluster) rebalance(s *world.Service, c census) {
	s.Uneven = false
	zones := k.zonesOf(c.current)
	if !s.Rebalances || len(zones) < 2 {
		return
	}
	least, most := zones[0], zones[len(zones)-1]
	if most.tasks-least.tasks < 2 {
		if s.Moving {
			s.Moving = false
			k.tell(s, "is AZ balanced with %s.", inZones(zones))
		}
		return
	}
	s.Uneven = true
	t := k.draft(s)
	i := k.inZone(t, least.zone)
	if _, ceiling := bounds(s); i == nil || c.counted >= ceiling {
		return // it takes room for one more, on an instance that is there
	}
	if !s.Moving {
		s.Moving = true
		k.tell(s, "is not AZ balanced with %s. AZ Rebalancing in progress.", inZones(zones))
	}
	k.admit(t, i)
	k.tell(s, "has started 1 tasks in %s to AZ Rebalance: (task %s).", least.zone, t.ID)
	s.Steady = false
}

// inZone finds an instance in a zone for a task; nil when none takes it.
func (k cluster) inZone(t *world.Task, zone string) *world.ContainerInstance {
	need := k.needOf(t)
	if len(need.Zones) > 0 && !slices.Contains(need.Zones, zone) {
		return nil
	}
	need.Zones = []string{zone}
	return placement.NewSearch(k.site(), need, k.peers(t)).Choose()
}

// zoneOpened lets services look that may spread further, when an instance is the only active one of its zone.
func (k cluster) zoneOpened(i *world.ContainerInstance) {
	for other := range k.Instances.Rows() {
		if other.Zone == i.Zone && other.ID != i.ID && other.Status == active {
			return
		}
	}
	for s := range k.Services.Rows() {
		if s.Rebalances {
			k.wakeService(s)
		}
	}
}

// readRebalancing reads whether a service moves tasks to other zones. Those that can do so do unless they are told not to (ECS
// API reference, CreateService).
func readRebalancing(s *world.Service, in types.AvailabilityZoneRebalancing, fresh bool) error {
	why := unmovable(s)
	switch in {
	case "":
		if fresh {
			s.Rebalances = why == ""
		}
		s.Rebalances = s.Rebalances && why == ""
	case types.AvailabilityZoneRebalancingEnabled:
		if why != "" {
			return invalid("Availability Zone rebalancing does not support %s.", why)
		}
		s.Rebalances = true
	case types.AvailabilityZoneRebalancingDisabled:
		s.Rebalances = false
	default:
		return invalid("Invalid availabilityZoneRebalancing value %s. Valid values are: ENABLED, DISABLED.", in)
	}
	return nil
}

// unmovable tells what keeps a service from moving tasks to other zones; empty: nothing.
func unmovable(s *world.Service) string {
	switch {
	case s.Daemon:
		return "the DAEMON scheduling strategy"
	case s.Max <= 100:
		return "a maximumPercent of 100"
	case len(s.Placement) > 0 && (s.Placement[0].Type != placement.Spread || s.Placement[0].Field != placement.FieldZone):
		return "a first placement strategy other than a spread over Availability Zones"
	case slices.ContainsFunc(s.Balancers, func(b world.ServiceBalancer) bool { return b.Classic != "" }):
		return "Classic Load Balancers"
	case slices.ContainsFunc(s.Constraints, func(c world.PlacementConstraint) bool { return strings.Contains(c.Expression, "ecs.availability-zone") }):
		return "placement constraints on Availability Zones"
	}
	return ""
}

// zonesOf counts tasks by the zones of the cluster's active instances, the emptiest zone first.
func (k cluster) zonesOf(tasks []*world.Task) []zoned {
	var out []zoned
	for i := range k.Instances.Rows() {
		if i.Status == active && i.AgentConnected && !slices.ContainsFunc(out, func(z zoned) bool { return z.zone == i.Zone }) {
			out = append(out, zoned{zone: i.Zone})
		}
	}
	for _, t := range tasks {
		if n := slices.IndexFunc(out, func(z zoned) bool { return z.zone == t.Zone }); n >= 0 {
			out[n].tasks++
		}
	}
	slices.SortFunc(out, func(a, b zoned) int { return cmp.Or(cmp.Compare(a.tasks, b.tasks), cmp.Compare(a.zone, b.zone)) })
	return out
}

// inZones is how an event counts tasks by zones.
func inZones(zones []zoned) string {
	var words []string
	for _, z := range zones {
		words = append(words, fmt.Sprintf("%d tasks in %s", z.tasks, z.zone))
	}
	slices.Sort(words)
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// surplus are the tasks of a service that it has too many of. While it moves, the new one must be healthy first.
func (k cluster) surplus(s *world.Service, c census, n int) []*world.Task {
	free := k.free(c.current)
	if s.Moving && c.fit < len(c.current) {
		return nil
	}
	return placement.Surplus(k.site(), free, min(n, len(free)), strategyOf(s), rank)
}

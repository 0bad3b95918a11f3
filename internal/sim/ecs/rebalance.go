package ecs

import (
	"slices"

	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/rebalance"
	"berth/internal/sim/world"
)

// rebalance moves a service that has what it is to have closer to an even spread over zones: it starts one task in the zone with
// the fewest, and when that is healthy the one too many is stopped in the zone with the most. Zones count that have an active
// instance (ECS developer guide, "Balancing an Amazon ECS service across Availability Zones").
func (k cluster) rebalance(s *world.Service, c census) {
	s.Uneven = false
	zones := rebalance.Count(k.Cluster, c.current)
	if !s.Rebalances || len(zones) < 2 {
		return
	}
	least, most := zones[0], zones[len(zones)-1]
	if most.Tasks-least.Tasks < 2 {
		if s.Moving {
			s.Moving = false
			k.tell(s, "is AZ balanced with %s.", rebalance.Text(zones))
		}
		return
	}
	s.Uneven = true
	t := k.draft(s)
	i := k.inZone(t, least.Name)
	if _, ceiling := bounds(s); i == nil || c.counted >= ceiling {
		return // it takes room for one more, on an instance that is there
	}
	if !s.Moving {
		s.Moving = true
		k.tell(s, "is not AZ balanced with %s. AZ Rebalancing in progress.", rebalance.Text(zones))
	}
	k.admit(t, i)
	k.tell(s, "has started 1 tasks in %s to AZ Rebalance: (task %s).", least.Name, t.ID)
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

// surplus are the tasks of a service that it has too many of. While it moves, the new one must be healthy first.
func (k cluster) surplus(s *world.Service, c census, n int) []*world.Task {
	free := k.free(c.current)
	if s.Moving && c.fit < len(c.current) {
		return nil
	}
	return placement.Surplus(k.site(), free, min(n, len(free)), strategyOf(s), rank)
}

package ecs

import (
	"fmt"

	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/placement"
	"berth/internal/sim/ecs/rebalance"
	"berth/internal/sim/world"
)

// rebalance moves a service that has what it is to have closer to an even spread over zones: it starts one task in the zone with
// the fewest that has room, and when that is healthy one goes from the zone with the most. It takes none that is protected (ECS
// developer guide, "Balancing an Amazon ECS service across Availability Zones"). How many go at a time, and how soon, is not written.
func (k cluster) rebalance(s *world.Service, c census) {
	s.Uneven = false
	if !s.Rebalances {
		k.settle(s)
		return
	}
	zones := rebalance.Count(k.Cluster, c.current, eni.Zones(k.r, s.Network))
	if rebalance.Even(zones) {
		if s.Moving {
			k.tell(s, rebalance.Ends, rebalance.Text(zones))
		}
		s.Moving, s.Stuck = false, ""
		return
	}
	s.Uneven = true
	t := k.draft(s)
	i := k.inZones(t, rebalance.Poor(zones))
	_, ceiling := bounds(s)
	switch {
	case len(rebalance.Rich(zones, k.free(c.current))) == 0:
		k.stay(s, zones, fmt.Sprintf(rebalance.Protected, s.Deployments[0].ID))
	case i == nil:
		k.stay(s, zones, fmt.Sprintf(rebalance.NoRoom, zones[0].Name))
	case c.counted < ceiling:
		if !s.Moving {
			k.tell(s, rebalance.Begins, rebalance.Text(zones))
		}
		k.admit(t, i)
		k.tell(s, rebalance.Starts, t.Zone, t.ID)
		s.Moving, s.Steady, s.Stuck = true, false, ""
	}
}

// stay says once what keeps a service from moving tasks.
func (k cluster) stay(s *world.Service, zones []rebalance.Zone, why string) {
	if s.Stuck != why {
		if !s.Moving {
			k.tell(s, rebalance.Begins, rebalance.Text(zones))
		}
		k.tell(s, "%s", why)
		k.tell(s, rebalance.GivesUp)
	}
	s.Moving, s.Stuck = false, why
}

// settle ends the move of a service that something else has come upon: it is deployed, or is not to move tasks any more.
func (k cluster) settle(s *world.Service) {
	if s.Moving {
		s.Moving = false
		k.tell(s, rebalance.GivesUp)
	}
}

// inZones finds an instance for a task in the first of some zones that has one; nil when none takes it.
func (k cluster) inZones(t *world.Task, zones []rebalance.Zone) *world.ContainerInstance {
	need := k.needOf(t)
	for _, z := range zones {
		need.Zones = []string{z.Name}
		if i := placement.NewSearch(k.site(), need, k.peers(t)).Choose(); i != nil {
			return i
		}
	}
	return nil
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

// shrink stops tasks of a service that it has too many of. While it moves, the new one must be healthy first.
func (k cluster) shrink(s *world.Service, c census, n int) {
	free := k.free(c.current)
	if !s.Moving {
		k.quit(s, placement.Surplus(k.site(), free, min(n, len(free)), strategyOf(s), rank))
		return
	}
	if c.fit < len(c.current) {
		return
	}
	zones := rebalance.Count(k.Cluster, c.current, eni.Zones(k.r, s.Network))
	rich := rebalance.Rich(zones, free)
	if n > 1 || len(rich) == 0 { // it is to have fewer, or others are protected meanwhile
		k.settle(s)
		k.shrink(s, c, n)
		return
	}
	for _, t := range placement.Surplus(k.site(), rich, 1, strategyOf(s), rank) {
		k.stop(t, byScheduler, fmt.Sprintf(rebalance.Reason, t.Deployment))
		k.tell(s, rebalance.Stops, t.Zone, t.ID)
	}
}

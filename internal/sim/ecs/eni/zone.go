package eni

import "berth/internal/sim/world"

// Zones are the Availability Zones in which the interfaces of tasks may be; none for tasks that have none.
func Zones(r *world.Region, n *world.TaskNetwork) []string {
	if n == nil {
		return nil
	}
	var out []string
	for _, id := range n.Subnets {
		if s, ok := r.EC2.Subnets.Get(id); ok {
			out = append(out, s.Zone)
		}
	}
	return out
}

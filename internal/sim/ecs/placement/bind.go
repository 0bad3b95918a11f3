package placement

import (
	"slices"

	"berth/internal/sim/world"
)

// firstDynamic and lastDynamic bound the ports that the agent picks: the kernel's ephemeral ports on ECS's images.
const (
	firstDynamic = 32768
	lastDynamic  = 60999
)

// Bind gives the ports of a container as they are once it runs: those that the definition leaves open are the lowest that
// are free. They are added to those that are bound.
func Bind(i *world.ContainerInstance, bound map[world.PortBinding]bool, ports []world.PortBinding) []world.PortBinding {
	out := slices.Clone(ports)
	for n := range out {
		for host := firstDynamic; out[n].Host == 0 && host <= lastDynamic; host++ {
			p := world.PortBinding{Host: host, Protocol: out[n].Protocol}
			if !bound[p] && !slices.Contains(PortRow(i, p).Set, portText(p)) {
				out[n].Host, bound[p] = host, true
			}
		}
	}
	return out
}

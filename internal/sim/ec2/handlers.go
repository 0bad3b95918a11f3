package ec2

import (
	"maps"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

// Handlers is what happens when one of EC2's events falls due.
func Handlers() world.Handlers {
	all := network.Handlers()
	maps.Copy(all, computeHandlers())
	return all
}

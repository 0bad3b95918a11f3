package ec2

import "berth/internal/sim/world"

// computeHandlers is what happens in the life of instances. The kinds that only the services above act upon have an
// entry too, so that a world without those services runs.
func computeHandlers() world.Handlers {
	pass := func(*world.World, world.Event) {}
	return world.Handlers{
		InstanceRunning:      {becomeRunning},
		InstanceBooted:       {becomeBooted},
		InstanceChecked:      {becomeChecked},
		InstanceShuttingDown: {pass},
		InstanceTerminated:   {becomeTerminated},
		InstanceForgotten:    {forget},
		InstanceStopping:     {pass},
		InstanceStopped:      {becomeStopped},
		InstanceImpaired:     {pass},
		InstanceUnreachable:  {pass},
		InstanceReachable:    {pass},
		InstanceRestarted:    {pass},
		AgentGone:            {pass},
		AgentBack:            {pass},
		SpotWarned:           {pass},
		CapacityRestored:     {pass},
	}
}

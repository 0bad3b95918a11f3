package elb

import (
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// The events of load balancing itself. The last two are a contract with the services above (see the package comment).
const (
	balancerActive   world.Kind = "elb.balancer-active"   // ID is the load balancer
	interfaceDeleted world.Kind = "elb.interface-deleted" // ID is the interface
	targetChanged    world.Kind = "elb.target-changed"    // ID is the target group, Arg the target
	instanceChanged  world.Kind = "elb.instance-changed"  // ID is a classic load balancer, Arg the instance
)

// Handlers is what happens when an event falls due: load balancing's own, those of instances, and those of Auto Scaling
// groups that feed load balancers.
func Handlers() world.Handlers {
	return world.Handlers{
		balancerActive:            {onBalancerActive},
		interfaceDeleted:          {onInterfaceDeleted},
		targetChanged:             {onTargetChanged},
		instanceChanged:           {onInstanceChanged},
		ec2.InstanceRunning:       {onInstance},
		ec2.InstanceShuttingDown:  {onInstance},
		ec2.InstanceStopping:      {onInstance},
		ec2.InstanceStopped:       {onInstance},
		ec2.InstanceTerminated:    {onTerminated},
		ec2.InstanceUnreachable:   {onInstance},
		ec2.InstanceReachable:     {onInstance},
		ec2.InstanceRestarted:     {onInstance},
		"asg.instance-in-service": {join},
		"asg.instance-leaving":    {leave},
		"asg.source-detached":     {detach},

		"ec2.security-group-changed": {onDoors},
	}
}

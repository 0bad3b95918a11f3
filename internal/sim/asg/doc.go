// Package asg is the simulated EC2 Auto Scaling: groups, their instances, lifecycle hooks and activities.
//
// In go calls of Auto Scaling's API with the SDK's own types, calls of ECS, and events: EC2's about instances, and the
// group's own. Out come answers, changed rows in world.AutoScaling, instances that EC2 launches and terminates, and later
// events. A group looks at itself only when something happened to it; at rest it schedules nothing.
//
// Services above hear of a group's instances through events. Region is the region, ID the instance, Arg the group's name
// unless it says otherwise:
//
//	asg.instance-in-service  the instance takes traffic from now on; also sent again when a traffic source is attached
//	asg.instance-leaving     the instance is to be taken out of the group's traffic sources
//	asg.source-attached      ID is the group, Arg the source: its instances are announced as in service next
//	asg.source-detached      ID is the group, Arg the source: it no longer gets the group's instances
//	asg.lifecycle-action     the instance begins to wait for the hook that Arg names
//	asg.group-changed        ID is the group: one with a capacity provider's policy has another instance in service, or one less
//	asg.scale-in-blocked     ID is the group: it cannot shrink, all instances left are protected
//
// and they may schedule asg.instance-unhealthy, which tells the group that a load balancer finds the instance unhealthy.
//
// It hears of EC2's faults: an instance whose status checks fail (ec2.instance-impaired) is replaced unless it recovers within
// minutes, one at risk (ec2.spot-warned) where a group rebalances its capacity, and groups look again when a zone has machines
// (ec2.capacity-restored).
//
// Below it, configuration holds the launch configurations, catalogue what Auto Scaling says about itself, activity what callers see of
// activities, and listing what all operations share. Above it, refresh replaces a group's instances one batch after the other.
//
// It must never call a load balancer or ECS, read a clock, or answer differently for the same world and the same call.
package asg

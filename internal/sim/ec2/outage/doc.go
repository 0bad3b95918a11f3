// Package outage is what goes wrong in the simulated EC2 beside single calls: zones without power, network or room,
// Spot Instances taken back, machines that fail, images that never come up.
//
// In go outages, planned ahead or at once, and events that fall due. Out come changed rows in world.Compute, notices on the
// event bus, and events for the services above (see the constants in package ec2). An outage is data in the world: saved,
// printed and forked with it. Its beginning and its end are events, "ec2.outage-begins" and "ec2.outage-ends", with the
// outage as ID; "ec2.spot-taken" ends a Spot Instance (ID) that was warned.
//
// What others hear of, by the kind of outage:
//
//	power       ec2.instance-unreachable, ec2.instance-impaired (both status checks) of each running instance in the zone,
//	            and no room in it; at the end ec2.capacity-restored and ec2.instance-restarted, or the instances terminate
//	network     ec2.instance-unreachable and ec2.instance-impaired of each running instance in the zone, and of those
//	            launched meanwhile; at the end ec2.instance-reachable
//	capacity    no event at the beginning; at the end ec2.capacity-restored
//	spot        ec2.spot-warned and the notice "EC2 Spot Instance Interruption Warning"; two minutes later termination
//	impaired    ec2.instance-unreachable and ec2.instance-impaired (the instance's check alone); at the end ec2.instance-reachable
//	terminated  the usual events of an instance that terminates
//	agent       ec2.agent-gone; at the end ec2.agent-back
//	dead-image  instances launched meanwhile never boot: ec2.instance-impaired, and no ec2.instance-booted
//	silent-image  instances launched meanwhile boot, and their ECS agents never register
//
// It must never decide what others make of it, and never end an outage that somebody has ended already.
package outage

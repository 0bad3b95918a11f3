// Package elb is the simulated Elastic Load Balancing, both generations: application and network load balancers with
// their listeners, rules and target groups (API 2015-12-01), and classic ones (API 2012-06-01).
//
// In go calls of the two APIs with the SDK's own types, calls of the services above (which register targets and say
// what listens where: Register, Deregister, Open, Close), and events that fall due. Out come answers, changed rows in
// world.Balancing, network interfaces in EC2, and later events. Health checks are never played one by one: what they
// have found by now follows from how the target answers, and an event falls due only when a target's health turns.
// Two kinds of events are meant for the services above: "elb.target-changed" (ID: target group, Arg: "id:port") when a
// target turned healthy or unhealthy or is gone, and "elb.instance-changed" (ID: name of a classic load balancer, Arg:
// instance).
//
// Health checks of an instance time out while nothing reaches it (ec2.instance-unreachable, ec2.instance-reachable).
//
// It must never call a service above it (Auto Scaling, ECS), move a request, read a clock, or answer differently for
// the same world and the same call.
package elb

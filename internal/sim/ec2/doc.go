// Package ec2 is the simulated EC2: instances and what they are launched from, tags, and the door to the network, which
// is a package of its own below.
//
// In go calls of EC2's API with the SDK's own types, launches and terminations by the services above, and events that
// fall due. Out come answers, changed rows in world.Compute, and later events.
//
// Services above hear of instances through the events of an instance's life (InstanceRunning and the others) and of its
// faults (InstanceImpaired and the others); the faults themselves are made by the package outage below.
//
// It must never call a service above it (Auto Scaling, load balancing, ECS), read a clock, or answer differently for
// the same world and the same call.
package ec2

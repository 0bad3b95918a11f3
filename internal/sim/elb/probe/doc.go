// Package probe is what load balancers find out about their targets without asking them one by one.
//
// In go the rhythm of a target's health checks, how they end at present, and the moment; out come the state that the
// checks so far have led to and the moment in which it will turn. How a check ends follows from what listens on the port
// and from the security groups on the way.
//
// It must never schedule an event or change anything but the world.Probe it is given.
package probe

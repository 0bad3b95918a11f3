package elb

import (
	"strconv"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// Open says that a program listens on a port from now on, and how it answers health checks. The host is an instance id,
// or the address of an interface of its own.
func Open(w *world.World, r *world.Region, host string, port int32, a world.Answer) {
	r.Balancing.Answers.Put(probe.Key(host, port), &a)
	stirPort(w, r, host, port, false)
	refreshPort(w, r, host, port)
}

// Close says that nothing listens on a port any more.
func Close(w *world.World, r *world.Region, host string, port int32) {
	r.Balancing.Answers.Delete(probe.Key(host, port))
	stirPort(w, r, host, port, true)
	refreshPort(w, r, host, port)
}

// refreshPort brings everything up to date that checks a port of a host.
func refreshPort(w *world.World, r *world.Region, host string, port int32) {
	for g := range r.Balancing.TargetGroups.Rows() {
		if g.Check.Port == "traffic-port" {
			if t, ok := g.Targets.Get(probe.Key(host, port)); ok {
				refresh(w, r, g, t)
			}
			continue
		}
		for t := range g.Targets.Rows() {
			if t.ID == host {
				refresh(w, r, g, t)
			}
		}
	}
	for b := range r.Balancing.Classics.Rows() {
		if t, ok := b.Targets.Get(host); ok {
			refreshClassic(w, r, b, t)
		}
	}
}

// resultOf tells how the health checks of a target end at present.
func resultOf(r *world.Region, g *world.TargetGroup, t *world.Target) string {
	v, ok := Visit(r, g, t)
	switch {
	case !ok:
		return probe.Failed
	case v.Down(r):
		return probe.TimedOut
	}
	v.Port, v.HTTP, v.Codes = checkPort(g, t), speaksHTTP(g.Check.Protocol), g.Check.Codes
	if g.ProtocolVersion == "GRPC" {
		v.Codes = "200" // what a gRPC server answers on its health method is success
	}
	return v.Result(r)
}

// checkPort is the port that health checks of a target go to.
func checkPort(g *world.TargetGroup, t *world.Target) int32 {
	if n, err := strconv.ParseInt(g.Check.Port, 10, 32); err == nil {
		return int32(n)
	}
	return t.Port
}

// interfaceWith finds the interface that has an address in a VPC; empty: none has.
func interfaceWith(r *world.Region, vpc, address string) string {
	for i := range r.EC2.Interfaces.Rows() {
		if i.VPCID == vpc && i.PrivateIP == address {
			return i.ID
		}
	}
	return ""
}

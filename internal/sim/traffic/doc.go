// Package traffic computes what becomes of the requests that clients send through the simulated load balancers: how many were
// served, how many failed, why and when.
//
// In go state changes, as events of load balancing and of services, and rates that somebody offers. Out come exact figures.
// Nothing is played request by request, and nothing ticks. Requests come evenly: the k-th of a flow is due k/rate seconds
// after it began. A flow is what meets one listener rule, or one listener of a classic load balancer; it is dealt out to target
// groups by their weights, to zones evenly, and to targets round robin. As long as nothing changes that is a spell, and how
// many requests went where by when is a matter of divisions, not of counting. With every change a new spell begins; what the
// old one had left of a request, and what it owed to whom, goes over to it.
//
// A request that comes while no target takes one has failed as "no_target"; sent to where nothing listens, as "refused";
// answered with 5xx or never, as "error". One that a program works on when it goes away, or when the deregistration delay is
// over, has failed as "cut", at that moment. All others are served when the program is done with them. A request that comes
// in the very instant of a change still meets what was before it.
//
// Without a rate of its own a flow has Usual requests a second from the moment on in which the first deployment of a service
// behind it has completed, and none without such a service. Stickiness does not count, as every client sends one request,
// nor does how long clients remember what DNS said.
//
// It must never change anything but world.Traffic, and its figures must not depend on when somebody asked for them.
package traffic

// Package network is the simulated VPC: networks, subnets, routes, gateways, addresses, security groups, interfaces and
// endpoints.
//
// In go calls of EC2's API with the SDK's own types, interfaces that instances and services above put into subnets, and
// events that fall due. Out come answers, changed rows in world.Network, and later events. A new region is empty but for
// what AWS publishes (zones, prefix lists, endpoint services): it has no default VPC, every network is made on purpose.
//
// It must never start or stop an instance, call a service above EC2, or read a clock.
package network

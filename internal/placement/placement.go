// Package placement says on which container instances a task can be, on which ECS would put it, and what an instance lacks
// that cannot have it.
//
// In: a demand and the instances as they were seen. Out: what each lacks, or where each task lands and why. It guesses nothing
// about what it was not told, and starts nothing: ECS does that, and may choose another among equals.
package placement

import "berth/internal/live"

// Demand is what one task wants of an instance (ECS developer guide, "How Amazon ECS places tasks on container instances").
type Demand struct {
	Name        string       // of the service or family
	Room        live.Room    // TCP and UDP are the host ports that it wants
	Requires    []string     // attributes that an instance must have: the task definition's requiresAttributes
	Constraints []Constraint // of the service and of the definition
	Strategy    []Strategy   // the first counts most; none: ECS's own, over the zones
	Providers   []string     // capacity providers that it may run on; none: any instance
	Daemon      bool         // one on each instance that suits
}

// Constraint is a placement constraint.
type Constraint struct {
	Type       string // "distinctInstance", "memberOf"
	Expression string // of memberOf, in the cluster query language
}

// Strategy is a placement strategy.
type Strategy struct {
	Type  string // "binpack", "random", "spread"
	Field string // "cpu", "memory", "instanceId", "host", "attribute:NAME"
}

// Lack is one thing that keeps a task off an instance.
type Lack struct {
	What string // "cpu", "memory", "gpu", "port", "eni", "attribute", "constraint", "agent", "draining", "provider", "distinct", "not joined"
	Have int    // of cpu, memory, gpu and eni: what is free; of port: unused
	Want int    // of cpu, memory, gpu and eni: what is wanted; of port: the port
	Name string // the attribute, the expression, the provider, or the task in the way
	Ever bool   // also with the instance empty: no waiting helps
}

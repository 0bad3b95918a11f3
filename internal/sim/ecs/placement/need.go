package placement

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/sim/ecs/query"
	"berth/internal/sim/world"
)

// The types of constraints and strategies, and the fields that strategies go by (ECS API reference, PlacementConstraint
// and PlacementStrategy).
const (
	DistinctInstance = "distinctInstance" // DistinctInstance wants instances without a peer.
	MemberOf         = "memberOf"         // MemberOf wants instances that match an expression.
	Binpack          = "binpack"          // Binpack prefers instances with little left.
	Random           = "random"           // Random prefers none.
	Spread           = "spread"           // Spread prefers instances with few peers.

	FieldCPU       = "cpu"                             // FieldCPU is for Binpack.
	FieldMemory    = "memory"                          // FieldMemory is for Binpack.
	FieldInstance  = "instanceId"                      // FieldInstance is for Spread.
	FieldAttribute = "attribute:"                      // FieldAttribute is for Spread, with a name behind it.
	FieldZone      = "attribute:ecs.availability-zone" // FieldZone is the attribute of the zone.
)

// Default is the strategy of services that have none: in the zone with the fewest peers the instance with the fewest (ECS
// API reference, UpdateService).
func Default() []world.PlacementStrategy {
	return []world.PlacementStrategy{{Type: Spread, Field: FieldZone}, {Type: Spread, Field: FieldInstance}}
}

// Need is what a task asks of an instance.
type Need struct {
	CPU, Memory int                  // units, MiB
	Ports       []world.PortBinding  // of the host, that must be free
	Interfaces  int                  // network interfaces for tasks
	Zones       []string             // of the task's subnets; none: any
	Requires    []world.ECSAttribute // that the instance must have
	Provider    string               // capacity provider that the instance must be of; empty: any
	Rules       Rules
	Strategy    []world.PlacementStrategy
}

// Rules is placement constraints that have been read.
type Rules struct {
	distinct bool
	members  []*query.Expression
}

// Read reads placement constraints. An error is about an expression or a type that is none.
func Read(lists ...[]world.PlacementConstraint) (Rules, error) {
	var r Rules
	for _, c := range slices.Concat(lists...) {
		switch c.Type {
		case DistinctInstance:
			r.distinct = true
		case MemberOf:
			e, err := query.Parse(c.Expression)
			if err != nil {
				return Rules{}, err
			}
			r.members = append(r.members, e)
		default:
			return Rules{}, fmt.Errorf("unknown type %q", c.Type)
		}
	}
	return r, nil
}

// Admits tells whether an instance matches all expressions.
func (r Rules) Admits(i *world.ContainerInstance) bool {
	for _, e := range r.members {
		if !e.Matches(i) {
			return false
		}
	}
	return true
}

// Dynamic tells whether an expression looks at the tasks on an instance, so that its answer changes when they do.
func (r Rules) Dynamic() bool { return slices.ContainsFunc(r.members, (*query.Expression).Dynamic) }

// MentionsTasks tells whether constraints may look at the tasks on an instance, without reading them.
func MentionsTasks(lists ...[]world.PlacementConstraint) bool {
	for _, list := range lists {
		for _, c := range list {
			if strings.Contains(c.Expression, "task:group") || strings.Contains(c.Expression, "runningTasksCount") {
				return true
			}
		}
	}
	return false
}

// Suits tells whether an instance has the attributes that a task requires.
func Suits(i *world.ContainerInstance, requires []world.ECSAttribute) bool {
	for _, want := range requires {
		if !slices.ContainsFunc(i.Attributes, func(a world.ECSAttribute) bool { return satisfies(a, want) }) {
			return false
		}
	}
	return true
}

func satisfies(a, want world.ECSAttribute) bool {
	return a.Name == want.Name && (!want.HasValue || a.Value == want.Value)
}

package asg

import (
	"berth/internal/sim/asg/listing"
	"berth/internal/sim/world"
)

// The refusals that all operations share; see the package listing.
func invalid(format string, a ...any) error { return listing.Invalid(format, a...) }

func missing(member string) error { return listing.Missing(member) }

func outside(value, member, allowed string) error { return listing.Outside(value, member, allowed) }

func required(value *string, member string) (string, error) { return listing.Required(value, member) }

// find gives the group that a call names.
func find(c *world.Call, name *string) (group, error) {
	n, err := required(name, "autoScalingGroupName")
	if err != nil {
		return group{}, err
	}
	row, ok := Find(c.Region, n)
	if !ok {
		return group{}, invalid("AutoScalingGroup name not found - AutoScalingGroup %s not found", n)
	}
	return group{row, c.World, c.Region}, nil
}

// change is find for a call that changes the group: one that is being deleted refuses.
func change(c *world.Call, name *string) (group, error) {
	g, err := find(c, name)
	if err == nil && g.Status != "" {
		return group{}, invalid("The AutoScaling group may not be modified while it is pending delete")
	}
	return g, err
}

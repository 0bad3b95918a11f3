package asg

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// invalid is the refusal of anything that a caller got wrong.
func invalid(format string, a ...any) error { return wire.Errorf("ValidationError", format, a...) }

// missing is the refusal of a call that lacks a member, named as in the API but in lower case.
func missing(member string) error {
	return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
}

// outside is the refusal of a value that is none of those allowed.
func outside(value, member, allowed string) error {
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
		"Member must satisfy enum value set: [%s]", value, member, allowed)
}

// required gives a member's text, or the refusal of a call that lacks it.
func required(value *string, member string) (string, error) {
	if value == nil || *value == "" {
		return "", missing(member)
	}
	return *value, nil
}

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

package ecs

import (
	"berth/internal/sim/ecs/find"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// invalid is the refusal of a parameter.
func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

// client is the refusal of what cannot be done as things are.
func client(format string, a ...any) error { return wire.Errorf("ClientException", format, a...) }

// unsupported is the refusal of what ECS has and the simulated ECS has not.
func unsupported(what string) error {
	return wire.Errorf("UnsupportedFeatureException", "%s is not available in this Region.", what)
}

// missing is the refusal of a call that lacks a parameter.
func missing(name string) error { return invalid("%s can not be blank.", name) }

func nameOf(nameOrARN string) string { return find.Name(nameOrARN) }

func findCluster(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	return find.Cluster(c, nameOrARN)
}

func activeCluster(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	return find.Active(c, nameOrARN)
}

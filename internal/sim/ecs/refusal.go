package ecs

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

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

// nameOf takes the last part of an ARN, or what is no ARN as it is.
func nameOf(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN
	}
	return nameOrARN[strings.LastIndex(nameOrARN, "/")+1:]
}

// findCluster gives the cluster that a call names by name or ARN, or the one called default; a deleted one is not found.
func findCluster(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	name := nameOf(aws.ToString(nameOrARN))
	if name == "" {
		name = defaultCluster
	}
	row, ok := c.Region.ECS.Clusters.Get(name)
	if !ok || row.Status == inactive {
		return nil, wire.Errorf("ClusterNotFoundException", "Cluster not found.")
	}
	return row, nil
}

// activeCluster is findCluster for a call that changes the cluster: it must not be on its way in or out.
func activeCluster(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	row, err := findCluster(c, nameOrARN)
	if err == nil && row.Status != active {
		return nil, client("Cluster was not ACTIVE.")
	}
	return row, err
}

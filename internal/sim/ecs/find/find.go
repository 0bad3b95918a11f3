package find

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// defaultCluster is meant where a call names none.
const defaultCluster = "default"

// Name takes the last part of an ARN, or what is no ARN as it is.
func Name(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN
	}
	return nameOrARN[strings.LastIndex(nameOrARN, "/")+1:]
}

// Cluster gives the cluster that a call names by name or ARN, or the one called default; a deleted one is not found
// (ClusterNotFoundException).
func Cluster(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	name := Name(aws.ToString(nameOrARN))
	if name == "" {
		name = defaultCluster
	}
	row, ok := c.Region.ECS.Clusters.Get(name)
	if !ok || row.Status == "INACTIVE" {
		return nil, wire.Errorf("ClusterNotFoundException", "Cluster not found.")
	}
	return row, nil
}

// Active is Cluster for a call that changes the cluster: it must not be on its way in or out (ClientException).
func Active(c *world.Call, nameOrARN *string) (*world.Cluster, error) {
	row, err := Cluster(c, nameOrARN)
	if err == nil && row.Status != "ACTIVE" {
		return nil, wire.Errorf("ClientException", "Cluster was not ACTIVE.")
	}
	return row, err
}

// Instance finds a container instance of a cluster by id or ARN.
func Instance(row *world.Cluster, idOrARN string) (*world.ContainerInstance, bool) {
	i, ok := row.Instances.Get(Name(idOrARN))
	if !ok || strings.HasPrefix(idOrARN, "arn:") && i.ARN != idOrARN {
		return nil, false
	}
	return i, true
}

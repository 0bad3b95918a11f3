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

// ServiceIn finds a service of a cluster by name or ARN, whatever its state.
func ServiceIn(row *world.Cluster, nameOrARN string) (*world.Service, bool) {
	s, ok := row.Services.Get(Name(nameOrARN))
	if !ok || strings.HasPrefix(nameOrARN, "arn:") && s.ARN != nameOrARN {
		return nil, false
	}
	return s, true
}

// Service finds the cluster and the service that a call names, whatever the service's state (ServiceNotFoundException).
func Service(c *world.Call, clusterName, name *string) (*world.Cluster, *world.Service, error) {
	row, err := Cluster(c, clusterName)
	if err != nil {
		return nil, nil, err
	}
	if aws.ToString(name) == "" {
		return row, nil, wire.Errorf("InvalidParameterException", "Service can not be blank.")
	}
	s, ok := ServiceIn(row, *name)
	if !ok {
		return row, nil, wire.Errorf("ServiceNotFoundException", "Service not found.")
	}
	return row, s, nil
}

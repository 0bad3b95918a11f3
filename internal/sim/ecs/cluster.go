package ecs

import (
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// defaultCluster is the cluster of calls and agents that name none.
const defaultCluster = "default"

// The states of clusters, capacity providers and container instances.
const (
	active         = "ACTIVE"
	inactive       = "INACTIVE"
	draining       = "DRAINING"
	provisioning   = "PROVISIONING"
	deprovisioning = "DEPROVISIONING"
)

var identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// CreateCluster makes a cluster, or gives the one of that name when the call asks for nothing else. A deleted name may be
// used again.
func CreateCluster(c *world.Call, in *ecs.CreateClusterInput) (*ecs.CreateClusterOutput, error) {
	name := aws.ToString(in.ClusterName)
	if name == "" {
		name = defaultCluster
	}
	if !identifier.MatchString(name) {
		return nil, invalid("Identifier is invalid. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.")
	}
	next, err := newCluster(c, name, in)
	if err != nil {
		return nil, err
	}
	if old, ok := c.Region.ECS.Clusters.Get(name); ok && old.Status != inactive {
		if !consistent(old, next, in) {
			return nil, invalid("Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
		}
		return &ecs.CreateClusterOutput{Cluster: viewCluster(old, everything())}, nil
	}
	if live(c.Region) >= c.Region.Quota("L-21C621EB") {
		return nil, wire.Errorf("LimitExceededException", "The maximum number of clusters has been reached.")
	}
	c.Region.ECS.Clusters.Delete(name)
	c.Region.ECS.Clusters.Put(name, next)
	c.Used("ecs.amazonaws.com")
	if len(next.Providers) > 0 {
		next.Status = provisioning
		attach(c.World, c.Region, next)
	}
	return &ecs.CreateClusterOutput{Cluster: viewCluster(next, everything())}, nil
}

func newCluster(c *world.Call, name string, in *ecs.CreateClusterInput) (*world.Cluster, error) {
	next := makeCluster(c.Region, name)
	if err := setSettings(next, in.Settings); err != nil {
		return nil, err
	}
	if err := setConfiguration(next, in.Configuration); err != nil {
		return nil, err
	}
	if in.ServiceConnectDefaults != nil {
		next.Namespace = aws.ToString(in.ServiceConnectDefaults.Namespace)
	}
	var err error
	if next.Tags, err = listing.ReadTags(in.Tags); err != nil {
		return nil, err
	}
	if next.Providers, err = capacity.ReadProviders(c.Region, in.CapacityProviders); err != nil {
		return nil, err
	}
	next.Strategy, err = capacity.ReadStrategy(c.Region, next.Providers, in.DefaultCapacityProviderStrategy)
	return next, err
}

// makeCluster is a cluster about which nobody said anything.
func makeCluster(r *world.Region, name string) *world.Cluster {
	return &world.Cluster{
		Name: name, ARN: "arn:aws:ecs:" + r.Name + ":" + world.Account + ":cluster/" + name, Status: active,
		Insights: setting.Effective(r, string(types.SettingNameContainerInsights), setting.Root),
	}
}

// consistent tells whether a call for an existing cluster asks for nothing that the cluster does not have.
func consistent(old, next *world.Cluster, in *ecs.CreateClusterInput) bool {
	return (in.Settings == nil || old.Insights == next.Insights) &&
		(in.CapacityProviders == nil || slices.Equal(old.Providers, next.Providers)) &&
		(in.DefaultCapacityProviderStrategy == nil || slices.Equal(old.Strategy, next.Strategy))
}

func live(r *world.Region) int {
	n := 0
	for c := range r.ECS.Clusters.Rows() {
		if c.Status != inactive {
			n++
		}
	}
	return n
}

// ListClusters lists the ARNs of the clusters that are not deleted.
func ListClusters(c *world.Call, in *ecs.ListClustersInput) (*ecs.ListClustersOutput, error) {
	arns := []string{}
	for row := range c.Region.ECS.Clusters.Rows() {
		if row.Status != inactive {
			arns = append(arns, row.ARN)
		}
	}
	arns, next, err := listing.Page(arns, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListClustersOutput{ClusterArns: arns, NextToken: next}, nil
}

// UpdateCluster changes settings, configuration and the default namespace.
func UpdateCluster(c *world.Call, in *ecs.UpdateClusterInput) (*ecs.UpdateClusterOutput, error) {
	if in.Cluster == nil {
		return nil, missing("Cluster")
	}
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if err := setSettings(row, in.Settings); err != nil {
		return nil, err
	}
	if err := setConfiguration(row, in.Configuration); err != nil {
		return nil, err
	}
	if in.ServiceConnectDefaults != nil {
		row.Namespace = aws.ToString(in.ServiceConnectDefaults.Namespace)
	}
	return &ecs.UpdateClusterOutput{Cluster: viewCluster(row, everything())}, nil
}

// UpdateClusterSettings changes a cluster's settings.
func UpdateClusterSettings(c *world.Call, in *ecs.UpdateClusterSettingsInput) (*ecs.UpdateClusterSettingsOutput, error) {
	if in.Cluster == nil {
		return nil, missing("Cluster")
	}
	if len(in.Settings) == 0 {
		return nil, missing("Settings")
	}
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if err := setSettings(row, in.Settings); err != nil {
		return nil, err
	}
	return &ecs.UpdateClusterSettingsOutput{Cluster: viewCluster(row, everything())}, nil
}

// DeleteCluster deletes a cluster that has nothing in it. Capacity providers of Auto Scaling groups do not hold it; what
// they put onto their groups for it is taken off, except the lifecycle hook of managed draining.
func DeleteCluster(c *world.Call, in *ecs.DeleteClusterInput) (*ecs.DeleteClusterOutput, error) {
	if in.Cluster == nil {
		return nil, missing("Cluster")
	}
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch {
	case row.AttachmentsStatus == updating:
		return nil, busy()
	case registered(row) > 0:
		return nil, wire.Errorf("ClusterContainsContainerInstancesException", "The Cluster cannot be deleted while Container Instances are active or draining.")
	case servicesIn(row, active)+servicesIn(row, draining) > 0:
		return nil, wire.Errorf("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.")
	case row.RunningTasks+row.PendingTasks > 0:
		return nil, wire.Errorf("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")
	}
	row.Status = inactive
	if len(row.Attachments) > 0 {
		row.Status = deprovisioning
	}
	row.Providers, row.Strategy = nil, nil
	if row.Status == deprovisioning {
		attach(c.World, c.Region, row)
	}
	return &ecs.DeleteClusterOutput{Cluster: viewCluster(row, everything())}, nil
}

// registered counts the container instances that are in a cluster.
func registered(row *world.Cluster) int {
	n := 0
	for i := range row.Instances.Rows() {
		if i.Status != inactive {
			n++
		}
	}
	return n
}

// soon is how long ECS takes for what it does by itself.
func soon(mean time.Duration) world.Span {
	return world.Span{Mean: mean, Deviation: mean / 4, Floor: mean / 2}
}

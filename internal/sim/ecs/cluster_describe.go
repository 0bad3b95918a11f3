package ecs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/world"
)

// everything are the parts that answers to changes carry.
func everything() []types.ClusterField {
	return []types.ClusterField{types.ClusterFieldSettings, types.ClusterFieldTags, types.ClusterFieldAttachments, types.ClusterFieldConfigurations}
}

// DescribeClusters describes clusters, deleted ones too, in the order in which they are asked for.
func DescribeClusters(c *world.Call, in *ecs.DescribeClustersInput) (*ecs.DescribeClustersOutput, error) {
	names := in.Clusters
	if len(names) == 0 {
		names = []string{defaultCluster}
	}
	if len(names) > 100 {
		return nil, invalid("Clusters cannot be more than 100.")
	}
	for _, f := range in.Include {
		if !slices.Contains(f.Values(), f) {
			return nil, invalid("%s is not a valid value for include.", f)
		}
	}
	out := &ecs.DescribeClustersOutput{Clusters: []types.Cluster{}, Failures: []types.Failure{}}
	for _, n := range names {
		row, ok := c.Region.ECS.Clusters.Get(nameOf(n))
		if !ok || strings.HasPrefix(n, "arn:") && row.ARN != n {
			out.Failures = append(out.Failures, failure(c.ARN("ecs", "cluster/"+nameOf(n)), "MISSING"))
			continue
		}
		out.Clusters = append(out.Clusters, *viewCluster(row, in.Include))
	}
	return out, nil
}

func failure(arn, reason string) types.Failure {
	return types.Failure{Arn: aws.String(arn), Reason: aws.String(reason)}
}

func viewCluster(row *world.Cluster, include []types.ClusterField) *types.Cluster {
	v := &types.Cluster{
		ClusterName: aws.String(row.Name), ClusterArn: aws.String(row.ARN), Status: aws.String(row.Status),
		RegisteredContainerInstancesCount: int32(registered(row)), ActiveServicesCount: int32(servicesIn(row, active)),
		RunningTasksCount: int32(row.RunningTasks), PendingTasksCount: int32(row.PendingTasks),
		CapacityProviders: append([]string{}, row.Providers...), DefaultCapacityProviderStrategy: capacity.View(row.Strategy),
		Statistics: []types.KeyValuePair{}, Tags: []types.Tag{}, Settings: []types.ClusterSetting{},
	}
	if row.Namespace != "" {
		v.ServiceConnectDefaults = &types.ClusterServiceConnectDefaults{Namespace: aws.String(row.Namespace)}
	}
	for _, f := range include {
		switch f {
		case types.ClusterFieldSettings:
			v.Settings = []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String(row.Insights)}}
		case types.ClusterFieldTags:
			v.Tags = listing.ViewTags(row.Tags)
		case types.ClusterFieldAttachments:
			v.Attachments, v.AttachmentsStatus = viewAttachments(row), text(row.AttachmentsStatus)
		case types.ClusterFieldConfigurations:
			v.Configuration = viewConfiguration(row)
		case types.ClusterFieldStatistics:
			v.Statistics = statistics(row)
		}
	}
	return v
}

// statistics are a cluster's counts by launch type. There is no Fargate here.
func statistics(row *world.Cluster) []types.KeyValuePair {
	out := []types.KeyValuePair{}
	for _, s := range []struct {
		name  string
		count int
	}{
		{"runningEC2TasksCount", row.RunningTasks},
		{"runningFargateTasksCount", 0},
		{"pendingEC2TasksCount", row.PendingTasks},
		{"pendingFargateTasksCount", 0},
		{"activeEC2ServiceCount", servicesIn(row, active)},
		{"activeFargateServiceCount", 0},
		{"drainingEC2ServiceCount", servicesIn(row, draining)},
		{"drainingFargateServiceCount", 0},
	} {
		out = append(out, types.KeyValuePair{Name: aws.String(s.name), Value: aws.String(strconv.Itoa(s.count))})
	}
	return out
}

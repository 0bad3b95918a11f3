package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/world"
)

// DescribeCapacityProviders describes the providers asked for, or all that are not deleted, the two of Fargate too.
func DescribeCapacityProviders(c *world.Call, in *ecs.DescribeCapacityProvidersInput) (*ecs.DescribeCapacityProvidersOutput, error) {
	out := &ecs.DescribeCapacityProvidersOutput{CapacityProviders: []types.CapacityProvider{}, Failures: []types.Failure{}}
	tags := slices.Contains(in.Include, types.CapacityProviderFieldTags)
	var within *world.Cluster
	if in.Cluster != nil {
		row, err := findCluster(c, in.Cluster)
		if err != nil {
			return nil, err
		}
		within = row
	}
	var rows []types.CapacityProvider
	for _, name := range providerNames(c.Region, in.CapacityProviders) {
		v, ok := describeProvider(c, name, tags)
		if !ok {
			out.Failures = append(out.Failures, failure(c.ARN("ecs", "capacity-provider/"+name), "MISSING"))
		} else if within == nil || slices.Contains(within.Providers, name) {
			rows = append(rows, v)
		}
	}
	rows, next, err := listing.Page(rows, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	out.CapacityProviders, out.NextToken = append(out.CapacityProviders, rows...), next
	return out, nil
}

// providerNames are the providers asked for, or all.
func providerNames(r *world.Region, asked []string) []string {
	var out []string
	for _, n := range asked {
		out = append(out, nameOf(n))
	}
	if len(asked) > 0 {
		return out
	}
	out = []string{"FARGATE", "FARGATE_SPOT"}
	for name, p := range r.ECS.Providers.All() {
		if p.Status != inactive {
			out = append(out, name)
		}
	}
	return out
}

func describeProvider(c *world.Call, name string, tags bool) (types.CapacityProvider, bool) {
	if capacity.Fargate(name) {
		return types.CapacityProvider{
			Name: aws.String(name), CapacityProviderArn: aws.String(c.ARN("ecs", "capacity-provider/"+name)),
			Status: types.CapacityProviderStatusActive, Type: types.CapacityProviderType(name), Tags: []types.Tag{},
		}, true
	}
	p, ok := c.Region.ECS.Providers.Get(name)
	if !ok {
		return types.CapacityProvider{}, false
	}
	return *viewProvider(p, tags), true
}

func viewProvider(p *world.CapacityProvider, tags bool) *types.CapacityProvider {
	v := &types.CapacityProvider{
		Name: aws.String(p.Name), CapacityProviderArn: aws.String(p.ARN), Status: types.CapacityProviderStatus(p.Status),
		UpdateStatus: types.CapacityProviderUpdateStatus(p.UpdateStatus), UpdateStatusReason: text(p.Reason),
		Type: types.CapacityProviderTypeEc2Autoscaling, Tags: []types.Tag{},
		AutoScalingGroupProvider: &types.AutoScalingGroupProvider{
			AutoScalingGroupArn: aws.String(p.GroupARN), ManagedDraining: types.ManagedDraining(flag(p.Draining)),
			ManagedTerminationProtection: types.ManagedTerminationProtection(flag(p.Protection)),
			ManagedScaling: &types.ManagedScaling{
				Status: types.ManagedScalingStatus(flag(p.Scaling)), TargetCapacity: aws.Int32(int32(p.Target)),
				MinimumScalingStepSize: aws.Int32(int32(p.MinStep)), MaximumScalingStepSize: aws.Int32(int32(p.MaxStep)),
				InstanceWarmupPeriod: aws.Int32(int32(p.Warmup)),
			},
		},
	}
	if tags {
		v.Tags = listing.ViewTags(p.Tags)
	}
	return v
}

func flag(on bool) string {
	if on {
		return "ENABLED"
	}
	return "DISABLED"
}

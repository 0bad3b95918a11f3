package rolling

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service/seen"
	"berth/internal/roll"
)

// groupsEach is how many groups AWS describes at once (Auto Scaling API reference, DescribeAutoScalingGroups).
const groupsEach = 100

// group is a group with its members.
type group struct {
	roll.Group

	members  []types.Instance
	provider *ecstypes.CapacityProvider
}

// readGroups reads the groups with their members, always; their hooks and capacity providers with everything.
func (r *Reader) readGroups(ctx context.Context) error {
	before := r.seen.groups
	var providers map[string]*ecstypes.CapacityProvider
	if r.want.Full {
		var err error
		if providers, err = r.readProviders(ctx); err != nil {
			return err
		}
	}
	found := map[string]group{}
	for some := range slices.Chunk(r.Groups, groupsEach) {
		in := &autoscaling.DescribeAutoScalingGroupsInput{MaxRecords: aws.Int32(groupsEach)}
		for _, g := range some {
			in.AutoScalingGroupNames = append(in.AutoScalingGroupNames, g.Name)
		}
		for more := true; more; {
			out, err := one(ctx, r, cloud.ScalingReads, r.Cloud.Groups.DescribeAutoScalingGroups, in)
			if err != nil {
				return err
			}
			for _, g := range out.AutoScalingGroups {
				name := aws.ToString(g.AutoScalingGroupName)
				old := before[name]
				next := r.groupOf(g, cmp.Or(providers[name], old.provider))
				next.Hooks, next.Refresh = old.Hooks, old.Refresh
				found[name] = next
			}
			more = fetch.More(out.NextToken, &in.NextToken)
		}
	}
	r.seen.groups = found
	if err := r.readHooks(ctx, before); err != nil {
		return err
	}
	return r.readRefreshes(ctx, before)
}

// groupOf is a group as it was described.
func (r *Reader) groupOf(g types.AutoScalingGroup, provider *ecstypes.CapacityProvider) group {
	out := group{Group: roll.Group{Group: seen.Group(g, provider), ProtectNew: aws.ToBool(g.NewInstancesProtectedFromScaleIn)}, members: g.Instances, provider: provider}
	if i := slices.IndexFunc(r.Groups, func(m model.Group) bool { return m.Name == out.Name }); i >= 0 {
		out.Key = r.Groups[i].Group
	}
	for _, t := range g.Tags {
		switch aws.ToString(t.Key) {
		case roll.TagRoll:
			out.Tag = aws.ToString(t.Value)
		case roll.TagFloor:
			out.Floor = aws.ToString(t.Value)
		case roll.TagSurge:
			out.Surge = aws.ToString(t.Value)
		}
	}
	for _, p := range g.SuspendedProcesses {
		out.Suspended = append(out.Suspended, aws.ToString(p.ProcessName))
	}
	slices.Sort(out.Suspended)
	return out
}

// readHooks reads the hooks of groups, with everything or where a group is new.
func (r *Reader) readHooks(ctx context.Context, before map[string]group) error {
	var names []string
	for name := range r.seen.groups { // unordered: sorted below
		if _, known := before[name]; r.want.Full || !known {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		out, err := one(ctx, r, cloud.ScalingReads, r.Cloud.Groups.DescribeLifecycleHooks, &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: &name})
		if cloud.Missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		g := r.seen.groups[name]
		g.Hooks = nil
		for _, h := range out.LifecycleHooks {
			g.Hooks = append(g.Hooks, roll.Hook{
				Name: aws.ToString(h.LifecycleHookName), Transition: aws.ToString(h.LifecycleTransition), Default: aws.ToString(h.DefaultResult),
				Heartbeat: time.Duration(aws.ToInt32(h.HeartbeatTimeout)) * time.Second,
			})
		}
		slices.SortFunc(g.Hooks, func(a, b roll.Hook) int { return cmp.Compare(a.Name, b.Name) })
		r.seen.groups[name] = g
	}
	return nil
}

// readProviders reads the cluster's capacity providers, by the names of their groups.
func (r *Reader) readProviders(ctx context.Context) (map[string]*ecstypes.CapacityProvider, error) {
	clusters, err := one(ctx, r, cloud.ClusterReads, r.Cloud.ECS.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{r.Scope.ClusterName()}})
	if err != nil {
		return nil, err
	}
	in := &ecs.DescribeCapacityProvidersInput{}
	for _, c := range clusters.Clusters {
		in.CapacityProviders = append(in.CapacityProviders, c.CapacityProviders...)
	}
	found := map[string]*ecstypes.CapacityProvider{}
	for more := len(in.CapacityProviders) > 0; more; {
		out, err := one(ctx, r, cloud.ClusterReads, r.Cloud.ECS.DescribeCapacityProviders, in)
		if err != nil {
			return nil, err
		}
		for _, p := range out.CapacityProviders {
			if p.AutoScalingGroupProvider != nil {
				found[last(aws.ToString(p.AutoScalingGroupProvider.AutoScalingGroupArn))] = &p
			}
		}
		more = fetch.More(out.NextToken, &in.NextToken)
	}
	return found, nil
}

// last is the last part of an ARN.
func last(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

package apply

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func groupEntry() entry { return typed(createGroup, updateGroup, deleteGroup) }

// createGroup makes the group empty; its capacity comes when its instances can reach what they need.
func createGroup(ctx context.Context, j *job, g model.Group) (model.Handle, error) {
	in := &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(g.Name), MinSize: aws.Int32(0), DesiredCapacity: aws.Int32(0), MaxSize: aws.Int32(int32(g.Max)),
		MixedInstancesPolicy: j.mixed(g), VPCZoneIdentifier: aws.String(strings.Join(j.ids(g.Subnets), ",")), Tags: scalingTags(g.Name, g.Tags),
		HealthCheckType: aws.String(g.HealthCheck), HealthCheckGracePeriod: aws.Int32(int32(g.GraceSeconds)),
		InstanceMaintenancePolicy: maintenance(g), NewInstancesProtectedFromScaleIn: aws.Bool(g.ProtectNew),
		CapacityRebalance: aws.Bool(g.CapacityRebalance), DeletionProtection: types.DeletionProtection(g.DeletionProtection),
	}
	if len(g.Classic) > 0 {
		in.LoadBalancerNames = j.ids(g.Classic)
	}
	if _, err := cloud.Write(ctx, j.c, j.c.Groups.CreateAutoScalingGroup, in); err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: g.Name}, j.setMetrics(ctx, g.Name, nil, g.Metrics)
}

// mixed is a policy also where a group has one type only, so that one more is never a change of another sort. The
// version is a number, never $Latest: what the group launches changes when the group is changed, and not before.
func (j *job) mixed(g model.Group) *types.MixedInstancesPolicy {
	template := j.have.Handle(model.TemplateKey(g.Group))
	p := &types.MixedInstancesPolicy{
		LaunchTemplate: &types.LaunchTemplate{LaunchTemplateSpecification: &types.LaunchTemplateSpecification{
			LaunchTemplateId: aws.String(template.ID), Version: aws.String(number(template.Version)),
		}},
		InstancesDistribution: &types.InstancesDistribution{
			OnDemandBaseCapacity: aws.Int32(0), OnDemandPercentageAboveBaseCapacity: aws.Int32(100),
			OnDemandAllocationStrategy: aws.String(g.OnDemandStrategy),
		},
	}
	for _, t := range g.InstanceTypes {
		p.LaunchTemplate.Overrides = append(p.LaunchTemplate.Overrides, types.LaunchTemplateOverrides{InstanceType: aws.String(t)})
	}
	if g.Spot {
		p.InstancesDistribution.OnDemandBaseCapacity = aws.Int32(int32(g.OnDemandBase))
		p.InstancesDistribution.OnDemandPercentageAboveBaseCapacity = aws.Int32(int32(g.OnDemandPercentage))
		p.InstancesDistribution.SpotAllocationStrategy = aws.String(g.SpotStrategy)
		p.InstancesDistribution.SpotMaxPrice = aws.String("") // none: an empty text takes one away
	}
	return p
}

func maintenance(g model.Group) *types.InstanceMaintenancePolicy {
	return &types.InstanceMaintenancePolicy{
		MinHealthyPercentage: aws.Int32(int32(g.MinHealthyPercent)), MaxHealthyPercentage: aws.Int32(int32(g.MaxHealthyPercent)),
	}
}

func updateGroup(ctx context.Context, j *job, g model.Group) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.Group)
	if err := j.protectFor(ctx, from, g); err != nil {
		return h, err
	}
	left := leftBehind(from, g)
	if err := j.protect(ctx, g.Name, left, false); err != nil { // before they are left: a run may die in between
		return h, err
	}
	if in, any := j.groupChanges(from, g); any {
		if _, err := cloud.Repeat(ctx, j.c, j.c.Groups.UpdateAutoScalingGroup, in); err != nil {
			return h, err
		}
	}
	if j.differs("metrics") {
		if err := j.setMetrics(ctx, g.Name, from.Metrics, g.Metrics); err != nil {
			return h, err
		}
	}
	if j.differs("classic_load_balancers", string(model.KindClassic)) {
		if err := j.setClassics(ctx, from, g); err != nil {
			return h, err
		}
	}
	if len(left) > 0 {
		h.Status = model.Pending
	}
	return h, j.retagGroup(ctx, g.Name, from.Tags, g.Tags)
}

// groupChanges is the update that changes what differs, and whether there is any.
func (j *job) groupChanges(from, g model.Group) (in *autoscaling.UpdateAutoScalingGroupInput, found bool) {
	in = &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String(g.Name)}
	for _, one := range []struct {
		names []string
		set   func()
	}{
		{[]string{"launch_template", "instance_types", "spot", "spot_allocation_strategy", "on_demand_base", "on_demand_percentage", "on_demand_allocation_strategy"}, func() { in.MixedInstancesPolicy = j.mixed(g) }},
		{[]string{"capacity_rebalance"}, func() { in.CapacityRebalance = aws.Bool(g.CapacityRebalance) }},
		{[]string{"subnets"}, func() { in.VPCZoneIdentifier = aws.String(strings.Join(j.ids(g.Subnets), ",")) }},
		{[]string{"max_size"}, func() { setMax(in, from, g) }},
		{[]string{"health_check_type"}, func() { in.HealthCheckType = aws.String(g.HealthCheck) }},
		{[]string{"health_check_grace_seconds"}, func() { in.HealthCheckGracePeriod = aws.Int32(int32(g.GraceSeconds)) }},
		{[]string{"maintenance."}, func() { in.InstanceMaintenancePolicy = maintenance(g) }},
		{[]string{"new_instances_protected_from_scale_in"}, func() { in.NewInstancesProtectedFromScaleIn = aws.Bool(g.ProtectNew) }},
		{[]string{"deletion_protection"}, func() { in.DeletionProtection = types.DeletionProtection(g.DeletionProtection) }},
	} {
		if j.differs(one.names...) {
			one.set()
			found = true
		}
	}
	return in, found
}

// setMax takes the minimum along where it would stand above the new maximum, which AWS refuses; the capacity, which
// comes after the group, sets it as the file says.
func setMax(in *autoscaling.UpdateAutoScalingGroupInput, from, g model.Group) {
	in.MaxSize = aws.Int32(int32(g.Max))
	if from.Min > g.Max {
		in.MinSize = in.MaxSize
	}
}

func (j *job) setMetrics(ctx context.Context, group string, have, want []string) error {
	if on := notIn(want, have); len(on) > 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.Groups.EnableMetricsCollection, &autoscaling.EnableMetricsCollectionInput{
			AutoScalingGroupName: aws.String(group), Granularity: aws.String("1Minute"), Metrics: on,
		})
		if err != nil {
			return err
		}
	}
	off := notIn(have, want)
	if len(off) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.DisableMetricsCollection, &autoscaling.DisableMetricsCollectionInput{
		AutoScalingGroupName: aws.String(group), Metrics: off,
	})
	return err
}

func (j *job) retagGroup(ctx context.Context, group string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.Groups.CreateOrUpdateTags, &autoscaling.CreateOrUpdateTagsInput{Tags: scalingTags(group, set)})
		if err != nil {
			return err
		}
	}
	return j.untagGroup(ctx, group, drop...)
}

func (j *job) untagGroup(ctx context.Context, group string, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	in := &autoscaling.DeleteTagsInput{}
	for _, k := range keys {
		in.Tags = append(in.Tags, types.Tag{ResourceId: aws.String(group), ResourceType: aws.String(groupResource), Key: aws.String(k)})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.DeleteTags, in)
	return err
}

// groupResource is the only kind of resource that Auto Scaling tags.
const groupResource = "auto-scaling-group"

// scalingTags are tags of the group alone: its instances get theirs from the template.
func scalingTags(group string, tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{
			ResourceId: aws.String(group), ResourceType: aws.String(groupResource), PropagateAtLaunch: aws.Bool(false),
			Key: aws.String(t.Key), Value: aws.String(t.Value),
		}
	}
	return out
}

// deleteGroup never forces: a group that still has instances answers that it is in use.
func deleteGroup(ctx context.Context, j *job, g model.Group) (model.Handle, error) {
	h := j.handle()
	if g.DeletionProtection != string(types.DeletionProtectionNone) && h.Status != model.Leaving {
		_, err := cloud.Repeat(ctx, j.c, j.c.Groups.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String(g.Name), DeletionProtection: types.DeletionProtectionNone,
		})
		if err != nil {
			return model.Handle{}, groupGone(err)
		}
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Groups.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String(g.Name)})
	if err != nil {
		return model.Handle{}, groupGone(err)
	}
	h.Status = model.Leaving
	return h, nil
}

// groupGone turns an answer that there is no such group into success; Auto Scaling has no code for it.
func groupGone(err error) error {
	if cloud.Code(err) == "ValidationError" && strings.Contains(cloud.Message(err), "name not found") {
		return nil
	}
	return err
}

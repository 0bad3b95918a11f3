package shape

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

// ScalingTags are an Auto Scaling group's tags as ours.
func ScalingTags(tags []types.TagDescription) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// GroupStatus is Pending while instances stand in zones that the group has left: their subnets are still in use.
func GroupStatus(g types.AutoScalingGroup) (model.Status, string) {
	if aws.ToString(g.Status) != "" {
		return model.Leaving, ""
	}
	if left := LeftZones(g); len(left) > 0 {
		return model.Pending, "instances still stand in " + strings.Join(left, ", ")
	}
	return model.Ready, ""
}

// LeftZones are the zones in which instances stand and the group has no subnet any more.
func LeftZones(g types.AutoScalingGroup) []string {
	var out []string
	for _, i := range g.Instances {
		zone := aws.ToString(i.AvailabilityZone)
		if zone != "" && !slices.Contains(g.AvailabilityZones, zone) && !slices.Contains(out, zone) {
			out = append(out, zone)
		}
	}
	slices.Sort(out)
	return out
}

// setPurchase tells On-Demand from Spot. A base means nothing where all are On-Demand anyway. A bid is said in words, which
// nobody wants.
func setPurchase(r *model.Group, p *types.MixedInstancesPolicy) {
	r.OnDemandPercentage, r.OnDemandStrategy = 100, "prioritized" // AWS's own (Auto Scaling API reference, InstancesDistribution)
	if p == nil || p.InstancesDistribution == nil {
		return
	}
	d := p.InstancesDistribution
	if s := aws.ToString(d.OnDemandAllocationStrategy); s != "" {
		r.OnDemandStrategy = s
	}
	if d.OnDemandPercentageAboveBaseCapacity == nil || *d.OnDemandPercentageAboveBaseCapacity == 100 {
		return
	}
	r.Spot, r.OnDemandBase, r.OnDemandPercentage = true, int(aws.ToInt32(d.OnDemandBaseCapacity)), int(*d.OnDemandPercentageAboveBaseCapacity)
	r.SpotStrategy = aws.ToString(d.SpotAllocationStrategy)
	if price := aws.ToString(d.SpotMaxPrice); price != "" {
		r.SpotStrategy += " for at most " + price
	}
}

// maintenance is the instance maintenance policy; -1 is AWS's own way to say that there is none.
func maintenance(p *types.InstanceMaintenancePolicy) (least, most int) {
	if p == nil {
		return -1, -1
	}
	return int(aws.ToInt32(p.MinHealthyPercentage)), int(aws.ToInt32(p.MaxHealthyPercentage))
}

// attachedTo is the key of the classic load balancer of ours that has this name; others keep their name.
func attachedTo(key Keys, name string) model.Key {
	if k := key(name); k.Kind == model.KindClassic {
		return k
	}
	return model.Foreign(name)
}

// Group is an Auto Scaling group in our words, less its subnets, what it launches, and its instances. A maximum that a roll has
// raised counts as it was before, and so does a minimum.
func Group(key Keys, g types.AutoScalingGroup) model.Group {
	tags := ScalingTags(g.Tags)
	r := model.Group{
		Name: aws.ToString(g.AutoScalingGroupName), CapacityRebalance: aws.ToBool(g.CapacityRebalance), Max: int(aws.ToInt32(g.MaxSize)),
		HealthCheck: aws.ToString(g.HealthCheckType), GraceSeconds: int(aws.ToInt32(g.HealthCheckGracePeriod)),
		ProtectNew: aws.ToBool(g.NewInstancesProtectedFromScaleIn), DeletionProtection: string(g.DeletionProtection),
		Tags: tags.Own(), Desired: int(aws.ToInt32(g.DesiredCapacity)), Min: model.MeantMin(tags.Get(model.TagFloor), int(aws.ToInt32(g.MinSize))),
		DesiredTag: tags.Get(model.TagDesired), Roll: tags.Get(model.TagRoll),
	}
	if surge, ok := model.ParseSurge(tags.Get(model.TagSurge)); ok {
		r.Raised = r.Max - surge.Meant(r.Max)
		r.Max -= r.Raised
	}
	setPurchase(&r, g.MixedInstancesPolicy)
	r.MinHealthyPercent, r.MaxHealthyPercent = maintenance(g.InstanceMaintenancePolicy)
	for _, m := range g.EnabledMetrics {
		r.Metrics = append(r.Metrics, aws.ToString(m.Metric))
	}
	for _, balancer := range g.LoadBalancerNames {
		r.Classic = append(r.Classic, attachedTo(key, balancer))
	}
	return r
}

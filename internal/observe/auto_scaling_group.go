package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

type groupAnswers struct {
	scaling      []types.AutoScalingGroup
	scalingAsked bool // groups, templates and capacities come out of one answer, asked for once
}

func groupRow() row {
	return row{model.KindGroup, []func(*look) []call{
		groupCalls,
		func(l *look) []call { return append(versionCalls(l), l.namedGroups()...) },
	}, foldGroups}
}

func groupCalls(l *look) []call {
	if l.scalingAsked {
		return nil
	}
	l.scalingAsked = true
	return []call{l.groupCall(&autoscaling.DescribeAutoScalingGroupsInput{Filters: []types.Filter{
		{Name: aws.String("tag-key"), Values: []string{model.TagKey, model.TagCluster}},
	}})}
}

func (l *look) groupCall(in *autoscaling.DescribeAutoScalingGroupsInput) call {
	in.MaxRecords = aws.Int32(100)
	return pages(l, l.c.Groups.DescribeAutoScalingGroups, in, func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) bool {
		l.scaling = append(l.scaling, out.AutoScalingGroups...)
		return more(out.NextToken, &in.NextToken)
	})
}

// namedGroups asks by name for the file's groups that the tags did not find: what is there has no tag of ours and
// stands in the way.
func (l *look) namedGroups() []call {
	var names []string
	for _, g := range l.ask.Groups {
		name := l.scope.GroupName(g.Name)
		if !slices.ContainsFunc(l.scaling, func(s types.AutoScalingGroup) bool { return aws.ToString(s.AutoScalingGroupName) == name }) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []call{l.groupCall(&autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names})}
}

// groupKey tells whether a group is ours, and which one.
func (l *look) groupKey(g types.AutoScalingGroup) (model.Key, bool) {
	k, ok := l.mine(scalingTags(g.Tags), model.KindGroup)
	if ok && k.IsZero() {
		k, ok = l.groupNamed(aws.ToString(g.AutoScalingGroupName), model.GroupKey)
	}
	return k, ok
}

// foldGroups takes a group that bears the name of its key before one that merely carries its tags: copying a group in
// the console copies its tags.
func foldGroups(l *look) {
	for _, exact := range []bool{true, false} {
		for _, g := range l.scaling {
			k, ours := l.groupKey(g)
			if ours && (aws.ToString(g.AutoScalingGroupName) == l.scope.GroupName(k.Name)) == exact {
				l.addGroup(g, k.Name)
			}
		}
	}
	for _, g := range l.scaling {
		name := aws.ToString(g.AutoScalingGroupName)
		place, wanted := l.groupNamed(name, model.GroupKey)
		if _, ours := l.groupKey(g); !ours && wanted {
			l.stray(place, name, "auto scaling group "+name)
		}
	}
}

func (l *look) addGroup(g types.AutoScalingGroup, group string) {
	name, tags := aws.ToString(g.AutoScalingGroupName), scalingTags(g.Tags)
	r := model.Group{
		Group: group, Name: name, Template: l.templateOf(g, group), InstanceTypes: l.typesOf(g), Subnets: l.standsIn(g),
		CapacityRebalance: aws.ToBool(g.CapacityRebalance), Max: int(aws.ToInt32(g.MaxSize)),
		HealthCheck: aws.ToString(g.HealthCheckType), GraceSeconds: int(aws.ToInt32(g.HealthCheckGracePeriod)),
		ProtectNew: aws.ToBool(g.NewInstancesProtectedFromScaleIn), DeletionProtection: string(g.DeletionProtection),
		Tags: tags.Own(), Instances: members(g), Desired: int(aws.ToInt32(g.DesiredCapacity)), Min: int(aws.ToInt32(g.MinSize)),
		DesiredTag: tags.Get(model.TagDesired),
	}
	setPurchase(&r, g.MixedInstancesPolicy)
	r.MinHealthyPercent, r.MaxHealthyPercent = maintenance(g.InstanceMaintenancePolicy)
	for _, m := range g.EnabledMetrics {
		r.Metrics = append(r.Metrics, aws.ToString(m.Metric))
	}
	for _, balancer := range g.LoadBalancerNames {
		r.Classic = append(r.Classic, l.attachedTo(balancer))
	}
	h := model.Handle{ID: name, ARN: aws.ToString(g.AutoScalingGroupARN)}
	h.Status, h.Reason = groupStatus(g)
	l.add(r, h)
}

// groupStatus is Pending while instances stand in zones that the group has left: their subnets are still in use.
func groupStatus(g types.AutoScalingGroup) (model.Status, string) {
	if aws.ToString(g.Status) != "" {
		return model.Leaving, ""
	}
	if left := leftZones(g); len(left) > 0 {
		return model.Pending, "instances still stand in " + strings.Join(left, ", ")
	}
	return model.Ready, ""
}

// leftZones are the zones in which instances stand and the group has no subnet any more.
func leftZones(g types.AutoScalingGroup) []string {
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

// standsIn are the subnets that the group launches into, and those that it has left but where instances still stand:
// as long as they are there the subnet and its way out are in use.
func (l *look) standsIn(g types.AutoScalingGroup) []model.Key {
	var out []model.Key
	for id := range strings.SplitSeq(aws.ToString(g.VPCZoneIdentifier), ",") {
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, l.key(id))
		}
	}
	for _, zone := range leftZones(g) {
		if k := model.SubnetKey(model.Private, zone); l.inv.Has(k) {
			out = append(out, k)
		}
	}
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
func (l *look) attachedTo(name string) model.Key {
	if k := l.key(name); k.Kind == model.KindClassic {
		return k
	}
	return model.Foreign(name)
}

func scalingTags(tags []types.TagDescription) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

package observe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
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
	return fetch.Pages(l, l.c.Groups.DescribeAutoScalingGroups, in, func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) bool {
		l.scaling = append(l.scaling, out.AutoScalingGroups...)
		return fetch.More(out.NextToken, &in.NextToken)
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
	k, ok := l.mine(shape.ScalingTags(g.Tags), model.KindGroup)
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
	id, version := shape.LaunchesFrom(g)
	r := shape.Group(l.key, g)
	r.Group, r.Template, r.Subnets = group, l.templateOf(g, group), l.standsIn(g)
	r.InstanceTypes, r.Instances = shape.InstanceTypes(g, l.versions[id][version]), shape.Members(g, l.template(id))
	h := model.Handle{ID: r.Name, ARN: aws.ToString(g.AutoScalingGroupARN)}
	h.Status, h.Reason = shape.GroupStatus(g)
	l.add(r, h)
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
	for _, zone := range shape.LeftZones(g) {
		if k := model.SubnetKey(model.Private, zone); l.inv.Has(k) {
			out = append(out, k)
		}
	}
	return out
}

package observe

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type capacityAnswers struct{ activities map[string][]types.Activity } // by group name, the newest first

// capacityRow reads the sizes out of the groups, and out of the cluster how many instances have joined it.
func capacityRow() row {
	return row{model.KindCapacity, []func(*look) []call{
		func(l *look) []call { return append(groupCalls(l), clusterCalls(l)...) },
		activityCalls,
	}, foldCapacities}
}

// activityCalls ask the groups that lack instances why.
func activityCalls(l *look) []call {
	l.activities = map[string][]types.Activity{}
	var calls []call
	for _, g := range l.scaling {
		if _, ours := l.groupKey(g); !ours || shape.InService(g) >= int(aws.ToInt32(g.DesiredCapacity)) {
			continue
		}
		name := aws.ToString(g.AutoScalingGroupName)
		in := &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String(name), MaxRecords: aws.Int32(5)}
		calls = append(calls, fetch.Get(l, l.c.Groups.DescribeScalingActivities, in, func(out *autoscaling.DescribeScalingActivitiesOutput) {
			l.activities[name] = out.Activities
		}))
	}
	return calls
}

func foldCapacities(l *look) {
	instances := 0
	for _, g := range l.scaling {
		if _, ours := l.groupKey(g); ours {
			instances += shape.InService(g)
		}
	}
	for _, g := range l.scaling {
		k, ours := l.groupKey(g)
		if !ours || aws.ToString(g.AutoScalingGroupName) != l.groupName(k) {
			continue
		}
		l.recount(k, g)
		if shape.Emptied(g) {
			continue
		}
		h := model.Handle{ID: aws.ToString(g.AutoScalingGroupName)}
		h.Status, h.Reason = shape.CapacityStatus(g, l.activities[aws.ToString(g.AutoScalingGroupName)], l.joined(), instances)
		l.inv.Add(model.Capacity{Group: k.Name, Min: model.MeantMin(shape.ScalingTags(g.Tags).Get(model.TagFloor), int(aws.ToInt32(g.MinSize))), Desired: l.applied(g, k.Name)}, h) // the id is the group's
	}
}

// joined is how many instances have joined the cluster.
func (l *look) joined() int {
	if l.ecsCluster == nil {
		return 0
	}
	return int(l.ecsCluster.RegisteredContainerInstancesCount)
}

// recount gives a group that is known its present instances and size: more may have come since it was looked at.
func (l *look) recount(k model.Key, found types.AutoScalingGroup) {
	g, ok := model.Find[model.Group](&l.inv.Set, k)
	if ok {
		id, _ := shape.LaunchesFrom(found)
		members := shape.Members(found, l.template(id))
		if !l.versionsAsked {
			members = shape.Remembered(members, g.Instances)
		}
		g.Instances, g.Desired = members, int(aws.ToInt32(found.DesiredCapacity))
		l.inv.Add(g, l.inv.Handle(k))
	}
}

// groupName is the name of the group that holds a key; a second one with the key's tags has no capacity of its own.
func (l *look) groupName(k model.Key) string {
	if g, ok := model.Find[model.Group](&l.inv.Set, k); ok {
		return g.Name
	}
	return l.scope.GroupName(k.Name)
}

// applied is the starting size that was last applied, as the group's tag remembers it: ECS changes the size itself.
// Where nobody scales, the present size counts. Without the tag it is -1, which no file asks for.
func (l *look) applied(g types.AutoScalingGroup, group string) int {
	text, ok := shape.ScalingTags(g.Tags).Lookup(model.TagDesired)
	n, err := strconv.Atoi(text)
	if !ok || err != nil {
		return -1
	}
	if l.unscaled(group) {
		return int(aws.ToInt32(g.DesiredCapacity))
	}
	return n
}

// unscaled tells whether nobody but the file sets a group's size: it says so, or the provider that stands does.
func (l *look) unscaled(group string) bool {
	for _, g := range l.ask.Groups {
		if g.Name == group && g.Unscaled {
			return true
		}
	}
	p, ok := model.Find[model.Provider](&l.inv.Set, model.ProviderKey(group))
	return ok && !p.ManagedScaling
}

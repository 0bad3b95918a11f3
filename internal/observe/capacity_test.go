package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// sized is a group of ours with a desired size, so many instances in service, and the size that its tag remembers.
func (l *look) sized(group string, desired, inService int, remembered string) types.AutoScalingGroup {
	g := types.AutoScalingGroup{
		AutoScalingGroupName: aws.String("prod_shop_" + group), Tags: l.groupTags(group), DesiredCapacity: aws.Int32(int32(desired)), MinSize: aws.Int32(0),
	}
	for range inService {
		g.Instances = append(g.Instances, types.Instance{LifecycleState: types.LifecycleStateInService})
	}
	if remembered != "" {
		g.Tags = append(g.Tags, types.TagDescription{Key: aws.String(model.TagDesired), Value: aws.String(remembered)})
	}
	return g
}

func TestTheStartingSizeIsRememberedOrPresentOrLost(t *testing.T) {
	provider := func(scaling bool) *model.Provider { return &model.Provider{Group: "default", ManagedScaling: scaling} }
	for name, one := range map[string]struct {
		remembered string
		provider   *model.Provider
		unscaled   bool
		want       int
	}{
		"scaled by ECS":              {"2", provider(true), false, 2},
		"without a provider yet":     {"2", nil, false, 2},
		"scaled by nobody":           {"2", provider(false), false, 5},
		"the file turns scaling off": {"2", provider(true), true, 5},
		"lost":                       {"", provider(true), false, -1},
		"lost and scaled by nobody":  {"", provider(false), true, -1},
		"no number":                  {"two", provider(true), false, -1},
	} {
		l := groupLook()
		l.ask.Groups[0].Unscaled = one.unscaled
		if one.provider != nil {
			l.inv.Add(*one.provider, model.Handle{})
		}
		l.scaling = []types.AutoScalingGroup{l.sized("default", 5, 5, one.remembered)}
		foldCapacities(l)
		if c, ok := model.Find[model.Capacity](&l.inv.Set, model.CapacityKey("default")); !ok || c.Desired != one.want {
			t.Errorf("%s: %+v, want %d", name, c, one.want)
		}
	}
}

func TestACapacityIsThereAsLongAsAnythingIsLeftOfIt(t *testing.T) {
	l := groupLook()
	for _, one := range []struct {
		group types.AutoScalingGroup
		there bool
	}{
		{l.sized("default", 0, 0, ""), false},
		{l.sized("default", 0, 0, "0"), true},
		{l.sized("default", 1, 0, ""), true},
		{l.sized("default", 0, 1, ""), true},
	} {
		l := groupLook()
		l.scaling = []types.AutoScalingGroup{one.group}
		foldCapacities(l)
		if l.inv.Has(model.CapacityKey("default")) != one.there {
			t.Errorf("%+v: %v", one.group, !one.there)
		}
	}
}

func TestACapacityWaitsForItsInstancesAndThenForTheCluster(t *testing.T) {
	for _, one := range []struct {
		desired, here, elsewhere, joined int
		want                             string
	}{
		{2, 1, 0, 1, "pending: 1 of 2 instances in service: no room"},
		{2, 2, 1, 2, "pending: 2 of 3 instances have joined the cluster"},
		{2, 2, 1, 3, "ready: "},
		{0, 0, 3, 1, "ready: "},
		{1, 2, 0, 2, "ready: "},
	} {
		l := groupLook()
		l.scaling = []types.AutoScalingGroup{l.sized("default", one.desired, one.here, "1"), l.sized("batch", one.elsewhere, one.elsewhere, "1")}
		l.ecsCluster = &ecstypes.Cluster{RegisteredContainerInstancesCount: int32(one.joined)}
		l.activities = map[string][]types.Activity{"prod_shop_default": {{StatusCode: "Failed", StatusMessage: aws.String("no room")}}}
		foldCapacities(l)
		if h := l.inv.Handle(model.CapacityKey("default")); h.Status.String()+": "+h.Reason != one.want {
			t.Errorf("%s: %s, want %s", h.Status, h.Reason, one.want)
		}
	}
}

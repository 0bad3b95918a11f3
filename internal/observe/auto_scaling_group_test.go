package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// groupLook is a look of a file with the group default, whose template lt-1 has versions 1 and 2.
func groupLook() *look {
	l := lookFor()
	l.ask.Groups = []Group{{Name: "default"}}
	l.bind(model.TemplateKey("default"), "lt-1")
	l.versions = map[string]map[int]*ec2types.ResponseLaunchTemplateData{"lt-1": {
		1: {InstanceType: "m7i.large"}, 2: {InstanceType: "m7i.xlarge"},
	}}
	return l
}

func fromTemplate(id, version string) *types.LaunchTemplateSpecification {
	return &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(id), LaunchTemplateName: aws.String("name-of-" + id), Version: aws.String(version)}
}

// groupTags are the tags of a group of ours.
func (l *look) groupTags(group string) []types.TagDescription {
	var out []types.TagDescription
	for _, t := range l.ours(model.GroupKey(group)) {
		out = append(out, types.TagDescription{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

func TestAGroupRemembersWhatItLaunchesFromByItsContent(t *testing.T) {
	l := groupLook()
	mixed := func(s *types.LaunchTemplateSpecification) types.AutoScalingGroup {
		return types.AutoScalingGroup{MixedInstancesPolicy: &types.MixedInstancesPolicy{LaunchTemplate: &types.LaunchTemplate{LaunchTemplateSpecification: s}}}
	}
	first := l.launch(l.versions["lt-1"][1]).Digest()
	for want, g := range map[string]types.AutoScalingGroup{
		first:                                    mixed(fromTemplate("lt-1", "1")),
		l.launch(l.versions["lt-1"][2]).Digest(): {LaunchTemplate: fromTemplate("lt-1", "2")},
		"version 3, which is gone":               mixed(fromTemplate("lt-1", "3")),
		"version $Latest":                        mixed(fromTemplate("lt-1", "$Latest")),
		"version $Default":                       {LaunchTemplate: fromTemplate("lt-1", "$Default")},
		"other template name-of-lt-9 (lt-9)":     mixed(fromTemplate("lt-9", "1")),
		"launch configuration old":               {LaunchConfigurationName: aws.String("old")},
	} {
		if got := l.templateOf(g, "default"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if first == l.launch(l.versions["lt-1"][2]).Digest() {
		t.Error("different contents have one digest")
	}
}

func TestAGroupStandsInTheZonesItHasLeftUntilItsInstancesAreGone(t *testing.T) {
	l := groupLook()
	private := model.SubnetKey(model.Private, "b")
	l.inv.Add(model.Subnet{Tier: model.Private, Zone: "b"}, model.Handle{ID: "subnet-pb"})
	l.scaling = []types.AutoScalingGroup{{
		AutoScalingGroupName: aws.String("prod_shop_default"), Tags: l.groupTags("default"),
		VPCZoneIdentifier: aws.String("subnet-a"), AvailabilityZones: []string{"a"},
		Instances: []types.Instance{{AvailabilityZone: aws.String("a")}, {AvailabilityZone: aws.String("b")}, {AvailabilityZone: aws.String("c")}},
	}}
	foldGroups(l)
	g, _ := model.Find[model.Group](&l.inv.Set, model.GroupKey("default"))
	expect(t, "subnets", g.Subnets, []model.Key{model.SubnetKey(model.Public, "a"), private})
	if h := l.inv.Handle(g.Key()); h.Status != model.Pending || h.Reason != "instances still stand in b, c" {
		t.Errorf("%s: %s", h.Status, h.Reason)
	}
}

func TestAGroupThatIsBeingDeletedIsLeaving(t *testing.T) {
	l := groupLook()
	l.scaling = []types.AutoScalingGroup{{
		AutoScalingGroupName: aws.String("prod_shop_default"), Tags: l.groupTags("default"), Status: aws.String("Delete in progress"),
		Instances: []types.Instance{{}},
	}}
	foldGroups(l)
	foldCapacities(l)
	for _, k := range []model.Key{model.GroupKey("default"), model.CapacityKey("default")} {
		if s := l.inv.Handle(k).Status; s != model.Leaving {
			t.Errorf("%s is %s", k, s)
		}
	}
}

func TestACopyOfAGroupIsADuplicateWhicheverComesFirst(t *testing.T) {
	for _, first := range []string{"a-copy", "z-copy"} {
		l := groupLook()
		one := func(name string) types.AutoScalingGroup {
			return types.AutoScalingGroup{AutoScalingGroupName: aws.String(name), Tags: l.groupTags("default"), DesiredCapacity: aws.Int32(1)}
		}
		l.scaling = []types.AutoScalingGroup{one(first), one("prod_shop_default")}
		foldGroups(l)
		foldCapacities(l)
		if id := l.inv.ID(model.GroupKey("default")); id != "prod_shop_default" {
			t.Errorf("%s holds the key", id)
		}
		if !l.inv.Has(model.Key{Kind: model.KindGroup, Name: "default#" + first}) {
			t.Error("the copy is not seen")
		}
		if id := l.inv.ID(model.CapacityKey("default")); id != "prod_shop_default" {
			t.Errorf("the capacity is that of %s", id)
		}
	}
}

func TestNamesTellTheKeyThatWasLost(t *testing.T) {
	l := groupLook()
	for name, want := range map[string]model.Key{
		"prod_shop_default": model.GroupKey("default"),
		"prod_shop_batch":   model.GroupKey("batch"), // not in the file any more
		"prod_shop_":        {},
		"theirs":            {},
	} {
		if k, ok := l.groupNamed(name, model.GroupKey); k != want || ok != (want != model.Key{}) {
			t.Errorf("%s: %s", name, k)
		}
	}
}

package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

func launched(id, kind string, s *types.LaunchTemplateSpecification) types.Instance {
	return types.Instance{InstanceId: aws.String(id), InstanceType: aws.String(kind), LaunchTemplate: s}
}

// contents are two versions of one content but for what change does to the first.
func contents(change func(*model.Launch)) Template {
	now := model.Launch{
		AMI: "ami-2", InstanceType: "m7i.large", UserData: "#!/bin/sh\nnew", SecurityGroups: []model.Key{model.InstanceGroupKey("default")},
		Volume: model.Volume{Device: "/dev/xvda", Type: "gp3", GiB: 30, Delete: true}, HTTPTokens: "required", HTTPEndpoint: "enabled", HopLimit: 1,
		InstanceTags: model.NewTags(model.Tag{Key: "team", Value: "platform"}),
	}
	was := now
	change(&was)
	return Template{Latest: 2, Default: 1, Contents: map[int]model.Launch{1: was, 2: now}}
}

func becauseOf(g types.AutoScalingGroup, t Template) map[string]string {
	out := map[string]string{}
	for _, m := range Members(g, t) {
		out[m.ID] = model.Because(m.Reasons)
	}
	return out
}

func TestAnInstanceIsOutdatedByWhatItsVersionSaysAndNotByItsNumber(t *testing.T) {
	for want, change := range map[string]func(*model.Launch){
		"":                             func(*model.Launch) {},
		"AMI ami-1 → ami-2":            func(l *model.Launch) { l.AMI = "ami-1" },
		"user data":                    func(l *model.Launch) { l.UserData = "#!/bin/sh\nPASSWORD=hunter2" },
		"AMI ami-1 → ami-2, user data": func(l *model.Launch) { l.AMI, l.UserData = "ami-1", "" },
		"security group sg-1 → security_group.instances/default": func(l *model.Launch) { l.SecurityGroups = []model.Key{model.Foreign("sg-1")} },
		"volume type gp2, size_gib 20 → type gp3, size_gib 30":   func(l *model.Launch) { l.Volume.Type, l.Volume.GiB = "gp2", 20 },
		"volume iops 4000 → iops none":                           func(l *model.Launch) { l.Volume.IOPS = 4000 },
		"volume system_volume.device /dev/xvdb, system_volume.size_gib 2, system_volume.encrypted false, system_volume.delete_on_termination false → " +
			"system_volume.device none, system_volume.size_gib none, system_volume.encrypted none, system_volume.delete_on_termination none": func(l *model.Launch) {
			l.SystemVolume = model.Volume{Device: "/dev/xvdb", GiB: 2}
		},
		"settings metadata.hop_limit 2 → metadata.hop_limit 1": func(l *model.Launch) { l.HopLimit, l.InstanceTags = 2, nil },
	} {
		g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "2"), Instances: []types.Instance{
			launched("old", "m7i.large", fromTemplate("lt-1", "1")), launched("new", "m7i.large", fromTemplate("lt-1", "2")),
		}}
		got := becauseOf(g, contents(change))
		if got["old"] != want || got["new"] != "" {
			t.Errorf("got %q and %q, want %q", got["old"], got["new"], want)
		}
	}
}

func TestTagsAloneMakeNoInstanceOutdated(t *testing.T) {
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "2"), Instances: []types.Instance{launched("old", "m7i.large", fromTemplate("lt-1", "1"))}}
	for name, change := range map[string]func(*model.Launch){
		"of instances": func(l *model.Launch) { l.InstanceTags = model.NewTags(model.Tag{Key: "team", Value: "shop"}) },
		"of volumes":   func(l *model.Launch) { l.VolumeTags = model.NewTags(model.Tag{Key: "backup", Value: "daily"}) },
		"lost ones":    func(l *model.Launch) { l.InstanceTags = nil },
	} {
		if why := becauseOf(g, contents(change))["old"]; why != "" {
			t.Errorf("%s: %s", name, why)
		}
	}
}

func TestAliasesOfVersionsAreResolved(t *testing.T) {
	instances := []types.Instance{launched("old", "m7i.large", fromTemplate("lt-1", "1")), launched("new", "m7i.large", fromTemplate("lt-1", "2"))}
	for version, want := range map[string][2]string{
		"$Latest": {"AMI ami-1 → ami-2", ""}, "$Default": {"", "AMI ami-2 → ami-1"}, "": {"", "AMI ami-2 → ami-1"},
	} {
		g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", version), Instances: instances}
		got := becauseOf(g, contents(func(l *model.Launch) { l.AMI = "ami-1" }))
		if got["old"] != want[0] || got["new"] != want[1] {
			t.Errorf("%s: %q", version, got)
		}
	}
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "$Latest"), Instances: instances}
	if got := becauseOf(g, Template{}); got["old"] != "" {
		t.Errorf("nobody knows the newest version: %q", got)
	}
}

func TestWhatNobodyKnowsAndWhatIsForeignSaysSo(t *testing.T) {
	configured := launched("configured", "m7i.large", nil)
	configured.LaunchConfigurationName = aws.String("lc-1")
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "2"), Instances: []types.Instance{
		launched("gone", "m7i.large", fromTemplate("lt-1", "9")), launched("other", "m7i.large", fromTemplate("lt-2", "2")),
		launched("attached", "m7i.large", nil), configured, launched("strange", "m7i.large", fromTemplate("lt-1", "$Latest")),
	}}
	got := becauseOf(g, contents(func(*model.Launch) {}))
	for id, want := range map[string]string{
		"gone":       "settings template version 9 → template version 2",
		"other":      "foreign template name-of-lt-2 → template name-of-lt-1",
		"attached":   "foreign no template → template name-of-lt-1",
		"configured": "foreign launch configuration lc-1 → template name-of-lt-1",
		"strange":    "",
	} {
		if got[id] != want {
			t.Errorf("%s: got %q, want %q", id, got[id], want)
		}
	}
	old := types.AutoScalingGroup{LaunchConfigurationName: aws.String("lc-1"), Instances: []types.Instance{configured, launched("from", "m7i.large", fromTemplate("lt-1", "1"))}}
	got = becauseOf(old, Template{})
	if got["configured"] != "" || got["from"] != "foreign template name-of-lt-1 → launch configuration lc-1" {
		t.Errorf("%q", got)
	}
}

func TestATypeThatTheGroupLaunchesNoMoreIsAReasonAndAnyOfItsTypesIsNone(t *testing.T) {
	instances := []types.Instance{launched("first", "m7i.large", fromTemplate("lt-1", "1")), launched("second", "m6i.large", fromTemplate("lt-1", "2")), launched("third", "t3.small", fromTemplate("lt-1", "2"))}
	mixed := func(overrides ...types.LaunchTemplateOverrides) types.AutoScalingGroup {
		return types.AutoScalingGroup{Instances: instances, MixedInstancesPolicy: &types.MixedInstancesPolicy{LaunchTemplate: &types.LaunchTemplate{
			LaunchTemplateSpecification: fromTemplate("lt-1", "2"), Overrides: overrides,
		}}}
	}
	template := contents(func(l *model.Launch) { l.InstanceType = "m5.large" })
	got := becauseOf(mixed(types.LaunchTemplateOverrides{InstanceType: aws.String("m7i.large"), WeightedCapacity: aws.String("2")}, types.LaunchTemplateOverrides{InstanceType: aws.String("m6i.large")}), template)
	if got["first"] != "" || got["second"] != "" || got["third"] != "type t3.small → m7i.large or m6i.large" {
		t.Errorf("by the policy: %q", got)
	}
	got = becauseOf(mixed(), template)
	if got["first"] != "" || got["second"] != "type m6i.large → m7i.large" {
		t.Errorf("by the template: %q", got)
	}
	got = becauseOf(mixed(types.LaunchTemplateOverrides{InstanceRequirements: &types.InstanceRequirements{}}), template)
	if got["third"] != "" {
		t.Errorf("by requirements: %q", got)
	}
}

func TestAQuestionForVersionsNamesThoseOfTheOwnTemplateOnce(t *testing.T) {
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "3"), Instances: []types.Instance{
		launched("a", "", fromTemplate("lt-1", "1")), launched("b", "", fromTemplate("lt-1", "1")), launched("c", "", fromTemplate("lt-2", "7")),
		launched("d", "", fromTemplate("lt-1", "3")), launched("e", "", nil), launched("f", "", fromTemplate("lt-1", "$Default")),
	}}
	expect(t, "versions", Versions(g), []string{"1", "3"})
	g.LaunchTemplate.Version = nil
	expect(t, "versions", Versions(g), []string{"$Default", "1", "3"})
	if got := Versions(types.AutoScalingGroup{}); got != nil {
		t.Error(got)
	}
}

func TestReasonsAreRememberedWhereTheTemplateWasNotLookedAtAgain(t *testing.T) {
	because := []model.Reason{{Kind: model.OldAMI, Have: "ami-1", Want: "ami-2"}}
	generic := []model.Reason{{Kind: model.OldSettings}}
	before := []model.Instance{{ID: "a", Type: "t", TemplateVersion: 1, Reasons: because}, {ID: "b", Type: "t", TemplateVersion: 2}}
	got := Remembered([]model.Instance{
		{ID: "a", Type: "t", TemplateVersion: 1, Reasons: generic},
		{ID: "b", Type: "t", TemplateVersion: 3, Reasons: generic},
		{ID: "c", Type: "t", TemplateVersion: 1, Reasons: generic},
		{ID: "d", Type: "u", TemplateVersion: 1, Reasons: generic},
	}, before)
	for n, want := range []model.ReasonKind{model.OldAMI, model.OldSettings, model.OldAMI, model.OldSettings} {
		if got[n].Reasons[0].Kind != want {
			t.Errorf("%s: %v", got[n].ID, got[n].Reasons)
		}
	}
}

func TestAMaximumThatARollHasRaisedCountsAsItWasBefore(t *testing.T) {
	for _, one := range []struct {
		tag               string
		most, max, raised int
	}{
		{"2 of 6", 8, 6, 2}, {"2 of 6", 6, 6, 0}, {"2 of 6", 12, 12, 0}, {"", 8, 8, 0}, {"much", 8, 8, 0}, {"-2 of 10", 8, 8, 0}, {"2 of 6 ", 8, 8, 0}, {"02 of 6", 8, 8, 0},
	} {
		g := Group(func(id string) model.Key { return model.Foreign(id) }, types.AutoScalingGroup{
			MaxSize: aws.Int32(int32(one.most)), Tags: []types.TagDescription{{Key: aws.String(model.TagSurge), Value: aws.String(one.tag)}, {Key: aws.String(model.TagRoll), Value: aws.String("pause 1a2b")}},
		})
		if g.Max != one.max || g.Raised != one.raised || g.Roll != "pause 1a2b" || len(g.Tags) != 0 {
			t.Errorf("%q at %d: %d, raised by %d, tags %v", one.tag, one.most, g.Max, g.Raised, g.Tags)
		}
	}
}

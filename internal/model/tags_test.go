package model_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func TestTagsAreSortedAndTheLaterOfTwoWins(t *testing.T) {
	got := model.NewTags(model.Tag{Key: "b", Value: "1"}, model.Tag{Key: "a", Value: "2"}, model.Tag{Key: "b", Value: "3"})
	if want := (model.Tags{{Key: "a", Value: "2"}, {Key: "b", Value: "3"}}); !slices.Equal(got, want) {
		t.Error(got)
	}
	if model.NewTags() != nil {
		t.Error("no tags are something")
	}
}

func TestAnEmptyTagIsNotAMissingOne(t *testing.T) {
	tags := model.NewTags(model.Tag{Key: "a"})
	if v, ok := tags.Lookup("a"); !ok || v != "" {
		t.Error("the empty tag is lost")
	}
	if v, ok := tags.Lookup("b"); ok || v != "" || tags.Get("b") != "" || tags.Get("a") != "" {
		t.Error("a missing tag is found")
	}
}

func TestChangingTagsLeavesTheOldOnesAsTheyWere(t *testing.T) {
	// Room behind the last one: an append in place would show in both.
	old := append(make(model.Tags, 0, 8), model.Tag{Key: "b", Value: "1"}, model.Tag{Key: "d", Value: "2"})
	before := fmt.Sprint(old)
	first, second := old.With("a", "x"), old.With("c", "y")
	_, _ = old.With("b", "z"), old.Without("b")
	_ = old.Own()
	if fmt.Sprint(old) != before || fmt.Sprint(first) != "[{a x} {b 1} {d 2}]" || fmt.Sprint(second) != "[{b 1} {c y} {d 2}]" {
		t.Error(old, first, second)
	}
}

func TestSafetyTagsAreAMapInOrder(t *testing.T) {
	letters := rapid.SampledFrom([]string{"", "a", "b", "B", "ä", "a b"})
	rapid.Check(t, func(t *rapid.T) {
		var tags model.Tags
		reference := map[string]string{}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			k, v := letters.Draw(t, "key"), letters.Draw(t, "value")
			if rapid.Bool().Draw(t, "deleted") {
				tags = tags.Without(k)
				delete(reference, k)
				continue
			}
			tags = tags.With(k, v)
			reference[k] = v
		}
		var got []string
		for _, tag := range tags {
			got = append(got, tag.Key)
			if v, ok := reference[tag.Key]; !ok || v != tag.Value || tags.Get(tag.Key) != v {
				t.Fatal(tags)
			}
		}
		if !slices.Equal(got, slices.Sorted(maps.Keys(reference))) {
			t.Fatal(got)
		}
	})
}

func TestOwnKeepsOurTagsAndTheFilesAndLeavesTheRest(t *testing.T) {
	tags := model.NewTags(
		model.Tag{Key: model.TagEnvironment, Value: "prod"}, model.Tag{Key: model.TagCluster, Value: "shop"},
		model.Tag{Key: model.TagKey, Value: "prod_shop:vpc"}, model.Tag{Key: model.TagName, Value: "prod"},
		model.Tag{Key: model.TagGroup, Value: "default"}, model.Tag{Key: model.TagAMI, Value: "al2023/x86_64"},
		model.Tag{Key: model.TagManaged}, model.Tag{Key: model.TagDesired, Value: "3"},
		model.Tag{Key: "team", Value: "platform"}, model.Tag{Key: "cost center", Value: "7"}, model.Tag{Key: "center", Value: "theirs"},
		model.Tag{Key: "aws:cloudformation:stack-name", Value: "x"},
		model.Tag{Key: model.TagUserTags, Value: model.UserTags("cost center", "team")},
	)
	var got []string
	for _, tag := range tags.Own() {
		got = append(got, tag.Key)
	}
	want := []string{
		"AmazonECSManaged", "Cluster", "Environment", "InstanceGroup", "Name", "berth:ami", "berth:key", "berth:tags", "cost center", "team",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestTheStartingSizeIsRememberedButNeverDrift(t *testing.T) {
	if tags := model.NewTags(model.Tag{Key: model.TagDesired, Value: "3"}); len(tags.Own()) != 0 {
		t.Error(tags.Own())
	}
}

func TestFortyTagsOfTheFileAreRememberedInOneTag(t *testing.T) {
	var keys []string
	tags := model.Tags{}
	for i := range 40 {
		keys = append(keys, strings.Repeat("ä ", 60)+fmt.Sprint(i))
		tags = tags.With(keys[i], "v").With("not ours "+fmt.Sprint(i), "v")
	}
	text := model.UserTags(keys...)
	if len(text) > 256 {
		t.Errorf("AWS refuses a tag's value of %d characters", len(text))
	}
	own := tags.With(model.TagUserTags, text).Own()
	if len(own) != 41 {
		t.Errorf("%d tags are ours", len(own))
	}
	for _, k := range keys {
		if _, there := own.Lookup(k); !there {
			t.Errorf("%s is forgotten", k)
		}
	}
}

func TestWithoutTheirMemoryTheFilesTagsAreNobodys(t *testing.T) {
	for _, memory := range []string{"", "abc", "team", "zzzzzzzzzzzz"} {
		tags := model.NewTags(model.Tag{Key: "team", Value: "platform"}, model.Tag{Key: model.TagUserTags, Value: memory})
		if own := tags.Own(); len(own) != 1 || own[0].Key != model.TagUserTags {
			t.Errorf("%q: %v", memory, own)
		}
	}
}

func TestSafetyOwnNeverTakesATagThatTheFileDoesNotName(t *testing.T) {
	key := rapid.StringMatching(`[a-zA-Z :+]{1,6}`)
	rapid.Check(t, func(t *rapid.T) {
		ours := rapid.SliceOfNDistinct(key, 0, 10, rapid.ID).Draw(t, "ours")
		theirs := rapid.SliceOfNDistinct(key, 0, 10, rapid.ID).Draw(t, "theirs")
		var tags model.Tags
		for _, k := range slices.Concat(ours, theirs) {
			tags = tags.With(k, "v")
		}
		own := tags.With(model.TagUserTags, model.UserTags(ours...)).Own().Without(model.TagUserTags)
		var got []string
		for _, tag := range own {
			got = append(got, tag.Key)
		}
		slices.Sort(ours)
		if !slices.Equal(got, ours) && len(got)+len(ours) > 0 {
			t.Fatalf("%q for %q", got, ours)
		}
	})
}

func TestSettingsAreSortedByNameAndFound(t *testing.T) {
	given := []model.Setting{{Name: "b", Value: "2"}, {Name: "a", Value: "1"}}
	s := model.NewSettings(given...)
	if s.Get("a") != "1" || s.Get("b") != "2" || s.Get("c") != "" || s[0].Name != "a" {
		t.Error(s)
	}
	if given[0].Name != "b" {
		t.Error("the caller's settings were sorted too")
	}
	if got := model.NewSettings(); got.Get("a") != "" || len(got) != 0 {
		t.Error(got)
	}
}

func TestTheSettingsThatBerthOwnsAreSortedAndDiffer(t *testing.T) {
	for _, names := range [][]string{model.BalancerSettings(), model.TargetSettings()} {
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%q", names)
		}
	}
}

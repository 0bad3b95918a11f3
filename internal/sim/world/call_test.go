package world

import (
	"slices"
	"strings"
	"testing"
)

func TestTagsAreSetAndTakenAwayWithoutTouchingTheOld(t *testing.T) {
	old := Tags{{"a", "1"}, {"b", "2"}}
	set := old.Set(Tag{"b", "3"}, Tag{"c", "4"}, Tag{"c", "5"})
	if want := (Tags{{"a", "1"}, {"b", "3"}, {"c", "5"}}); !slices.Equal(set, want) {
		t.Errorf("Set = %v, want %v", set, want)
	}
	if want := (Tags{{"b", "2"}}); !slices.Equal(old.Without("a", "x"), want) {
		t.Errorf("Without = %v, want %v", old.Without("a", "x"), want)
	}
	if want := (Tags{{"a", "1"}, {"b", "2"}}); !slices.Equal(old, want) {
		t.Errorf("the old tags became %v", old)
	}
	if v, ok := set.Get("b"); v != "3" || !ok {
		t.Errorf("Get(b) = %q %t", v, ok)
	}
	if v, ok := old.Get("c"); ok {
		t.Errorf("Get(c) = %q %t", v, ok)
	}
}

func TestARNNamesRegionAndAccount(t *testing.T) {
	w := New(1)
	c := Call{World: w, Region: w.Region("eu-west-1")}
	if got, want := c.ARN("ecs", "cluster/shop"), "arn:aws:ecs:eu-west-1:123456789012:cluster/shop"; got != want {
		t.Errorf("ARN = %s, want %s", got, want)
	}
}

func TestTagsThatAWSRefusesAreIllegal(t *testing.T) {
	for tag, want := range map[Tag]bool{
		{"team", "platform"}: true, {"Aws", ""}: true, {strings.Repeat("k", 128), strings.Repeat("v", 256)}: true,
		{"", "x"}: false, {"aws:x", "y"}: false, {"AWS:x", "y"}: false, {strings.Repeat("k", 129), ""}: false, {"k", strings.Repeat("v", 257)}: false,
	} {
		if tag.Legal() != want {
			t.Errorf("%+v: legal %v", tag, !want)
		}
	}
}

package model_test

import (
	"reflect"
	"regexp"
	"testing"

	"berth/internal/model"
)

func TestADigestIsShortAndTheSameForTheSameContent(t *testing.T) {
	a, b := filled(model.LaunchTemplate{}).(model.LaunchTemplate), filled(model.LaunchTemplate{}).(model.LaunchTemplate)
	if a.Content.Digest() != b.Content.Digest() || !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(a.Content.Digest()) {
		t.Error(a.Content.Digest(), b.Content.Digest())
	}
	other := model.LaunchTemplate{Name: "other", Group: "other", Content: b.Content, LatestVersion: 7, DefaultVersion: 7}
	if a.Content.Digest() != other.Content.Digest() {
		t.Error("what is not content counts")
	}
}

func TestADigestDiffersWhenAnyPartOfTheContentDoes(t *testing.T) {
	content := filled(model.LaunchTemplate{}).(model.LaunchTemplate).Content
	v := reflect.ValueOf(&content).Elem()
	seen := map[string]string{content.Digest(): "the whole"}
	leaves(v, "", func(path string, leaf reflect.Value) {
		change(leaf, func() {
			d := content.Digest()
			if other, twice := seen[d]; twice {
				t.Errorf("%s changed gives the digest of %s", path, other)
			}
			seen[d] = path
		})
	})
	if len(seen) < 25 {
		t.Errorf("only %d parts were changed", len(seen))
	}
}

func TestADigestTellsWhereATextEnds(t *testing.T) {
	a := model.Launch{InstanceTags: model.NewTags(model.Tag{Key: "a", Value: "1\ninstance_tags.b=2"})}
	b := model.Launch{InstanceTags: model.NewTags(model.Tag{Key: "a", Value: "1"}, model.Tag{Key: "b", Value: "2"})}
	if a.Digest() == b.Digest() {
		t.Error("two contents have one digest")
	}
}

func TestADigestDoesNotSeeTheOrderOfSecurityGroups(t *testing.T) {
	x, y := model.InstanceGroupKey("x"), model.InstanceGroupKey("y")
	a, b := model.Launch{SecurityGroups: []model.Key{x, y}}, model.Launch{SecurityGroups: []model.Key{y, x}}
	if a.Digest() != b.Digest() {
		t.Error("their order counts")
	}
}

func TestADigestSeesAnAddedOrLostTag(t *testing.T) {
	with := model.Launch{InstanceTags: model.NewTags(model.Tag{Key: "a"})}
	moved := model.Launch{VolumeTags: with.InstanceTags}
	if d := with.Digest(); d == (model.Launch{}).Digest() || d == moved.Digest() {
		t.Error("it does not")
	}
}

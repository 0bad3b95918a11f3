package model_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func TestWhatWasMadeForAServiceIsNoPartOfTheCluster(t *testing.T) {
	s := shop()
	tags := s.ServiceTags("web")
	if of, ok := s.ServiceOf(tags); !ok || of != "web" {
		t.Error(of, ok)
	}
	for _, kind := range model.Kinds() {
		if k, ours := s.Owns(kind, tags); ours || !k.IsZero() {
			t.Errorf("a service's %s is taken for %s", kind, k)
		}
	}
	for _, other := range []model.Tags{tags.With(model.TagCluster, "x"), tags.Without(model.TagEnvironment), tags.With(model.TagService, ""), nil} {
		if of, ok := s.ServiceOf(other); ok {
			t.Errorf("%v is taken for that of %s", other, of)
		}
	}
}

func TestWhatAnotherClusterMadeTellsWhichOne(t *testing.T) {
	s := shop()
	service := s.ServiceTags("web")
	for _, one := range []struct {
		tags model.Tags
		want string
	}{
		{service, ""},
		{s.Tags(model.ClusterKey()), ""},
		{nil, ""},
		{model.NewTags(model.Tag{Key: model.TagEnvironment, Value: "test"}, model.Tag{Key: model.TagCluster, Value: "x"}), ""},
		{service.Without(model.TagEnvironment), ""},
		{service.With(model.TagEnvironment, "test"), s.ClusterName() + " of test"},
		{service.With(model.TagCluster, "other"), "other of " + s.Environment},
		{s.Tags(model.ClusterKey()).With(model.TagCluster, "other"), "other of " + s.Environment},
	} {
		if got := s.Another(one.tags); got != one.want {
			t.Errorf("%v: of %q, want %q", one.tags, got, one.want)
		}
	}
}

func TestSafetyNamesOfTargetGroupsFitAndAreNobodysElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scopes().Draw(t, "scope")
		service := rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}`).Draw(t, "service")
		name := s.ServiceTargetName(service, "public")
		if len(name) > 32 || strings.ContainsAny(name, "_.") || strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-") {
			t.Fatalf("%q is no name of a target group", name)
		}
		if name == s.ServiceTargetName(service, "internal") || name == s.ServiceTargetName(service+"x", "public") || name == s.TargetGroupName(service) {
			t.Fatalf("%q is somebody else's too", name)
		}
	})
}

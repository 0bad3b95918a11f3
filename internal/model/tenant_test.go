package model_test

import (
	"encoding/json"
	"slices"
	"testing"

	"berth/internal/model"
)

func TestWhatRunsInAClusterIsNoPartOfIt(t *testing.T) {
	capacity := []model.Key{model.CapacityKey("default"), model.CapacityKey("batch")}
	for _, r := range []model.Resource{model.Service{Name: "api", Desired: 2, Running: 2, On: capacity}, model.Task{ID: "0f", Family: "job", On: capacity}} {
		if slices.Contains(model.Kinds(), r.Key().Kind) || len(r.Attrs()) != 0 {
			t.Errorf("%s is something that a file could ask for", r.Key())
		}
		if k := model.ParseKey(r.Key().String()); !k.IsZero() {
			t.Errorf("a tag could make something pass for %s", k)
		}
		if want := append([]model.Key{model.ClusterKey()}, capacity...); !slices.Equal(r.Refs(), want) {
			t.Errorf("%s stands on %v", r.Key(), r.Refs())
		}
		s := model.NewSet(r)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &s); err == nil {
			t.Errorf("a kept plan could want %s", r.Key())
		}
	}
}

func TestWhatRunsInAClusterIsReadAfterIt(t *testing.T) {
	s := model.NewSet(model.Task{ID: "0f"}, model.Service{Name: "api"}, model.Capacity{Group: "z"}, model.Bucket{}, model.Service{Name: "a"})
	want := []model.Key{model.BucketKey(), model.CapacityKey("z"), model.ServiceKey("a"), model.ServiceKey("api"), model.TaskKey("0f")}
	if got := keysOf(&s); !slices.Equal(got, want) {
		t.Error(got)
	}
}

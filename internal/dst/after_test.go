package dst

import (
	"context"
	"reflect"
	"testing"

	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestWhatARunHasSeenIsWhatStands(t *testing.T) {
	everything := Load(t, everything)
	r := NewRig(1)
	for _, step := range []struct {
		name, verb string
		look       func(drive.Cluster) func(context.Context) (drive.Survey, error)
	}{
		{"made", "apply", func(c drive.Cluster) func(context.Context) (drive.Survey, error) { return c.Survey }},
		{"gone", "destroy", func(c drive.Cluster) func(context.Context) (drive.Survey, error) { return c.Farewell }},
	} {
		t.Run(step.name, func(t *testing.T) {
			cluster, who := r.acting(everything, step.verb)
			j := drive.Job{Cluster: cluster, Who: who, Again: step.look(cluster), Agree: func(drive.Survey) error { return nil }}
			seen := run(t, j)
			real, err := j.Again(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !seen.Plan.Empty() {
				t.Errorf("something is left to do: %v", seen.Plan.Changes)
			}
			compare(t, seen.Have, real.Have)
		})
	}
}

// run carries a job out and returns what it shows at the end.
func run(t *testing.T, j drive.Job) drive.Survey {
	t.Helper()
	s, err := j.Again(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	s, res, err := j.Do(context.Background(), s)
	if err != nil || len(res.Failed) > 0 {
		t.Fatal(err, res.Failed)
	}
	s, err = j.After(context.Background(), s, res)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// compare fails the test where what a run believes differs from what a whole look finds: settings, ids, addresses,
// versions and instances.
func compare(t *testing.T, believed, found model.Inventory) {
	t.Helper()
	for r := range believed.All() {
		if !found.Has(r.Key()) {
			t.Errorf("%s is believed to stand", r.Key())
		}
	}
	for r := range found.All() {
		k := r.Key()
		mine, ok := believed.Get(k)
		if !ok {
			t.Errorf("%s is not known of", k)
			continue
		}
		if fields := plan.Diff(mine, r); len(fields) > 0 {
			t.Errorf("%s differs: %v", k, fields)
		}
		if a, b := believed.Handle(k), found.Handle(k); a != b {
			t.Errorf("%s is believed to be\n%+v, and is\n%+v", k, a, b)
		}
		if g, ok := r.(model.Group); ok && !reflect.DeepEqual(g.Instances, mine.(model.Group).Instances) {
			t.Errorf("%s is believed to have the instances\n%v, and has\n%v", k, mine.(model.Group).Instances, g.Instances)
		}
	}
}

package dst

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/sim/world"
)

// feature is a file that turns something on when it is laid over another.
type feature struct{ name, text string }

// features are the files of testdata/feature, by name: a new option gets a file there, and with it every proof of this
// package.
func features(t *testing.T) []feature {
	t.Helper()
	paths, err := filepath.Glob("testdata/feature/*.tfvars")
	if err != nil || len(paths) == 0 {
		t.Fatal("no features: ", err)
	}
	var out []feature
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, feature{strings.TrimSuffix(filepath.Base(p), ".tfvars"), string(text)})
	}
	return out
}

// finishedAnyhow wants what dies at any write of f to be finished by the next run: to come out like the run that did not die.
// It takes a sample of the writes: the runs without features die at each.
func finishedAnyhow(t *testing.T, golden *Rig, f func(*Rig) error, agree func(*testing.T, *Rig)) {
	t.Helper()
	deaths := golden.deaths(t, 6, func() error { return f(golden) })
	golden.Settle()
	want := golden.Census()
	for r := range deaths {
		t.Run(r.name, func(t *testing.T) {
			if err := f(r.Rig); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			agree(t, r.Rig)
			if got := r.Census(); got != want {
				t.Errorf("the world differs from one in which nothing died:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestAFeatureThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	for _, f := range features(t) {
		t.Run(f.name, func(t *testing.T) {
			r, before := standing(t, small)
			after := Load(t, small, f.text)
			agree := func(c *config.Config) func(*testing.T, *Rig) {
				return func(t *testing.T, r *Rig) { r.Agrees(t, c, "after the second run") }
			}
			t.Run("comes", func(t *testing.T) {
				finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(after) }, agree(after))
			})
			leaving := r.Fork(t)
			t.Run("goes", func(t *testing.T) {
				finishedAnyhow(t, r, func(r *Rig) error { return r.Apply(before) }, agree(before))
			})
			t.Run("is destroyed", func(t *testing.T) {
				finishedAnyhow(t, leaving, func(r *Rig) error { return r.Destroy(after) }, func(*testing.T, *Rig) {})
			})
		})
	}
}

// emptied is what is left of a cluster that came and went: what belongs to the account.
func emptied(t *testing.T, texts ...string) string {
	t.Helper()
	r, c := standing(t, texts...)
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	return r.Census()
}

func TestAFeatureLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	usual, spot := emptied(t, small), emptied(t, small, "spot = true") // the role of EC2 Spot is the account's
	for _, f := range features(t) {
		t.Run(f.name, func(t *testing.T) {
			r, c := standing(t, small, f.text)
			r.Agrees(t, c, "after an apply from nothing")
			if err := r.Destroy(c); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			want := usual
			if slices.ContainsFunc(c.Groups, func(g config.Group) bool { return g.Spot }) {
				want = spot
			}
			if got := r.Census(); got != want {
				t.Errorf("something is left behind:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestAFeatureComesAndGoesInBadWeather(t *testing.T) {
	t.Parallel()
	golden, without := standing(t, small)
	for i, f := range features(t) {
		with := Load(t, small, f.text)
		calm := golden.Fork(t)
		for _, next := range []*config.Config{with, without} {
			if err := calm.Apply(next); err != nil {
				t.Fatal(err)
			}
			calm.Settle()
		}
		for season := range max(1, *seeds/6) {
			t.Run(fmt.Sprintf("%s %d", f.name, season), func(t *testing.T) {
				r := NewRig(uint64(1000*season + i + 7))
				for _, next := range []*config.Config{without, with, without} {
					r.weather(storm())
					persist(t, "apply", func() error { return r.Apply(next) })
					r.weather(world.Weather{})
					r.Settle()
					if err := r.Apply(next); err != nil {
						t.Fatal(err)
					}
					r.Settle()
					r.Agrees(t, next, "after the storm")
				}
				same(t, "without it", r, calm.Census())
			})
		}
	}
}

// The proofs of this package run over the features and over everything: a kind of resource that stands in none of them is proved by
// nothing.
func TestEveryKindStandsInAFileOfTheProofs(t *testing.T) {
	files := []feature{{"everything", everything}, {"small", small}}
	stands := map[model.Kind]bool{}
	for _, f := range append(files, features(t)...) {
		s, err := NewRig(1).Survey(Load(t, small, f.text))
		fine(t, err)
		for r := range s.Want.All() {
			stands[r.Key().Kind] = true
		}
	}
	for _, k := range model.Kinds() {
		if !stands[k] {
			t.Errorf("no file has a %s", k)
		}
	}
}

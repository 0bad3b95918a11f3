package dst

import (
	"bytes"
	"fmt"
	"testing"

	"berth/internal/config"
	"berth/internal/sim/world"
)

// storm is bad weather: one call in seven goes wrong somehow.
func storm() world.Weather {
	return world.Weather{Throttle: 0.04, Break: 0.03, LoseRequest: 0.02, LoseAnswer: 0.03, Stale: 0.05}
}

func (r *Rig) weather(w world.Weather) { r.Sim.With(func(x *world.World) { x.Weather = w }) }

// persist runs a command again and again, as a person would, until it succeeds.
func persist(t *testing.T, what string, f func() error) {
	t.Helper()
	var err error
	for range 12 {
		if err = f(); err == nil {
			return
		}
	}
	t.Fatalf("%s never succeeds: %v", what, err)
}

// through carries a cluster up and down in bad weather and returns the trace.
func through(t *testing.T, seed uint64, c *config.Config, up, down string) []byte {
	t.Helper()
	r := NewRig(seed)
	trace := r.Sim.Record()
	r.weather(storm())
	persist(t, "apply", func() error { return r.Apply(c) })
	r.weather(world.Weather{})
	r.Settle()
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, c, "after the storm")
	if got := r.Census(); got != up {
		t.Errorf("the storm left something behind:\n%s\nwant:\n%s", got, up)
	}
	r.weather(storm())
	persist(t, "destroy", func() error { return r.Destroy(c) })
	r.weather(world.Weather{})
	r.Settle()
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	if got := r.Census(); got != down {
		t.Errorf("destroy left something behind:\n%s\nwant:\n%s", got, down)
	}
	var text bytes.Buffer
	if err := trace.Print(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestAStormChangesNothingInTheEnd(t *testing.T) {
	t.Parallel()
	c := Load(t, small)
	calm := NewRig(1)
	if err := calm.Apply(c); err != nil {
		t.Fatal(err)
	}
	calm.Settle()
	up := calm.Census()
	if err := calm.Destroy(c); err != nil {
		t.Fatal(err)
	}
	calm.Settle()
	down := calm.Census()
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprintf("seed %d", seed+1), func(t *testing.T) {
			one := through(t, seed+1, c, up, down)
			if t.Failed() {
				t.Logf("replay: go test ./internal/dst -run '%s' -seeds %d", t.Name(), *seeds)
				return
			}
			if two := through(t, seed+1, c, up, down); !bytes.Equal(one, two) {
				t.Errorf("the same seed went two ways: %s", firstDifference(one, two))
			}
		})
	}
}

// firstDifference is the first line in which two traces differ.
func firstDifference(a, b []byte) string {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(x), len(y)) {
		if !bytes.Equal(x[i], y[i]) {
			return fmt.Sprintf("line %d:\n%s\n%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

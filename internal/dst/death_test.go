package dst

import (
	"fmt"
	"iter"
	"math"
	"net/http"
	"testing"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// death is the world that a process leaves behind that dies right before or right after the effect of one of its calls.
type death struct {
	*Rig
	name string // "write 3 of 17"; write 0 is before the first
}

// deaths runs f once, and walks the worlds before it and after its writes: at most so many, or all of them. Each is there while it is
// looked at only.
func (r *Rig) deaths(t *testing.T, most int, f func() error) iter.Seq[death] {
	t.Helper()
	states := [][]byte{r.saved(t)}
	trace := r.Sim.Record()
	r.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			before := len(trace.Entries)
			resp, err := next.RoundTrip(req)
			if wrote(trace.Entries[before:]) {
				states = append(states, r.saved(t))
			}
			return resp, err
		})
	}
	err := f()
	r.Hook = nil
	if err != nil {
		t.Fatal(err)
	}
	if len(states) < 4 {
		t.Fatalf("only %d writes", len(states)-1)
	}
	return func(yield func(death) bool) {
		for i, state := range states {
			if sampled(t, i, len(states), most) && !yield(death{r.at(t, state), fmt.Sprintf("write %d of %d", i, len(states)-1)}) {
				return
			}
		}
	}
}

// each is for deaths that all count.
const each = math.MaxInt

// saved is the state of the world, for at.
func (r *Rig) saved(t *testing.T) []byte {
	t.Helper()
	var state []byte
	r.Sim.With(func(w *world.World) {
		var err error
		if state, err = w.Save(); err != nil {
			t.Fatal(err)
		}
	})
	return state
}

// at makes a rig that starts at a state of this one's world, without its hook.
func (r *Rig) at(t *testing.T, state []byte) *Rig {
	t.Helper()
	w, err := world.Load(state)
	if err != nil {
		t.Fatal(err)
	}
	return &Rig{Sim: sim.New(w), Passwords: r.Passwords, Policies: r.Policies, runs: r.runs + 1000}
}

func wrote(entries []world.Entry) bool {
	for _, e := range entries {
		if e.What == "call" && !world.Reads(operation(e.Name)) {
			return true
		}
	}
	return false
}

// operation is the part behind the dot of "service.Operation".
func operation(name string) string {
	for i := range name {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// roundTrip is a function as an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

package dst

import (
	"net/http"
	"testing"

	"berth/internal/sim/world"
)

// forks runs f once and keeps a copy of the world before it and after each of its writes: the worlds that a process
// leaves behind that dies right before or right after the effect of a call.
func (r *Rig) forks(t *testing.T, f func() error) []*Rig {
	t.Helper()
	out := []*Rig{r.Fork(t)}
	trace := r.Sim.Record()
	r.Hook = func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			before := len(trace.Entries)
			resp, err := next.RoundTrip(req)
			if wrote(trace.Entries[before:]) {
				out = append(out, r.Fork(t))
			}
			return resp, err
		})
	}
	err := f()
	r.Hook = nil
	if err != nil {
		t.Fatal(err)
	}
	return out
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

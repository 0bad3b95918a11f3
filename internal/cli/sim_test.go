package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

func TestAdvanceSaysWhatBecameOfRequestsMeanwhile(t *testing.T) {
	p := newPerson(t)
	if got := p.types(t.Context(), "apply", "--yes"); got != 0 {
		t.Fatal(got, p.stderr.String())
	}
	s, store, err := sim.Open(filepath.Join(filepath.Dir(p.file), ".berth", "sim"))
	if err != nil {
		t.Fatal(err)
	}
	rule := ""
	s.With(func(w *world.World) {
		for arn := range w.Region("eu-west-1").Balancing.Rules.All() {
			rule = arn
		}
	})
	if err := store.Close(s); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by, says string
		verb     []string
	}{
		{"5m", "", nil},
		{"1m", "0 requests served, 300 failed (300 no target)\n", []string{"sim", "fault", "offer 5 requests per second to " + rule}},
		{"10s", "0 requests served, 50 failed (50 no target)\n", nil},
		{"1m", "", []string{"sim", "fault", "offer 0 requests per second to " + rule}},
	} {
		if c.verb != nil {
			if got := p.types(t.Context(), c.verb...); got != 0 {
				t.Fatal(got, p.stderr.String())
			}
		}
		got := p.types(t.Context(), "sim", "advance", c.by)
		first, rest, _ := strings.Cut(p.stderr.String(), "\n")
		if got != 0 || !strings.HasPrefix(first, "it is now ") || rest != c.says {
			t.Errorf("by %s: exit code %d, said %q, want %q after the time", c.by, got, p.stderr.String(), c.says)
		}
	}
}

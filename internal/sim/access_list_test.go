package sim_test

import (
	"testing"

	"berth/internal/sim"
	"berth/internal/sim/access"
)

func TestWhatEveryOperationTakesIsKnown(t *testing.T) {
	served := map[string]bool{}
	for _, s := range sim.Services() {
		for op := range s.Ops {
			served[s.Name+"."+op] = true
			if !access.Knows(s.Name, op) {
				t.Errorf("%s.%s is served, and nobody says what a caller needs for it: give it a line in internal/sim/access", s.Name, op)
			}
		}
	}
}

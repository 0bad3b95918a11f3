package fleet

import (
	"flag"
	"strings"
	"testing"
)

var only = flag.String("only", "", "")

var size = flag.Int("size", 0, "")

func TestSmall(t *testing.T) {
	for _, n := range []int{3, 10, 100} {
		if *size > 0 && *size != n {
			continue
		}
		s := newStand(t, n)
		for _, w := range ways() {
			if *only != "" && !strings.Contains(w.name, *only) {
				continue
			}
			f := s.measure(t, w)
			b := f.Busiest()
			t.Logf("%d %-20s took %s bound %s %.3f moves %.2f lowest %.1f served %d failed %d extra %s calls %d %v busiest %s %.0f%% wall %s %dMB", n, f.Way, f.Took, f.Bound, f.Over(), f.Moves, f.Lowest, f.Served, f.Failed, f.Extra, f.Total(), f.Calls, b.Limit.Name, 100*b.Part, f.Wall, f.Memory>>20)
		}
	}
}

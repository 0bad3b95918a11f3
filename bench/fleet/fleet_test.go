package fleet

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what was measured into the page")

// page is the guide with the table.
const page = "../../docs/guide/rolling-figures.md"

// What rolls of small clusters must keep to.
const (
	mostOver  = 1.15 // of the bound
	mostMoves = 1    // for each task, where none is to move twice
	mostRate  = 0.5  // of what AWS documents
)

// TestSmallFleetsAreReplacedAsThePageSays runs every way on small clusters. All of it is in the time of the world, so that the figures
// are the same on every machine.
func TestSmallFleetsAreReplacedAsThePageSays(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{3, 10} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := newStand(t, n)
			for _, w := range ways() {
				f := s.measure(t, w)
				f.keeps(t, w)
				if row := f.Row(); !*update && !strings.Contains(string(text), row) {
					t.Errorf("the page says otherwise of %d instances (go test ./bench/fleet -update rewrites it):\n%s", n, row)
				}
				if *update {
					note(t, f)
				}
			}
		})
	}
}

// keeps wants a roll to keep to what it must.
func (f Figures) keeps(tb testing.TB, w way) {
	tb.Helper()
	if !w.roll {
		return
	}
	if f.Failed > 0 || f.Served == 0 || f.Lowest < 100 {
		tb.Errorf("%d, %s: %d of %d requests failed, %.0f %% of a service were healthy", f.Instances, f.Way, f.Failed, f.Served, f.Lowest)
	}
	if w.single && f.Moves > mostMoves {
		tb.Errorf("%d, %s: %.3f moves for each task", f.Instances, f.Way, f.Moves)
	}
	if f.Over() > mostOver {
		tb.Errorf("%d, %s: %s, the bound is %s", f.Instances, f.Way, f.Took, f.Bound)
	}
	if b := f.Busiest(); b.Part > mostRate {
		tb.Errorf("%d, %s: %.1f %% of the limit of %s", f.Instances, f.Way, 100*b.Part, b.Limit.Name)
	}
}

// note writes what was measured into the page.
func note(tb testing.TB, f Figures) {
	tb.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		tb.Fatal(err)
	}
	whole, err := Put(string(text), f.Instances, []string{f.Row() + f.Cost()})
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(page, []byte(whole), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkFleet replaces all instances of a cluster in every way, and with -update writes the figures into the page. What is not
// reached is told, and does not end it.
func BenchmarkFleet(b *testing.B) {
	for _, n := range []int{3, 10, 100, 1000, 2400} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var s *stand
			for _, w := range ways() {
				b.Run(w.slug, func(b *testing.B) {
					if s == nil {
						s = newStand(b, n)
					}
					for b.Loop() {
						f := s.measure(b, w)
						b.ReportMetric(f.Took.Seconds(), "world-s")
						b.ReportMetric(f.Over(), "of-bound")
						b.ReportMetric(f.Moves, "moves")
						b.ReportMetric(100*f.Busiest().Part, "%-of-rate")
						b.Log(f.Row() + f.Cost())
						if *update {
							note(b, f)
						}
					}
					b.ReportMetric(0, "ns/op")
				})
			}
		})
	}
}

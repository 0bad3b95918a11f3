package dst

import (
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
)

// How much of the long proofs runs:
//
//	go test ./internal/dst                                  a sample, the same one at every run: of the cases of a long test
//	                                                        some that are evenly spread, and a few seeds
//	go test ./internal/dst -seeds 500                       more seeds: of storms and of random files
//	go test ./internal/dst -full -seeds 200 -timeout 4h     every case, too: make dst
var (
	full  = flag.Bool("full", false, "run every case of the long tests, not a sample of them")
	seeds = flag.Int("seeds", 6, "how many seeds to run of what is random")
)

// sampled tells whether case i of so many runs: without -full at most so many do, evenly spread, and not the same ones in every
// test, since much of what one test does others do too.
func sampled(t *testing.T, i, of, most int) bool {
	if *full || of <= most {
		return true
	}
	name := fnv.New32a()
	_, _ = name.Write([]byte(t.Name())) // cannot fail
	at := (i + int(name.Sum32()%uint32(of))) % of
	return at*most/of != (at+1)*most/of
}

// What a test of this package makes it soon throws away, and little of it lives at once: with a heap that grows to five times of what
// lives, not twice, the package needs a quarter less time. What is allocated where is noted only for who asks: the calls go deep, so that
// it costs a tenth of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400)
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["test.memprofile"] {
		runtime.MemProfileRate = 0
	}
	if !given["rapid.checks"] {
		if err := flag.Set("rapid.checks", fmt.Sprint(4**seeds)); err != nil {
			panic(err) // rapid has another flag now
		}
	}
	os.Exit(m.Run())
}

func TestASampleIsEvenlySpreadAndAsLargeAsItMayBe(t *testing.T) {
	if *full {
		t.Skip("with -full there is no sample")
	}
	for of := 1; of < 100; of++ {
		last, runs := -1, 0
		for i := range 2 * of { // around, to see the gap between the last one and the first
			if !sampled(t, i%of, of, 8) {
				continue
			}
			if last >= 0 && i-last > (of+7)/8 {
				t.Errorf("of %d, none between %d and %d", of, last, i)
			}
			last, runs = i, runs+1
		}
		if runs != 2*min(of, 8) {
			t.Errorf("of %d, %d run", of, runs/2)
		}
	}
}

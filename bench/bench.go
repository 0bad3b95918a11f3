// Package bench measures what berth costs: calls to AWS and how deep they lie, time, memory, bytes.
//
// In: the example file and the simulated AWS behind a network that takes its time. Out: figures. Tests hold the counts,
// in a bubble of fake time in which a call takes its latency and nothing else, so that they are the same on every
// machine; benchmarks measure what depends on the machine, with the binary that people run. It must never hold a test
// to the machine's clock.
package bench

import (
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// Latency is what the network adds to every call.
const Latency = 100 * time.Millisecond

// Width is how many calls the tool has under way at once over a network.
const Width = 32

// Tally counts the calls of a stretch of a trace. Those on the lease are counted apart: they are neither looks nor
// changes, and how many they are depends on how long a run takes.
type Tally struct {
	Calls, Reads, Writes, Lease int
	Kinds                       map[string]int // all of them, by "service.Operation"
}

// Count counts the calls among the entries of a trace.
func Count(entries []world.Entry) Tally {
	t := Tally{Kinds: map[string]int{}}
	for _, e := range entries {
		if e.What != "call" {
			continue
		}
		t.Calls++
		t.Kinds[e.Name]++
		_, operation, _ := strings.Cut(e.Name, ".")
		switch {
		case onLease(operation, e.Detail):
			t.Lease++
		case world.Reads(operation):
			t.Reads++
		default:
			t.Writes++
		}
	}
	return t
}

// onLease tells the calls on one object of S3 that is a lease.
func onLease(operation, input string) bool {
	switch operation {
	case "PutObject", "GetObject", "HeadObject", "DeleteObject":
		return strings.Contains(input, `"Key":"lease/`)
	}
	return false
}

// Depth is the length of the longest row of calls of which each began when the one before it had been answered: how
// often a latency had to be waited for. An entry's time is that of its answer, so it was sent one latency before.
func Depth(entries []world.Entry, latency time.Duration) int {
	var answers []time.Time
	for _, e := range entries {
		if e.What == "call" {
			answers = append(answers, e.At)
		}
	}
	slices.SortFunc(answers, time.Time.Compare)
	depth := 0
	var last time.Time
	for _, at := range answers {
		if sent := at.Add(-latency); depth == 0 || !sent.Before(last) {
			depth++
			last = at
		}
	}
	return depth
}

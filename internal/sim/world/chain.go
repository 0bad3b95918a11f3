package world

import (
	"cmp"
	"slices"
	"time"
)

// Chain is a row of drawn delays of which none begins before the one ahead of it has ended.
type Chain []Entry

// Sum is how long the delays of the chain take together.
func (c Chain) Sum() time.Duration {
	sum := time.Duration(0)
	for _, e := range c {
		sum += e.For
	}
	return sum
}

// LongestChain picks, of all delays that were drawn and had ended by a moment, the chain that takes longest. Whoever
// waited for each of its delays cannot have been done sooner, so it is what the time of a run is measured against. A
// delay that ended later was waited for by nobody. Of chains that take equally long, the same trace gives the same one.
func (t *Trace) LongestChain(until time.Time) Chain {
	draws := t.draws(until)
	best := make([]time.Duration, len(draws)+1) // of the first n draws
	for n, e := range draws {
		best[n+1] = max(best[n], best[endedBy(draws[:n], e.At)]+e.For)
	}
	var chain Chain
	for n := len(draws); n > 0; {
		if best[n] == best[n-1] {
			n--
			continue
		}
		chain = append(chain, draws[n-1])
		n = endedBy(draws[:n-1], draws[n-1].At)
	}
	slices.Reverse(chain)
	return chain
}

// draws are the delays of a trace that take time and had ended by a moment, by their ends.
func (t *Trace) draws(until time.Time) []Entry {
	var draws []Entry
	if t == nil {
		return draws
	}
	for _, e := range t.Entries {
		if e.What == "draw" && e.For > 0 && !e.end().After(until) {
			draws = append(draws, e)
		}
	}
	slices.SortStableFunc(draws, func(a, b Entry) int { return a.end().Compare(b.end()) })
	return draws
}

func (e Entry) end() time.Time { return e.At.Add(e.For) }

// endedBy counts the draws, sorted by their ends, that had ended at a moment.
func endedBy(draws []Entry, at time.Time) int {
	n, _ := slices.BinarySearchFunc(draws, at, func(e Entry, at time.Time) int {
		return cmp.Or(e.end().Compare(at), -1) // behind every one that ends right then
	})
	return n
}

package world

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(seconds int) time.Time { return Epoch().Add(time.Duration(seconds) * time.Second) }

// draw is a delay from one second to another.
func draw(name string, from, to int) Entry {
	return Entry{At: at(from), What: "draw", Name: name, For: at(to).Sub(at(from))}
}

func names(c Chain) []string {
	var out []string
	for _, e := range c {
		out = append(out, e.Name)
	}
	return out
}

func TestLongestChain(t *testing.T) {
	for _, c := range []struct {
		name  string
		draws []Entry
		until int
		want  []string
		sum   time.Duration
	}{
		{"nothing", nil, 100, nil, 0},
		{"the longest of three at once", []Entry{draw("a", 0, 5), draw("b", 0, 9), draw("c", 1, 7)}, 100, []string{"b"}, 9 * time.Second},
		{"one after the other, touching", []Entry{draw("a", 0, 5), draw("b", 5, 9)}, 100, []string{"a", "b"}, 9 * time.Second},
		{"two short ones beat a long one", []Entry{draw("long", 0, 10), draw("a", 0, 6), draw("b", 7, 12)}, 100, []string{"a", "b"}, 11 * time.Second},
		{"a long one beats two short ones", []Entry{draw("a", 0, 3), draw("long", 1, 11), draw("b", 7, 12)}, 100, []string{"long"}, 10 * time.Second},
		{"what ended later was waited for by nobody", []Entry{draw("a", 0, 3), draw("checks", 3, 90), draw("b", 4, 20)}, 20, []string{"a", "b"}, 19 * time.Second},
		{"calls, events and draws of no time do not count", []Entry{
			{At: at(0), What: "call", For: time.Hour}, {At: at(1), What: "event"}, draw("none", 2, 2), draw("a", 1, 3),
		}, 100, []string{"a"}, 2 * time.Second},
	} {
		trace := &Trace{Entries: c.draws}
		got := trace.LongestChain(at(c.until))
		if !slices.Equal(names(got), c.want) || got.Sum() != c.sum {
			t.Errorf("%s: %v of %v, want %v of %v", c.name, names(got), got.Sum(), c.want, c.sum)
		}
	}
}

// longest tries every subset of the draws.
func longest(draws []Entry) time.Duration {
	best := time.Duration(0)
	for mask := range 1 << len(draws) {
		var picked Chain
		for i, e := range draws {
			if mask>>i&1 == 1 {
				picked = append(picked, e)
			}
		}
		if apart(picked) {
			best = max(best, picked.Sum())
		}
	}
	return best
}

func apart(c Chain) bool {
	for i, a := range c {
		for _, b := range c[i+1:] {
			if a.At.Before(b.end()) && b.At.Before(a.end()) {
				return false
			}
		}
	}
	return true
}

func TestLongestChainIsTheBestOfAllSubsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var trace Trace
		for range rapid.IntRange(0, 9).Draw(t, "draws") {
			from := rapid.IntRange(0, 20).Draw(t, "from")
			trace.Entries = append(trace.Entries, draw("x", from, from+rapid.IntRange(1, 12).Draw(t, "for")))
		}
		got := trace.LongestChain(at(100))
		if want := longest(trace.Entries); got.Sum() != want || !apart(got) {
			t.Fatalf("chain %v of %v, want %v", got, got.Sum(), want)
		}
		if !slices.IsSortedFunc(got, func(a, b Entry) int { return a.At.Compare(b.At) }) {
			t.Fatalf("the chain is not in order: %v", got)
		}
	})
}

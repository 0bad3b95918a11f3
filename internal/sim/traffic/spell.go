package traffic

import (
	"math/bits"
	"time"

	"berth/internal/sim/world"
)

// second is a whole request in a spell's phase, and a second in time.
const second = int64(time.Second)

// arrived tells how many requests of a spell have come by a moment, and the part of the next one in billionths.
func arrived(s *world.Spell, by time.Time) (n, phase int64) {
	if !s.Until.IsZero() && s.Until.Before(by) {
		by = s.Until
	}
	high, low := bits.Mul64(uint64(max(by.Sub(s.From), 0)), uint64(s.Rate))
	low, carry := bits.Add64(low, uint64(s.Phase), 0)
	whole, part := bits.Div64(high+carry, low, uint64(second)) // rates are at most a million, so that the result fits
	return int64(whole), int64(part)
}

// due is when the k-th request of a spell comes; the first is 1.
func due(s *world.Spell, k int64) time.Time {
	high, low := bits.Mul64(uint64(k), uint64(second))
	low, borrow := bits.Sub64(low, uint64(s.Phase), 0)
	low, carry := bits.Add64(low, uint64(s.Rate-1), 0)
	after, _ := bits.Div64(high-borrow+carry, low, uint64(s.Rate))
	return s.From.Add(time.Duration(after))
}

// lanes are all lanes of a spell with the target group of each, in the order of spread.
func lanes(s *world.Spell) []lane {
	var out []lane
	for p := range s.Paths {
		for n := range s.Paths[p].Nodes {
			for l := range s.Paths[p].Nodes[n].Lanes {
				out = append(out, lane{&s.Paths[p].Nodes[n].Lanes[l], s.Paths[p].Key})
			}
		}
	}
	return out
}

type lane struct {
	*world.Lane
	group string
}

// done tells how many requests of a lane, the i-th of its spell, are over by a moment: those that came early enough.
func done(s *world.Spell, i int, l lane, by time.Time) int64 {
	n, _ := arrived(s, by.Add(-l.Took))
	return spread(s, n)[i]
}

// busyUntil is when the last request of a spell that has ended is over.
func busyUntil(s *world.Spell) time.Time {
	most := time.Duration(0)
	for _, l := range lanes(s) {
		if l.Outcome == "" && !l.Died {
			most = max(most, l.Took)
		}
	}
	return s.Until.Add(most)
}

// edge finds when the n-th request of a lane, the i-th of its spell, comes; n is at least 1 and at most what it gets.
func edge(s *world.Spell, i int, n, of int64) time.Time {
	low, high := int64(1), of
	for low < high {
		middle := (low + high) / 2
		if spread(s, middle)[i] >= n {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return due(s, low)
}

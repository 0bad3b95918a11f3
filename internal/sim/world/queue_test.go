package world

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// twinQueue is a queue that anybody believes: a slice, sorted stably at every pop.
type twinQueue []Event

func (q *twinQueue) pop(end time.Time) (Event, bool) {
	slices.SortStableFunc(*q, func(a, b Event) int { return a.At.Compare(b.At) })
	if len(*q) == 0 || (*q)[0].At.After(end) {
		return Event{}, false
	}
	first := (*q)[0]
	*q = (*q)[1:]
	return first, true
}

func TestQueueGivesEventsLikeAStablySortedSlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var twin twinQueue
		moment := func() time.Time { return Epoch().Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "s")) * time.Second) }
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if rapid.IntRange(0, 2).Draw(t, "op") > 0 {
				e := Event{At: moment(), Seq: q.Next, Kind: "x"}
				q.push(e)
				twin = append(twin, e)
				continue
			}
			end := moment()
			got, ok := q.pop(end)
			want, wantOK := twin.pop(end)
			if got != want || ok != wantOK {
				t.Fatalf("pop(%v) = %+v %t, want %+v %t", end, got, ok, want, wantOK)
			}
			next, any := q.next()
			if any != (len(twin) > 0) || any && next.After(slices.MinFunc(twin, func(a, b Event) int { return a.At.Compare(b.At) }).At) {
				t.Fatalf("next = %v %t with %d left", next, any, len(twin))
			}
		}
	})
}

package world

import (
	"testing"
	"time"
)

// takes is how many single tokens a bucket gives in a row.
func takes(w *World, name string, r Rate) int {
	n := 0
	for ; n < 10_000 && w.Take(name, r, 1); n++ {
	}
	return n
}

func TestBucketGivesItsBurstAndRefillsInWholeSeconds(t *testing.T) {
	w := New(1)
	r := Rate{Burst: 5, PerSecond: 2}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{
		{0, 5},
		{999 * time.Millisecond, 0},
		{time.Millisecond, 2},
		{1500 * time.Millisecond, 2}, // the half second is not lost:
		{500 * time.Millisecond, 2},
		{time.Hour, 5}, // never more than the burst
	} {
		w.Advance(step.after)
		if got := takes(w, "b", r); got != step.want {
			t.Errorf("%v later: %d tokens, want %d", step.after, got, step.want)
		}
	}
}

func TestBucketRefillsByFractions(t *testing.T) {
	w := New(1)
	r := Rate{Burst: 4, PerSecond: 0.3}
	takes(w, "b", r)
	w.Advance(3 * time.Second)
	if got := takes(w, "b", r); got != 0 {
		t.Errorf("%d tokens after 3 s, want 0", got)
	}
	w.Advance(time.Second)
	if got := takes(w, "b", r); got != 1 {
		t.Errorf("%d tokens after 4 s, want 1", got)
	}
}

func TestBucketsAreApart(t *testing.T) {
	w := New(1)
	r := Rate{Burst: 3, PerSecond: 1}
	takes(w, "a", r)
	if got := takes(w, "b", r); got != 3 {
		t.Errorf("bucket b gives %d after a is empty, want 3", got)
	}
}

func TestRefusedTakeCostsNothing(t *testing.T) {
	w := New(1)
	r := Rate{Burst: 10, PerSecond: 1}
	if w.Take("b", r, 11) {
		t.Error("11 tokens came out of a bucket of 10")
	}
	if !w.Take("b", r, 10) {
		t.Error("the refused take cost something")
	}
}

func TestNoLimitGivesForEver(t *testing.T) {
	w := New(1)
	w.Tuning.NoLimit = true
	if got := takes(w, "b", Rate{Burst: 1}); got != 10_000 {
		t.Errorf("without a limit %d calls went through", got)
	}
	w.Tuning.NoLimit = false
	if got := takes(w, "b", Rate{Burst: 1}); got != 1 {
		t.Errorf("the calls without limit cost something: %d left, want 1", got)
	}
}

package screen

import (
	"context"
	"errors"
	"testing"
	"time"
)

// ticker is a clock that only counts.
type ticker struct {
	at     time.Time
	sleeps int
}

func (c *ticker) Now() time.Time { return c.at }

func (c *ticker) Sleep(ctx context.Context, d time.Duration) error {
	c.at = c.at.Add(d)
	c.sleeps++
	return ctx.Err()
}

func TestAPacedRunTakesAboutItsPace(t *testing.T) {
	for _, c := range []struct {
		name        string
		pace, usual time.Duration
		slept       time.Duration
		least, most time.Duration
	}{
		{"as expected", 4 * time.Second, 3 * time.Minute, 3 * time.Minute, 3900 * time.Millisecond, 4100 * time.Millisecond},
		{"half of it", 4 * time.Second, 3 * time.Minute, 90 * time.Second, 1900 * time.Millisecond, 2100 * time.Millisecond},
		{"far longer than expected", 4 * time.Second, 3 * time.Minute, time.Hour, 4 * time.Second, 5200 * time.Millisecond},
		{"nothing to wait for", 4 * time.Second, 0, time.Minute, 0, 0},
		{"no pace", 0, 3 * time.Minute, 3 * time.Minute, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			world, wall := &ticker{}, &ticker{}
			beats := 0
			h := &Heart{Clock: world, Wall: wall, Live: true, Beat: func(time.Time) { beats++ }}
			h.PaceTo(c.pace, c.usual)
			for range 60 {
				if err := h.Sleep(t.Context(), c.slept/60); err != nil {
					t.Fatal(err)
				}
			}
			if got := world.at.Sub(time.Time{}); got != c.slept {
				t.Errorf("the world slept %v, not %v", got, c.slept)
			}
			if took := wall.at.Sub(time.Time{}); took < c.least || took > c.most {
				t.Errorf("it took %v here, want %v to %v", took, c.least, c.most)
			}
			if beats < 60 {
				t.Errorf("the screen moved %d times only", beats)
			}
		})
	}
}

func TestTheScreenMovesWhileALongSleepGoesOn(t *testing.T) {
	world := &ticker{}
	var beats []time.Time
	h := &Heart{Clock: world, Live: true, Speed: 10, Beat: func(at time.Time) { beats = append(beats, at) }}
	if err := h.Sleep(t.Context(), 25*time.Second); err != nil {
		t.Fatal(err)
	}
	if len(beats) != 25 || world.sleeps != 25 { // a tenth of a second each, at ten times the speed
		t.Errorf("%d beats and %d sleeps", len(beats), world.sleeps)
	}
}

func TestWithoutAScreenASleepIsOnePiece(t *testing.T) {
	world := &ticker{}
	h := &Heart{Clock: world, Speed: 10, Beat: func(time.Time) {}}
	if err := h.Sleep(t.Context(), 25*time.Second); err != nil || world.sleeps != 1 {
		t.Errorf("%d sleeps, %v", world.sleeps, err)
	}
}

func TestASleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	world, wall := &ticker{}, &ticker{}
	h := &Heart{Clock: world, Wall: wall, Live: true, Beat: func(time.Time) { cancel() }}
	h.PaceTo(time.Second, time.Minute)
	if err := h.Sleep(ctx, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if world.sleeps != 1 {
		t.Errorf("%d sleeps after the end", world.sleeps)
	}
}

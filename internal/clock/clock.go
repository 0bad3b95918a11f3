// Package clock is the only place that knows what time it is and how to wait.
//
// In: nothing. Out: a Clock: the system's, or one that runs faster so that a tool keeps step with a simulator that
// does. It must never be read by code that decides; time arrives there as data.
package clock

import (
	"context"
	"math"
	"time"
)

// Clock tells the time and waits. The simulated world is one too: sleeping moves it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx is done; then it returns ctx's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// System is the machine's clock.
func System() Clock { return Scaled(1) }

// Scaled is a clock that starts now and runs speed times as fast as the machine's; a speed that is not a positive
// number counts as 1.
func Scaled(speed float64) Clock {
	if !(speed > 0) || math.IsInf(speed, 1) {
		speed = 1
	}
	return scaled{start: time.Now(), speed: speed}
}

type scaled struct {
	start time.Time
	speed float64
}

// Now is the machine's own time at speed 1, also after somebody has set it.
func (c scaled) Now() time.Time {
	if c.speed == 1 {
		return time.Now()
	}
	return c.start.Add(scale(time.Since(c.start), c.speed))
}

// Sleep waits at least as long as asked by this clock. A context that is over ends it even when there is nothing to
// wait for.
func (c scaled) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := time.NewTimer(scale(d, 1/c.speed))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// scale is d times by, rounded up, and never more than a Duration holds.
func scale(d time.Duration, by float64) time.Duration {
	return time.Duration(math.Ceil(min(float64(d)*by, 1<<62)))
}

// From is a clock that goes like another one, and shows a time now.
func From(c Clock, now time.Time) Clock { return shifted{c, now.Sub(c.Now())} }

type shifted struct {
	Clock

	by time.Duration
}

// Now is the other clock's time, shifted.
func (s shifted) Now() time.Time { return s.Clock.Now().Add(s.by) }

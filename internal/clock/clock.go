// Package clock is the only place that knows what time it is and how to wait.
//
// In: nothing. Out: a Clock: the system's, or one that runs faster so that a tool keeps step with a simulator that
// does. It must never be read by code that decides; time arrives there as data.
package clock

import (
	"context"
	"time"
)

// Clock tells the time and waits. The simulated world is one too: sleeping moves it.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx is done; then it returns ctx's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// System is the machine's clock.
func System() Clock { return scaled{start: time.Now(), speed: 1} }

// Scaled is a clock that starts now and runs speed times as fast as the machine's; speeds of 0 and below count as 1.
func Scaled(speed float64) Clock {
	if speed <= 0 {
		speed = 1
	}
	return scaled{start: time.Now(), speed: speed}
}

type scaled struct {
	start time.Time
	speed float64
}

func (c scaled) Now() time.Time {
	if c.speed == 1 {
		return time.Now()
	}
	return c.start.Add(time.Duration(float64(time.Since(c.start)) * c.speed))
}

func (c scaled) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(time.Duration(float64(d) / c.speed))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

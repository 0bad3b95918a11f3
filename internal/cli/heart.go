package cli

import (
	"context"
	"time"

	"berth/internal/clock"
)

// heart is the cluster's clock for a run that somebody looks at: it sleeps in short pieces and lets the screen move
// between them. On the embedded AWS, where sleeping takes no time, it takes some.
type heart struct {
	clock.Clock
	beat func(time.Time) // told the time between two pieces
	live bool            // cut sleeps into pieces
	wall clock.Clock     // what takes time when the other does not; nil: the other does

	speed float64       // the cluster's seconds per second of the wall
	left  time.Duration // what may still be taken from the wall
}

// flicker is how long a piece of sleep is, on the wall.
const flicker = 100 * time.Millisecond

// paceTo makes a plan that usually takes that long take about total. Whatever takes longer than expected is not waited
// for much longer here.
func (h *heart) paceTo(total, usual time.Duration) {
	if h.wall == nil || total <= 0 || usual <= 0 {
		return
	}
	h.speed, h.left = usual.Seconds()/total.Seconds(), total+total/4
}

// Sleep waits for d.
func (h *heart) Sleep(ctx context.Context, d time.Duration) error {
	piece := d
	if h.live && h.speed > 0 {
		piece = max(time.Duration(float64(flicker)*h.speed), time.Millisecond)
	}
	for {
		now := min(piece, d)
		if err := h.nap(ctx, now); err != nil {
			return err
		}
		if err := h.Clock.Sleep(ctx, now); err != nil {
			return err
		}
		h.beat(h.Now())
		if d -= now; d <= 0 {
			return nil
		}
	}
}

// nap takes from the wall what a sleep on the embedded AWS shall take.
func (h *heart) nap(ctx context.Context, d time.Duration) error {
	if h.wall == nil || h.speed <= 0 || h.left <= 0 {
		return nil
	}
	took := time.Duration(float64(d) / h.speed)
	h.left -= took
	return h.wall.Sleep(ctx, took)
}

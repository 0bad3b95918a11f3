package screen

import (
	"context"
	"time"

	"berth/internal/clock"
)

// Heart is the cluster's clock for a run that somebody looks at: it sleeps in short pieces and lets the screen move
// between them. On the embedded AWS, where sleeping takes no time, it takes some.
type Heart struct {
	clock.Clock
	Beat  func(time.Time) // told the time between two pieces
	Live  bool            // cut sleeps into pieces
	Wall  clock.Clock     // what takes time when the other does not; nil: the other does
	Speed float64         // the cluster's seconds per second of the wall

	left time.Duration // what may still be taken from the wall
}

// flicker is how long a piece of sleep is, on the wall.
const flicker = 100 * time.Millisecond

// PaceTo makes a plan that usually takes that long take about total. Whatever takes longer than expected is not waited
// for much longer here.
func (h *Heart) PaceTo(total, usual time.Duration) {
	if h.Wall == nil || total <= 0 || usual <= 0 {
		return
	}
	h.Speed, h.left = usual.Seconds()/total.Seconds(), total+total/4
}

// Sleep waits for d.
func (h *Heart) Sleep(ctx context.Context, d time.Duration) error {
	piece := d
	if h.Live && h.Speed > 0 {
		piece = max(time.Duration(float64(flicker)*h.Speed), time.Millisecond)
	}
	for {
		now := min(piece, d)
		if err := h.nap(ctx, now); err != nil {
			return err
		}
		if err := h.Clock.Sleep(ctx, now); err != nil {
			return err
		}
		h.Beat(h.Now())
		if d -= now; d <= 0 {
			return nil
		}
	}
}

// nap takes from the wall what a sleep on the embedded AWS shall take.
func (h *Heart) nap(ctx context.Context, d time.Duration) error {
	if h.Wall == nil || h.Speed <= 0 || h.left <= 0 {
		return nil
	}
	took := time.Duration(float64(d) / h.Speed)
	h.left -= took
	return h.Wall.Sleep(ctx, took)
}

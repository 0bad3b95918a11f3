package world

import "time"

// Rate is a token bucket's size and its refill per second.
type Rate struct{ Burst, PerSecond float64 }

// Bucket is what is left of a request budget.
type Bucket struct {
	Tokens float64
	At     time.Time
}

// Take spends n tokens of the named bucket and tells whether there were enough. Buckets refill in whole seconds
// (EC2 developer guide, "Request throttling").
func (w *World) Take(name string, r Rate, n float64) bool {
	b, ok := w.Buckets[name]
	if !ok {
		b = Bucket{Tokens: r.Burst, At: w.Time}
	}
	if whole := w.Time.Sub(b.At).Truncate(time.Second); whole > 0 {
		b.Tokens = min(r.Burst, b.Tokens+whole.Seconds()*r.PerSecond)
		b.At = b.At.Add(whole)
	}
	enough := w.Tuning.NoLimit || b.Tokens >= n
	if enough && !w.Tuning.NoLimit {
		b.Tokens -= n
	}
	w.Buckets[name] = b
	return enough
}

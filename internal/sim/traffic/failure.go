package traffic

import (
	"time"

	"berth/internal/sim/world"
)

// Why requests fail.
const (
	NoTarget = "no_target" // 503: there is no target to send them to
	Refused  = "refused"   // 502 or 504: nothing listens, or nothing is reached
	Errors   = "error"     // the program answers with 5xx, or never
	Cut      = "cut"       // the program went away while it worked on them
)

// mostFailures is how many stretches of failures a flow remembers.
const mostFailures = 100

// near is how far apart failures of one kind may be and still belong together.
const near = 10 * time.Second

// fail counts failed requests and remembers when that was. What it is told must not go back in time by more than a spell.
func fail(f *world.Flow, x world.Failure) {
	t := total(f, x.Group)
	*reason(t, x.Reason) += x.Count
	if t.First.IsZero() || x.From.Before(t.First) {
		t.First = x.From
	}
	if x.To.After(t.Last) {
		t.Last = x.To
	}
	if seconds := x.To.Unix() - max(x.From.Unix(), t.LastSecond+1) + 1; seconds > 0 {
		t.Seconds += seconds
		t.LastSecond = x.To.Unix()
	}
	for i := range f.Failures {
		old := &f.Failures[i]
		if old.Reason == x.Reason && old.Group == x.Group && old.Target == x.Target && !x.From.After(old.To.Add(near)) {
			if x.To.After(old.To) {
				old.To = x.To
			}
			old.Count += x.Count
			return
		}
	}
	if len(f.Failures) == mostFailures {
		f.Failures = append([]world.Failure(nil), f.Failures[1:]...)
	}
	f.Failures = append(f.Failures, x)
}

func reason(t *world.FlowTotal, why string) *int64 {
	switch why {
	case NoTarget:
		return &t.NoTarget
	case Refused:
		return &t.Refused
	case Errors:
		return &t.Errors
	default:
		return &t.Cut
	}
}

package probe

import (
	"time"

	"berth/internal/sim/world"
)

// Rhythm is how often a target is checked and how many checks in a row turn it.
type Rhythm struct {
	Interval, Timeout         time.Duration
	First, Healthy, Unhealthy int // First: successes that a new target needs
}

// The reasons why checks fail, as the API names them; Mismatched is followed by a blank and the status.
const (
	TimedOut   = "Target.Timeout"
	Failed     = "Target.FailedHealthChecks"
	Mismatched = "Target.ResponseCodeMismatch"
)

// Start begins to check: the first check is made at the given time, and checks end as result says.
func Start(p *world.Probe, at time.Time, result string) {
	*p = world.Probe{State: world.ProbeInitial, Start: at, Result: result}
}

// Settle counts the checks that ended since the last time and turns the state when they are enough. All of them ended
// as Result says. It tells whether the state turned.
func (k Rhythm) Settle(p *world.Probe, now time.Time) bool {
	n := k.due(p, now) - p.Made
	if n <= 0 {
		return false
	}
	if passes := p.Result == ""; passes != p.Passing {
		p.Passing, p.Run = passes, 0
	}
	p.Made += n
	p.Run += n
	if !p.Passing {
		p.Failure = p.Result
	}
	was := p.State
	if p.Run >= k.enough(p) {
		p.State = turned(p)
	}
	return p.State != was
}

// TurnsAt is when the state will turn if checks keep ending as at present, and whether it will.
func (k Rhythm) TurnsAt(p *world.Probe) (time.Time, bool) {
	if p.State == "" || p.State == turned(p) {
		return time.Time{}, false
	}
	left := k.enough(p)
	if (p.Result == "") == p.Passing {
		left -= p.Run
	}
	last := p.Made + max(left, 1) - 1
	return p.Start.Add(time.Duration(last)*k.Interval + k.lasts(p)), true
}

// Rebase makes the next check the first one that Made counts, so that the rhythm may change.
func (k Rhythm) Rebase(p *world.Probe) {
	if p.State != "" {
		p.Start = p.Start.Add(time.Duration(p.Made) * k.Interval)
		p.Made = 0
	}
}

// lasts is how long one check takes: an answer is at once, silence takes the whole timeout.
func (k Rhythm) lasts(p *world.Probe) time.Duration {
	if p.Result == TimedOut {
		return k.Timeout
	}
	return 0
}

// due counts the checks since Start that are over by now.
func (k Rhythm) due(p *world.Probe, now time.Time) int {
	over := now.Add(-k.lasts(p))
	if p.State == "" || over.Before(p.Start) {
		return 0
	}
	return int(over.Sub(p.Start)/k.Interval) + 1
}

// enough is how many checks in a row, ending as at present, turn the state.
func (k Rhythm) enough(p *world.Probe) int {
	switch {
	case p.Result != "":
		return k.Unhealthy
	case p.State == world.ProbeInitial:
		return k.First
	default:
		return k.Healthy
	}
}

// turned is the state that enough checks like the present ones lead to.
func turned(p *world.Probe) string {
	if p.Result == "" {
		return world.ProbeHealthy
	}
	return world.ProbeUnhealthy
}

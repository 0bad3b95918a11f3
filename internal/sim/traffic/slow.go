package traffic

import (
	"time"

	"berth/internal/sim/world"
)

// steps is in how many steps a target in slow start comes to its full share; the last one is the whole of it.
const steps = 100

// weightAt is what a lane weighs: all the same, but for those in slow start, which begin with one step and grow evenly.
func weightAt(l *world.Lane, at time.Time) int64 {
	if l.SlowFrom.IsZero() {
		return steps
	}
	return min(steps, 1+int64(at.Sub(l.SlowFrom)/(l.SlowFor/steps)))
}

// nextStep is when a lane of a spell next weighs more; the zero time: never.
func nextStep(s *world.Spell) time.Time {
	var first time.Time
	for _, l := range lanes(s) {
		if l.SlowFrom.IsZero() || l.Weight >= steps {
			continue
		}
		at := l.SlowFrom.Add(time.Duration(l.Weight) * (l.SlowFor / steps))
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first
}

// advance begins a new spell for every step of a slow start that a flow has made by now.
func advance(f *world.Flow, now time.Time) {
	for {
		s := current(f)
		at := nextStep(s)
		if at.IsZero() || at.After(now) {
			return
		}
		next := world.Spell{Paths: fresh(s.Paths)}
		for _, l := range lanes(&next) {
			l.Weight = weightAt(l.Lane, at)
		}
		turn(f, at, s.Rate, next.Paths)
	}
}

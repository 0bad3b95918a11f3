package world

import (
	"strings"
	"time"
)

// Fault is what goes wrong with one call.
type Fault int

// The faults. Those before the effect leave the world as it was; those after it do not.
const (
	Fine        Fault = iota
	Throttle          // refused as one call too many
	Break             // AWS breaks down before the effect: a 500
	LoseRequest       // the connection is cut before the effect
	LoseAnswer        // the connection is cut after the effect
	StaleRead         // a read sees what was before the last writes
	Refuse            // refused with an error that somebody chose
)

// Staleness is how long reads may tell old news.
const Staleness = 20 * time.Second

// Weather is how often calls go wrong: probabilities between 0 and 1. The zero Weather is fine.
type Weather struct{ Throttle, Break, LoseRequest, LoseAnswer, Stale float64 }

// Reads tells whether an operation changes nothing, by its name.
func Reads(operation string) bool {
	for _, verb := range []string{"Describe", "Get", "List", "Head"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}

// Throw decides what goes wrong with a call. It depends on the operation and on how often that was called, not on
// what else went on.
func (f Weather) Throw(w *World, service, operation string) Fault {
	if f == (Weather{}) {
		return Fine
	}
	p := w.Dice("weather " + service + "." + operation).Float64()
	stale := f.Stale
	if !Reads(operation) || service == "s3" || service == "sts" { // S3 is strongly consistent
		stale = 0
	}
	for _, one := range []struct {
		fault  Fault
		chance float64
	}{{Throttle, f.Throttle}, {Break, f.Break}, {LoseRequest, f.LoseRequest}, {LoseAnswer, f.LoseAnswer}, {StaleRead, stale}} {
		if p < one.chance {
			return one.fault
		}
		p -= one.chance
	}
	return Fine
}

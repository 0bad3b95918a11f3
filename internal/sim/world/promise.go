package world

import "time"

// Promise is something that must hold from a moment on, or at that moment only. What it means is said in a sentence.
type Promise struct {
	Region string
	Text   string
	From   time.Time
	Once   bool
	Before int64     // of what it counts, what had happened when it was made
	Kept   bool      // it was looked at, and held
	Broken string    // how it was broken first; empty while it holds
	At     time.Time // when
}

// Watch lets f look at the world after everything that happens in it; nil ends that.
func (w *World) Watch(f func(*World)) { w.watch = f }

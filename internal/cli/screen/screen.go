// Package screen keeps the display of a run alive: it shows a plan that is being carried out, moves its clocks on while
// the run sleeps, and gives the embedded AWS, where no sleep takes time, a pace that people can follow.
//
// In: events, and the clock of the cluster. Out: lines on a writer, by way of render. It decides nothing.
package screen

import (
	"fmt"
	"io"
	"sync"
	"time"

	"berth/internal/plan"
	"berth/internal/render"
)

// Screen shows a plan that is being carried out. Events come from the loop, ticks from whoever sleeps, lines from
// anybody. The zero value shows nothing yet.
type Screen struct {
	mu       sync.Mutex
	progress *render.Progress // nil until a plan is under way
	other    Display          // nil where it is no plan
	out      io.Writer
	taking   time.Time // since when the run tries to get the lease; zero: it does not
	said     bool      // that it takes a while
}

// Display is what shows something else than a plan.
type Display interface {
	Tick(now time.Time)
	Close()
}

// Show shows something else than a plan from now on.
func (s *Screen) Show(d Display) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.other, s.taking = d, time.Time{}
}

// Alone runs f while nothing else writes.
func (s *Screen) Alone(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// patience is how long taking the lease may last without a word: only a lease that somebody has takes longer.
const patience = 9 * time.Second

// Take notes that the run tries to get the lease from now on. When that takes a while, out is told once.
func (s *Screen) Take(out io.Writer, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out, s.taking = out, now
}

// Begin shows the plan's progress from now on.
func (s *Screen) Begin(p *render.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = p
}

// Tell shows one event.
func (s *Screen) Tell(e plan.Event) { s.with(func(p *render.Progress) { p.Tell(e) }) }

// Tick lets time pass.
func (s *Screen) Tick(now time.Time) {
	s.with(func(p *render.Progress) { p.Tick(now) })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.other != nil {
		s.other.Tick(now)
	}
	if s.progress == nil && !s.said && !s.taking.IsZero() && now.Sub(s.taking) > patience {
		s.said = true
		fmt.Fprintln(s.out, "the cluster is held by another run, or by one that died; this takes up to two minutes to find out")
	}
}

// Line writes a line that is not in the middle of another.
func (s *Screen) Line(out io.Writer, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(out, text)
}

// End leaves the last state on the screen.
func (s *Screen) End() {
	s.with(func(p *render.Progress) { p.Close() })
	s.Alone(func() {
		if s.other != nil {
			s.other.Close()
		}
	})
}

func (s *Screen) with(f func(*render.Progress)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.progress != nil {
		f(s.progress)
	}
}

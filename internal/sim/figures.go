package sim

import (
	"time"

	"berth/internal/sim/world"
)

// Figures are what can be counted in the world.
type Figures struct {
	Time     time.Time  `json:"time"`
	Calls    uint64     `json:"calls"`  // of AWS's APIs, since the simulation began to run
	Events   uint64     `json:"events"` // that have happened since then
	Pending  int        `json:"pending"`
	Promises []Promise  `json:"promises"`
	Requests []Requests `json:"requests"` // what became of them, by listener rule and target group
}

// Promise is something that a scenario promised.
type Promise struct {
	Text   string     `json:"text"`
	Broken string     `json:"broken,omitempty"` // how it was broken first
	At     *time.Time `json:"at,omitempty"`     // when
}

// Figures counts what is in the world by now.
func (s *Sim) Figures() Figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	out := Figures{
		Time: s.world.Now(), Calls: s.calls, Events: s.world.Happened(), Pending: s.world.Queue.Len(), Promises: []Promise{},
		Requests: requests(s.world),
	}
	if len(s.world.Promises) > 0 {
		keepPromises(s.world) // requests fail while nothing happens, too
		s.dirty = true
	}
	for _, p := range s.world.Promises {
		one := Promise{Text: p.Text, Broken: p.Broken}
		if p.Broken != "" {
			one.At = new(p.At)
		}
		out.Promises = append(out.Promises, one)
	}
	return out
}

// traced shows the trace while no call is under way; nil when nothing is recorded.
func (s *Sim) traced(f func(*world.Trace)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	f(s.trace)
}

// Package sim is the embedded AWS: one world, its services behind AWS's own wire protocols, its clock, its faults.
//
// In: HTTP requests as AWS clients send them, and time. Out: answers as AWS gives them. It knows nothing of the tool
// that uses it and imports nothing of it but clock; every AWS client in any language can be pointed at it.
package sim

import (
	"context"
	"sync"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/access"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// DefaultRegion is the region of requests that do not say one.
const DefaultRegion = "us-east-1"

// Sim is a running simulation. It is safe for concurrent use: one lock is held from the first byte of a request to the
// last of its answer, since an answer may share memory with the world until it is written down.
type Sim struct {
	mu     sync.Mutex
	world  *world.World
	server *wire.Server[*world.Call]
	trace  *world.Trace
	past   []snapshot      // what stale reads are answered from; kept only while the weather is stale
	calls  uint64          // since New
	cut    bool            // the answer under way must not arrive
	guard  *access.Policy  // what the caller of the request under way may do; nil: everything
	caller context.Context // of the request under way

	keep  func(state []byte, mails []world.Mail) error // where the state goes, and the mails since it went there last; nil: nowhere
	sent  int                                          // the number of the last mail that went there
	lazy  bool                                         // it goes there by flush only, not with every batch of writes
	dirty bool                                         // it changed since it went there

	flushing sync.Mutex // held by flush, and taken before mu

	wall         clock.Clock     // the clock that the world's time follows; nil: time is virtual
	start, epoch time.Time       // when epoch was the world's time it was start by that clock
	open         context.Context // as long as it lasts calls may wait; nil: none does
}

// New makes a simulation of a world. Nothing is recorded until Record is called.
func New(w *world.World) *Sim {
	server := wire.NewServer(Services(), nil, nil)
	server.Date = clock.System().Now
	return behind(server, w)
}

// behind puts a world behind the wire of a server.
func behind(server *wire.Server[*world.Call], w *world.World) *Sim {
	s := &Sim{world: w, sent: w.Mailbox.Sent}
	s.server = server.With(s.call, w.RequestID)
	w.Attach(handlers(), nil)
	s.attend()
	return s
}

// Record starts a trace from here on and returns it. It must not be read while calls are under way.
func (s *Sim) Record() *world.Trace {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trace = &world.Trace{}
	s.world.Attach(handlers(), s.trace)
	return s.trace
}

// remindOf records at least the last so many lines of the trace, unless everything is recorded already.
func (s *Sim) remindOf(lines int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trace == nil {
		s.trace = &world.Trace{Most: lines}
		s.world.Attach(handlers(), s.trace)
	}
}

// With runs f on the world while no call is under way, and then lets happen what f made due.
func (s *Sim) With(f func(*world.World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	f(s.world)
	s.world.Settle()
	s.dirty = true
}

// Fork makes an independent simulation that starts where this one stands. It is kept nowhere, and its time is virtual.
func (s *Sim) Fork() (*Sim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	w, err := s.world.Fork()
	if err != nil {
		return nil, err
	}
	return behind(s.server, w), nil
}

// Now is the world's time.
func (s *Sim) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	return s.world.Now()
}

// Sleep moves the world's time, unless ctx is done or the state cannot be written; it makes the simulation a clock.
func (s *Sim) Sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.save(); err != nil {
		return err
	}
	s.jump(d)
	return nil
}

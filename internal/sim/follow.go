package sim

import (
	"context"
	"time"

	"berth/internal/clock"
)

// follow lets the world's time run with a clock from now on: every call first lets happen what fell due. Calls that wait for
// something do so as long as open lasts. The state goes to its place by flush only.
func (s *Sim) follow(open context.Context, c clock.Clock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wall, s.start, s.epoch = c, c.Now(), s.world.Now()
	s.lazy, s.open = true, open
}

// halt stops the world's time where it is by now.
func (s *Sim) halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	s.wall, s.open, s.lazy, s.dirty = nil, nil, false, true
}

// tick brings a world that follows a clock up to date. Time alone is no change worth writing down: events are.
func (s *Sim) tick() {
	if s.wall == nil {
		return
	}
	now := s.epoch.Add(s.wall.Now().Sub(s.start))
	if at, ok := s.world.NextEvent(); ok && !at.After(now) {
		s.dirty = true
	}
	s.world.Advance(now.Sub(s.world.Now()))
}

// advance moves the world ahead, of the clock too that it follows.
func (s *Sim) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jump(d)
}

// jump is advance; the lock is held.
func (s *Sim) jump(d time.Duration) {
	s.dirty = true
	if s.wall == nil {
		s.world.Advance(d)
		return
	}
	s.epoch = s.epoch.Add(max(d, 0))
	s.tick()
}

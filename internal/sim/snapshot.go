package sim

import "berth/internal/sim/world"

// Save is the whole state as JSON, by now.
func (s *Sim) Save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	return s.world.Save()
}

// Load puts a saved state in the place of this one; time goes on from where it stood. It wraps world.ErrVersion for a state of
// another version, and changes nothing then.
func (s *Sim) Load(state []byte) error {
	w, err := world.Load(state)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Attach(handlers(), s.trace)
	s.world, s.past, s.dirty, s.sent = w, nil, true, w.Mailbox.Sent
	s.server = s.server.With(s.call, w.RequestID)
	if s.wall != nil {
		s.start, s.epoch = s.wall.Now(), w.Now()
	}
	s.attend()
	return nil
}

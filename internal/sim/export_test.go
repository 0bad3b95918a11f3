package sim

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/scenario"
	"berth/internal/sim/world"
)

// EventKinds are the kinds of events that something happens on.
func EventKinds() []world.Kind { return slices.Sorted(maps.Keys(handlers())) }

// Follow lets the world's time run with a clock, as serving does.
func (s *Sim) Follow(c clock.Clock) { s.follow(context.Background(), c) }

// Flush writes the state, as serving does now and then.
func (s *Sim) Flush() error { return s.flush() }

// Halt stops following.
func (s *Sim) Halt() { s.halt() }

// FlushEvery lets the state be written more often.
func (s *Server) FlushEvery(d time.Duration) *Server {
	s.flushEvery = d
	return s
}

// KeepAt lets the state go somewhere.
func (s *Sim) KeepAt(keep func([]byte) error) {
	s.keep = func(state []byte, _ []world.Mail) error { return keep(state) }
}

// Does tells whether something happens when a sentence of a form is said.
func Does(form string) bool {
	if strings.HasPrefix(form, "assert ") {
		w := world.New(1)
		_, why := judge(w, &world.Promise{Region: DefaultRegion}, scenario.Sentence{Form: form, Words: map[string]string{"COUNT": "1"}})
		return why != nobodyCanTell
	}
	_, ok := deeds()[form]
	return ok
}

// MailName is the name of a mail's file.
func MailName(m world.Mail) string { return mailName(m) }

// Letter is a mail as it is written.
func Letter(m world.Mail) string { return letter(m) }

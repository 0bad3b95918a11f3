package watching

import (
	"context"
	"fmt"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/observe/service"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

// How often the whole cluster is looked at: for what no event tells, or for everything.
const (
	beside = time.Minute
	alone  = 30 * time.Second
)

// look looks at the whole cluster when that is due: the more calls it takes, the more seldom.
func (s *shift) look(ctx context.Context, in *watch.Input) error {
	began := s.c.Clock.Now()
	if began.Before(s.due) {
		return nil
	}
	every := beside
	if s.queue == "" {
		every = alone
	}
	s.due = began.Add(every)
	c, facts, calls, err := seen.Look(ctx, s.c, s.Scope, s.Alerts)
	if err != nil {
		return err
	}
	s.due = began.Add(max(every, time.Duration(calls)*spare))
	s.memory.Looked = began
	in.Signals = append(in.Signals, hearCapture(c, facts)...)
	in.Complete = len(c.Missing) == 0
	return nil
}

// Bounds of the closer look at what was opened.
const (
	mostCloser = 3
	longCloser = 10 * time.Second
)

// closer looks closely at the services of incidents that were just opened, so that people are told why. A look that fails does no
// harm: then they are told what the event says.
func (s *shift) closer(ctx context.Context, changes []watch.Change) []watch.Change {
	looked := map[string]bool{}
	for _, subject := range opened(changes) {
		if looked[subject] || len(looked) >= mostCloser || s.renew(ctx) != nil {
			continue
		}
		looked[subject] = true
		bounded, cancel := context.WithTimeout(ctx, longCloser)
		short := *s.c
		short.Clock = impatient{s.c.Clock, s.c.Clock.Now().Add(longCloser)}
		c, err := service.Why(bounded, &short, s.Scope, live.Subject{Kind: "service", Name: strings.TrimPrefix(subject, "service/")})
		cancel()
		if err == nil {
			s.memory.State, changes = watch.Sharpen(s.memory.State, changes, subject, diagnose.Of(c))
		}
	}
	return changes
}

// opened are the services of the incidents that were opened.
func opened(changes []watch.Change) []string {
	var out []string
	for _, c := range changes {
		if c.Kind != watch.Opened && c.Kind != watch.Reopened {
			continue
		}
		for _, m := range c.Incident.Members {
			if strings.HasPrefix(m.Name, "service/") {
				out = append(out, m.Name)
				break
			}
		}
	}
	return out
}

// announce tells whoever looks at the watcher of a change.
func (s *shift) announce(c watch.Change) {
	m := s.message(c)
	s.Tell(Told{At: s.Cloud.Clock.Now(), Message: &m})
}

// say tells whoever looks at the watcher about itself.
func (g *guard) say(grave bool, format string, args ...any) {
	g.Tell(Told{At: g.Cloud.Clock.Now(), Text: fmt.Sprintf(format, args...), Grave: grave})
}

// message is a change as receivers get it.
func (s *shift) message(c watch.Change) watch.Message {
	return messageOf(c, s.Scope)
}

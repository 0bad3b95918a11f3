package watching

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/observe/service"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
	"berth/internal/watch/hear"
)

// How often the whole cluster is looked at: for what no event tells, or for everything.
const (
	beside = time.Minute
	alone  = 30 * time.Second
)

// spare is how much sleep each call of a look costs, so that looks make less than one call in two seconds.
const spare = 2250 * time.Millisecond

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
	in.Signals = append(in.Signals, hear.Capture(c, factsOf(facts, s.memory.Looked, began))...)
	in.Complete = len(c.Missing) == 0
	s.memory.Looked = began
	return nil
}

// soon is how long before its end an image is worth a word.
const soon = 30 * 24 * time.Hour

// factsOf are the facts of a look, as they are heard.
func factsOf(f seen.Facts, since, now time.Time) hear.Facts {
	out := hear.Facts{Since: since}
	for _, a := range f.Unconfirmed {
		out.Unconfirmed = append(out.Unconfirmed, a.Name)
	}
	for _, a := range f.Absent {
		out.Absent = append(out.Absent, a.Name)
	}
	for _, i := range f.Images {
		ends := i.Deprecated
		if old := outOfSupport(i.Family); !old.IsZero() && (ends.IsZero() || old.Before(ends)) {
			ends = old
		}
		if i.Gone || !ends.IsZero() && ends.Before(now.Add(soon)) {
			out.EndOfLife = append(out.EndOfLife, hear.Image{Group: i.Group, AMI: i.ID, Family: i.Family, Since: ends, Gone: i.Gone})
		}
	}
	return out
}

// outOfSupport is from when on AWS has no more fixes for a family of images (Amazon Linux 2 FAQs); zero: nobody knows.
func outOfSupport(family string) time.Time {
	if family == "al2" {
		return time.Date(2026, time.June, 30, 0, 0, 0, 0, time.UTC)
	}
	return time.Time{}
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
	for member, of := range opened(changes) {
		if looked[member] || len(looked) >= mostCloser || s.renew(ctx) != nil {
			continue
		}
		looked[member] = true
		bounded, cancel := context.WithTimeout(ctx, longCloser)
		short := *s.c
		short.Clock = impatient{s.c.Clock, s.c.Clock.Now().Add(longCloser)}
		c, err := service.Why(bounded, &short, s.Scope, of)
		cancel()
		if err == nil {
			s.memory.State, changes = watch.Sharpen(s.memory.State, changes, member, diagnose.Of(c))
		}
	}
	return changes
}

// opened are the first services of the incidents that were opened, and the instances that do not drain: members, and what they are.
func opened(changes []watch.Change) iter.Seq2[string, live.Subject] {
	return func(yield func(string, live.Subject) bool) {
		for _, c := range changes {
			if c.Kind != watch.Opened && c.Kind != watch.Reopened {
				continue
			}
			for _, m := range c.Incident.Members {
				if kind, name, _ := strings.Cut(m.Name, "/"); kind == "service" || kind == "instance" && c.Incident.Cause.Family == watch.Drain {
					if !yield(m.Name, live.Subject{Kind: kind, Name: name}) {
						return
					}
					break
				}
			}
		}
	}
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
	return watch.MessageOf(c, s.Scope)
}

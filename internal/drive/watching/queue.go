package watching

import (
	"context"
	"time"

	deed "berth/internal/apply/watching"
	"berth/internal/cloud"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
	"berth/internal/watch/hear"
)

// post is what came out of the queue.
type post struct {
	signals  []watch.Signal
	receipts []string // of the messages that were understood
	tests    []watch.Test
	refused  int // messages that were not: they are left, and SQS puts them aside after some times
}

// Bounds of what is taken from the queue before it is stored.
const (
	mostHeard = 100
	longHeard = time.Second
	mostOdd   = 1000
)

// seeking is how often a queue is looked for that is not there.
const seeking = 10 * time.Minute

func (s *shift) findQueue(ctx context.Context) (err error) {
	s.asked = s.c.Clock.Now()
	s.queue, err = seen.Queue(ctx, s.c, s.Scope)
	if err == nil && s.queue == "" {
		s.say(false, "there is no queue of events (berth apply makes it): looking every %s instead", alone)
	}
	return err
}

// receive waits for messages until something else is to be done, and takes what there is, up to a bound.
func (s *shift) receive(ctx context.Context) (post, error) {
	var p post
	wait := s.spare()
	if s.queue == "" {
		if s.once {
			return p, nil
		}
		if s.c.Clock.Now().Sub(s.asked) >= seeking {
			return p, s.findQueue(ctx)
		}
		return p, s.c.Clock.Sleep(ctx, max(wait, time.Second/20))
	}
	for began := s.c.Clock.Now(); ; {
		asked := s.c.Clock.Now()
		got, err := seen.Receive(ctx, s.c, s.queue, wait)
		switch {
		case cloud.Missing(err):
			s.queue, s.asked = "", s.c.Clock.Now()
			return p, nil
		case err != nil:
			return p, err
		case len(got) == 0 && len(p.receipts)+p.refused == 0:
			return p, s.idle(ctx, asked, wait)
		}
		for _, m := range got {
			s.hear(m, &p)
		}
		s.full = len(got) == seen.MostMessages
		if n := len(p.receipts) + p.refused; !s.full || n >= mostHeard || s.c.Clock.Now().Sub(began) >= longHeard {
			return p, nil
		}
		wait = time.Second // the least that can be asked for
	}
}

// idle is for an empty answer. One that came at once did not wait as it was asked to.
func (s *shift) idle(ctx context.Context, asked time.Time, wait time.Duration) error {
	s.full = false
	if s.once || s.c.Clock.Now().Sub(asked) >= min(wait, time.Second)/2 {
		return nil
	}
	return s.c.Clock.Sleep(ctx, max(min(wait, time.Second), time.Second/20))
}

// spare is how long there is nothing to do but to wait for messages.
func (s *shift) spare() time.Duration {
	now := s.c.Clock.Now()
	wait := min(seen.LongestPoll, s.due.Sub(now))
	if s.once || s.full {
		wait = 0
	}
	if !s.until.IsZero() {
		wait = min(wait, s.until.Sub(now))
	}
	if next := s.next(); !next.IsZero() {
		wait = min(wait, next.Sub(now))
	}
	return max(wait, 0)
}

// hear takes one message.
func (s *shift) hear(m seen.Message, p *post) {
	h, err := hear.Event([]byte(m.Body), s.Scope)
	if err == nil {
		p.signals = append(p.signals, h.Signals...)
		p.receipts = append(p.receipts, m.Receipt)
		if h.Test != nil {
			p.tests = append(p.tests, *h.Test)
		}
		return
	}
	p.refused++
	if s.odd[m.ID] {
		return
	}
	if len(s.odd) >= mostOdd {
		clear(s.odd)
	}
	s.odd[m.ID] = true
	s.say(true, "message %s is left in the queue, which puts it aside by itself: %v", m.ID, err)
}

// done says that messages are done with. Those that SQS does not delete come again, and are known.
func (s *shift) done(ctx context.Context, p post) error {
	if len(p.receipts) == 0 {
		return nil
	}
	_, err := deed.Delete(context.WithoutCancel(ctx), s.c, s.queue, p.receipts)
	return err
}

package watching

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/lease"
	seen "berth/internal/observe/watching"
	"berth/internal/watch"
)

// shift is one time on duty: from when the lease was taken until it is given back or lost.
type shift struct {
	*guard
	c     *cloud.Cloud // its sleeps and writes renew the lease
	held  *lease.Lease
	queue string // URL; empty: there is none, and looks must do

	memory watch.Memory
	etag   string // of the memory as it was stored last
	dirty  bool   // it was changed since

	asked    time.Time            // when the queue was last looked for
	due      time.Time            // when to look at everything
	blocked  map[string]time.Time // when a sink may be tried again, by name
	fails    map[string]int       // how often it has failed since it last took a message
	unburied time.Time            // when the file of dead letters may be tried again that could not be written
	odd      map[string]bool      // messages that were refused, by id
	full     bool                 // the queue has more
}

// shift takes the lease and works as long as it is held.
func (g *guard) shift(ctx context.Context) (err error) {
	s := &shift{guard: g, blocked: map[string]time.Time{}, fails: map[string]int{}, odd: map[string]bool{}}
	if s.held, err = lease.Take(ctx, g.Cloud, g.Scope.BucketName(), lease.Watch, g.Who); err != nil {
		return err
	}
	defer func() {
		if left := s.held.Release(context.WithoutCancel(ctx)); left != nil && err == nil && !passing(left) {
			err = left
		}
	}()
	renew := func(ctx context.Context) error { return s.held.Renew(context.WithoutCancel(ctx)) }
	own := *g.Cloud.Fenced(renew)
	own.Clock = beating{g.Cloud.Clock, renew}
	s.c = &own
	if err := s.load(ctx); err != nil {
		return err
	}
	g.by = ""
	if g.once {
		err = s.drain(ctx)
	} else {
		err = s.work(ctx)
	}
	if errors.Is(err, lease.ErrLost) {
		return errOver
	}
	return err
}

// beating is a clock whose sleeps keep a lease alive.
type beating struct {
	clock.Clock

	renew func(context.Context) error
}

// Sleep sleeps, a piece at a time.
func (b beating) Sleep(ctx context.Context, d time.Duration) error {
	for {
		piece := min(d, renewal)
		if err := b.Clock.Sleep(ctx, piece); err != nil {
			return err
		}
		if d -= piece; d <= 0 {
			return nil
		}
		if err := b.renew(ctx); err != nil {
			return err
		}
	}
}

// renew keeps the lease. Whoever cannot must stop before somebody else takes it over.
func (s *shift) renew(ctx context.Context) error {
	if err := s.held.Renew(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("%w: %w", errOver, err)
	}
	return nil
}

// work goes round until it is told to end. It stores what it knows before it goes.
func (s *shift) work(ctx context.Context) error {
	s.say(false, "watching %s", s.Scope.ClusterName())
	for ctx.Err() == nil && !s.ended() {
		if err := s.renew(ctx); err != nil {
			return err
		}
		failed, err := s.round(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			return err
		case err == nil && !failed:
			s.well()
		case ctx.Err() == nil:
			_, _ = s.rest(ctx, breath) // the loop knows why it ends
		}
	}
	return s.close(ctx)
}

// close stores what is to be remembered.
func (s *shift) close(ctx context.Context) error {
	if err := s.renew(ctx); err != nil {
		return err
	}
	return s.store(context.WithoutCancel(ctx))
}

// round hears, thinks, remembers and tells. What AWS does not answer is borne and tried again in the next one (failed).
func (s *shift) round(ctx context.Context) (failed bool, err error) {
	var heard post
	bear := func(err error) error {
		failed = failed || err != nil
		return s.bear(ctx, err)
	}
	if !s.crowded() {
		heard, err = s.receive(ctx)
		if err := bear(err); err != nil {
			return failed, err
		}
	}
	in := watch.Input{Signals: heard.signals}
	if err := bear(s.look(ctx, &in)); err != nil {
		return failed, err
	}
	if err := s.take(ctx, in, heard); err != nil {
		return failed, bear(err)
	}
	if err := s.renew(ctx); err != nil {
		return failed, err
	}
	s.deliver(ctx)
	if s.full { // what was delivered is stored with what comes next
		return failed, nil
	}
	return failed, bear(s.store(ctx))
}

// take works signals in: it stores what follows from them, and only then says that their messages are done with.
func (s *shift) take(ctx context.Context, in watch.Input, heard post) error {
	changes := s.step(ctx, in)
	s.note(heard.tests)
	if s.dirty {
		if err := s.store(ctx); err != nil {
			return err
		}
	}
	for _, c := range changes {
		s.announce(c)
	}
	return s.done(ctx, heard)
}

// step thinks.
func (s *shift) step(ctx context.Context, in watch.Input) []watch.Change {
	in.At = s.c.Clock.Now()
	var changes []watch.Change
	s.memory.State, changes = watch.Step(s.memory.State, in)
	changes = s.closer(ctx, changes)
	s.write(changes)
	s.dirty = s.dirty || len(in.Signals)+len(changes) > 0
	return changes
}

// mostTests is how many test messages are remembered.
const mostTests = 20

// note remembers the test messages that came, for the one who has sent them.
func (s *shift) note(tests []watch.Test) {
	for _, t := range tests {
		if !slices.ContainsFunc(s.memory.Tests, func(known watch.Test) bool { return known.ID == t.ID }) {
			s.memory.Tests, s.dirty = append(s.memory.Tests, t), true
			s.say(false, "a test message came through the queue: %s", t.ID)
		}
	}
	s.memory.Tests = s.memory.Tests[max(0, len(s.memory.Tests)-mostTests):]
}

// drain takes what lies in the queue until nothing does, looks once, and delivers what is due.
func (s *shift) drain(ctx context.Context) error {
	for n := 0; n < mostDrained; {
		if err := s.renew(ctx); err != nil {
			return err
		}
		heard, err := s.receive(ctx)
		if err == nil {
			n += len(heard.receipts) + heard.refused
			err = s.take(ctx, watch.Input{Signals: heard.signals}, heard)
		}
		if err == nil && len(heard.receipts)+heard.refused == 0 {
			break
		}
		if err := s.bear(ctx, err); err != nil {
			return errors.Join(err, s.close(ctx))
		}
		if err != nil {
			_, _ = s.rest(ctx, breath)
		}
	}
	return s.finish(ctx)
}

// mostDrained is how many messages a run takes that shall end.
const mostDrained = 100_000

// patientPosts is how often a run that shall end goes on delivering when that is slow.
const patientPosts = 15

// finish is the one look of a run that shall end, and the delivery of what is due.
func (s *shift) finish(ctx context.Context) error {
	for s.due = (time.Time{}); ; {
		var in watch.Input
		err := s.renew(ctx)
		if err == nil {
			err = s.look(ctx, &in)
		}
		if err == nil {
			s.memory.Beat, s.dirty = s.c.Clock.Now(), true
			err = s.take(ctx, in, post{})
		}
		if err == nil {
			break
		}
		if err := s.bear(ctx, err); err != nil {
			return errors.Join(err, s.close(ctx))
		}
		_, _ = s.rest(ctx, breath)
	}
	for range patientPosts {
		if s.deliver(ctx); len(s.errands()) == 0 {
			break
		}
	}
	if n := len(s.memory.Letters); n > 0 {
		s.say(true, "%d messages could not be delivered yet; the next run tries again", n)
	}
	return errors.Join(ctx.Err(), s.close(ctx))
}

// load reads the memory, and looks for the queue.
func (s *shift) load(ctx context.Context) error {
	m, err := seen.Memory(ctx, s.c, s.Scope.BucketName())
	if err != nil {
		return err
	}
	s.memory, s.etag = m.Memory, m.ETag
	s.memory.Version = watch.Version
	s.memory.State.Cluster = strings.Join([]string{s.Scope.Account, s.Scope.Region, s.Scope.Environment, s.Scope.ClusterName()}, "/")
	return s.findQueue(ctx)
}

// impatient is a clock on which nobody sleeps beyond a time.
type impatient struct {
	clock.Clock

	until time.Time
}

// Sleep sleeps, or fails at once where that would take too long.
func (i impatient) Sleep(ctx context.Context, d time.Duration) error {
	if i.Now().Add(d).After(i.until) {
		return context.DeadlineExceeded
	}
	return i.Clock.Sleep(ctx, d)
}

package rolling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	deed "berth/internal/apply/rolling"
	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/document"
	"berth/internal/lease"
	seen "berth/internal/observe/rolling"
	"berth/internal/roll"
	"berth/internal/roll/decide"
)

// turn is one run at a roll: from when the lease was taken until it is given back or lost.
type turn struct {
	*Roll
	c       *cloud.Cloud // its sleeps and writes renew the leases
	command roll.Command // what this run shall do, beside what the tags say
	reader  *seen.Reader
	writer  *deed.Writer

	held     *lease.Lease
	services map[string]*lease.Lease // of those whose settings are changed, by name

	order  roll.Order
	memory roll.Memory
	etag   string // of the memory as it was stored last
	stored string // what counted of it
	at     time.Time

	watch  roll.Scope
	since  time.Time            // since when looks fail in a way that passes; zero: they do not
	failed map[string]time.Time // since when an action fails so
}

// load reads what is remembered, and with it the order.
func (t *turn) load(ctx context.Context) error {
	m, etag, found, err := seen.Memory(context.WithoutCancel(ctx), t.c, t.Scope.BucketName())
	if err != nil {
		return err
	}
	t.etag, t.order = etag, t.Order
	if t.order.Run == "" {
		t.order.Run = t.Who.Run
	}
	if found && unfinished(m) {
		t.memory, t.order = m, m.Order
		t.stored, err = essence(m)
		return err
	}
	if t.command != roll.GoOn {
		return errNobody // it has come to its end meanwhile
	}
	return nil
}

// begun tells that something was done, or may have been.
func (t *turn) begun() bool { return unfinished(t.memory) }

func (t *turn) loop(ctx context.Context) (s roll.Snapshot, d roll.Decision, err error) {
	whole := context.WithoutCancel(ctx) // calls under way are finished
	for {
		if err := t.renew(whole); err != nil {
			return s, d, err
		}
		next, err := t.look(whole, ctx.Err() != nil)
		if err := t.passes(err); err != nil {
			return s, d, err
		}
		if err == nil {
			if s = next; s.Interrupted && !t.begun() {
				d.Memory, d.Outcome = t.memory, roll.Interrupted
				return s, d, nil
			}
			if d, err = t.decide(whole, s); err != nil {
				return s, d, err
			}
			if d.Outcome != roll.Running {
				return s, d, nil
			}
			if err := t.act(whole, s, d); err != nil {
				return s, d, err
			}
		}
		if err := t.pause(ctx, d); err != nil && ctx.Err() == nil {
			return s, d, err
		}
	}
}

// look looks; whoever interrupts the program aborts the roll.
func (t *turn) look(ctx context.Context, interrupted bool) (roll.Snapshot, error) {
	s, _, err := t.reader.Look(ctx, t.order, t.memory, t.watch)
	if t.command != roll.GoOn {
		s.Command = t.command
	}
	if interrupted {
		s.Interrupted, s.Command = true, roll.Abort
	}
	return s, err
}

// decide has it decided, and remembers it before anything is done.
func (t *turn) decide(ctx context.Context, s roll.Snapshot) (roll.Decision, error) {
	d := decide.Decide(s)
	t.memory, t.watch = d.Memory, d.Watch
	lines, err := t.lend(ctx)
	if err != nil {
		return d, err
	}
	d.Why = append(d.Why, lines...)
	if t.begun() || t.stored != "" { // what has found nothing to do is not worth forgetting the last roll
		if err := t.store(ctx); err != nil {
			return d, err
		}
	}
	if t.Tell != nil {
		t.Tell(s, d)
	}
	return d, nil
}

// outage is how long AWS may be out of reach before a run gives up. What it has begun stays begun, and remembered.
const outage = 10 * time.Minute

// passes is nil for a look that failed in a way that passes.
func (t *turn) passes(err error) error {
	switch now := t.c.Clock.Now(); {
	case err == nil:
		t.since = time.Time{}
		return nil
	case !cloud.Lost(err) && !cloud.Throttled(err):
		return err
	case t.since.IsZero():
		t.since = now
	case now.Sub(t.since) > outage:
		return err
	}
	return nil
}

// breath is the least time between two looks.
const breath = time.Second

// pause sleeps until the next look is due. Whoever was interrupted waits all the same, for what is to be put back.
func (t *turn) pause(ctx context.Context, d roll.Decision) error {
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx)
	}
	return t.c.Clock.Sleep(ctx, max(d.Again, breath))
}

// act carries out what was decided, and remembers what came of it. What fails in a way that passes is left to the next look, with all
// that comes after it.
func (t *turn) act(ctx context.Context, s roll.Snapshot, d roll.Decision) error {
	for _, a := range d.Actions {
		if a.Verb == roll.EditService {
			if t.services[a.Service] == nil {
				return nil // somebody else is at work on it
			}
			a.Bounds = bounds(s, a.Service)
		}
		made, err := t.writer.Do(ctx, a)
		key := fmt.Sprint(a)
		if err != nil {
			return t.bears(key, err)
		}
		delete(t.failed, key)
		t.memory = t.memory.After(a, made, t.c.Clock.Now())
		if t.Did != nil {
			t.Did(a, made)
		}
	}
	return nil
}

// bounds is a service's deployment configuration as it was seen.
func bounds(s roll.Snapshot, service string) document.Value {
	i := slices.IndexFunc(s.Services, func(one roll.Service) bool { return one.Name == service })
	if i < 0 {
		return document.Value{Kind: document.Object}
	}
	return s.Services[i].Spec.Get("deploymentConfiguration")
}

// bears is nil for an action that failed in a way that passes, as long as that may take.
func (t *turn) bears(key string, err error) error {
	now := t.c.Clock.Now()
	since, before := t.failed[key]
	if !before {
		since = now
		t.failed[key] = now
	}
	late := now.Sub(since)
	switch {
	case errors.Is(err, lease.ErrLost):
		return err
	case cloud.Lost(err), cloud.Throttled(err), cloud.Busy(err):
		if late < outage {
			return nil
		}
	case cloud.Missing(err), cloud.Taken(err): // it may have gone, or come, just before: the next look tells
		if late < 2*staleness {
			return nil
		}
	}
	return err
}

// beating is a clock whose sleeps keep leases alive.
type beating struct {
	clock.Clock

	renew func(context.Context) error
}

// renewal is the longest sleep between two renewals.
const renewal = 25 * time.Second

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

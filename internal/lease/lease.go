// Package lease lets one writer at a time work on a cluster, by conditional writes to one S3 object.
//
// In: a Cloud, the cluster's bucket, who wants it. Out: a Lease to be renewed between steps and given back at the end,
// or *Held with the one who has it. It reads and writes nothing but its object, and never waits longer than it takes
// to see that a holder is dead.
//
// Nobody compares clocks. A holder counts from before its last write was sent and stops believing in its lease after
// grace; others count from when they first saw that write, and take over after TTL, which is later.
package lease

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"berth/internal/cloud"
)

// TTL is how long a lease outlives its last renewal.
const TTL = 90 * time.Second

const (
	due   = TTL / 4          // a renewal younger than this is good enough
	grace = TTL * 2 / 3      // a holder that could not renew for so long stops; calls under way then end before TTL
	pause = 10 * time.Second // between two looks at another holder
)

// The leases of a cluster.
const (
	Infra = "lease/infra" // apply, destroy
	Watch = "lease/watch" // watch
)

// Service is the lease of one service, or of one task that runs once: deploy, rollback.
func Service(name string) string { return "lease/service/" + name }

// Lease is a lease that this run holds. It is safe for concurrent use.
type Lease struct {
	c            *cloud.Cloud
	bucket, name string
	// Unclean says that the run before did not give the lease back: it died, and AWS's answers to it may be lost.
	Unclean bool

	mu      sync.Mutex
	holder  Holder
	etag    string    // of the object as this run wrote it
	renewed time.Time // just before the newest write that is known to have been carried out
	left    bool      // an earlier write of this run was found where nobody expected it
	over    bool      // lost or given back
}

// Take gets the lease. When somebody holds it, Take watches: a holder that renews is alive (*Held); one that did not
// for a whole TTL of our own clock is dead, and the lease is taken over. A write that is under way when ctx ends is
// finished: whoever gets a Lease must give it back.
func Take(ctx context.Context, c *cloud.Cloud, bucket, name string, who Holder) (*Lease, error) {
	if who.Run == "" {
		return nil, errors.New("a lease cannot be taken without a run's name")
	}
	l := &Lease{c: c, bucket: bucket, name: name, holder: who}
	for need := (condition{none: true}); ; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.holder.Since = c.Clock.Now()
		err := l.write(context.WithoutCancel(ctx), need)
		var other *others
		switch {
		case err == nil:
			l.Unclean = !need.none || l.left
			return l, nil
		case errors.Is(err, errGone):
			need = condition{none: true}
		case errors.As(err, &other):
			if need, err = l.watch(ctx, object(*other)); err != nil {
				return nil, err
			}
		default:
			return nil, err
		}
	}
}

// watch looks at another's lease until it is known to be alive (*Held), gone or dead, and says what must be true for
// taking it. Looks that fail do no harm: the condition finds out what they would have seen.
func (l *Lease) watch(ctx context.Context, first object) (condition, error) {
	for seen := l.c.Clock.Now(); l.c.Clock.Now().Sub(seen) < TTL; {
		if err := l.c.Clock.Sleep(ctx, pause); err != nil {
			return condition{}, err
		}
		now, err := l.get(ctx)
		switch {
		case cloud.Missing(err):
			return condition{none: true}, nil
		case passing(err):
		case err != nil:
			return condition{}, err
		case now.etag != first.etag && now.holder.Run != l.holder.Run:
			return condition{}, &Held{now.holder}
		case now.etag != first.etag: // a write of ours that was long on its way
			return condition{etag: now.etag}, nil
		}
	}
	return condition{etag: first.etag}, nil
}

// Renew tells the world that this run is alive; it writes only when the last renewal is due for it. ErrLost means
// stop. A renewal that does not get through is no error as long as nobody can have taken the lease over.
func (l *Lease) Renew(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return ErrLost
	}
	if l.age() < due {
		return nil
	}
	err := l.write(ctx, condition{etag: l.etag})
	var other *others
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errGone), errors.As(err, &other):
		l.over = true
		return ErrLost
	case passing(err) && l.age() < grace:
		return nil
	}
	return fmt.Errorf("the lease cannot be renewed: %w", err)
}

// age is how long ago the last renewal was, by the clock that says more: one of them stands still while a laptop
// sleeps, and the other can be set back.
func (l *Lease) age() time.Duration {
	now := l.c.Clock.Now()
	return max(now.Sub(l.renewed), now.Round(0).Sub(l.renewed.Round(0)))
}

// Release gives the lease back, if it is still ours. It can be called again, also when it failed.
func (l *Lease) Release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.over {
		err := l.drop(ctx, l.etag)
		switch {
		case err == nil, cloud.Missing(err):
			l.over = true
			continue
		case !refused(err):
			return fmt.Errorf("the lease cannot be given back: %w", err)
		}
		now, err := l.get(ctx)
		switch {
		case err == nil && now.holder.Run == l.holder.Run:
			l.etag = now.etag // a renewal whose answer was lost
		case err == nil, cloud.Missing(err):
			l.over = true
		default:
			return fmt.Errorf("the lease cannot be given back: %w", err)
		}
	}
	return nil
}

// passing tells errors that say nothing about the lease.
func passing(err error) bool { return cloud.Lost(err) || cloud.Throttled(err) }

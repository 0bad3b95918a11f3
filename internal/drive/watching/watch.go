// Package watching holds the loop that follows a cluster: it hears, thinks, remembers and tells, until it is stopped.
//
// In: a Cloud, the cluster's scope, and ways to tell people. Out: messages to those, and what a watcher says of itself. It judges
// nothing: what an event means hear knows, and what follows from it watch.Step does. It tells nobody what it has not stored, and
// forgets no message before somebody has taken it.
package watching

import (
	"context"
	"errors"
	"time"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/notify"
	"berth/internal/watch"
)

// Watch follows what happens in a cluster, and tells people.
type Watch struct {
	Cloud       *cloud.Cloud
	Scope       model.Scope
	Who         lease.Holder
	Sinks       []notify.Sink
	Receivers   []watch.Receiver                                     // of the sinks, by name: what each wants to hear of
	Alerts      []model.Subscription                                 // of the file: those whom AWS itself tells
	DeadLetters func(m watch.Message, sink, why string) error        // keeps what cannot be delivered; nil: nobody does
	Tell        func(Told)                                           // never nil
	Deliver     func(ctx context.Context, jobs []notify.Job) []error // nil: notify.Deliver
}

// Told is what somebody hears who looks at a watcher.
type Told struct {
	At      time.Time
	Message *watch.Message // a change of an incident; nil: the watcher speaks of itself
	Text    string         // what it says
	Grave   bool           // somebody should do something about it
}

// renewal is the longest sleep between two renewals of the lease.
const renewal = 25 * time.Second

// outage is how long AWS may be out of reach before a run gives up that shall end, and before a lasting one says it again.
const outage = 10 * time.Minute

// How long a watcher that cannot work waits before it tries again.
const (
	standing = 30 * time.Second // somebody else is at work
	breath   = 5 * time.Second  // AWS is out of reach
)

// Run watches until ctx ends, for a time, or, once, as long as there is something to hear: it takes what lies in the queue, looks,
// delivers what is due and returns. Where somebody else watches it stands by, or returns *lease.Held if it is to run once. AWS out of
// reach does not end it; what does is what waiting does not mend: a cluster that is not there, missing permissions, or a memory that
// cannot be read.
func (w *Watch) Run(ctx context.Context, once bool, d time.Duration) error {
	g := &guard{Watch: w, once: once}
	if d > 0 {
		g.until = w.Cloud.Clock.Now().Add(d)
	}
	for {
		err := g.shift(ctx)
		var held *lease.Held
		switch {
		case err == nil, ctx.Err() != nil:
			return errors.Join(err, ctx.Err())
		case errors.As(err, &held):
			if once {
				return err
			}
			g.standBy(held)
		case errors.Is(err, errOver):
			g.say(true, "%v", err)
		case passing(err):
			if err := g.bear(ctx, err); err != nil {
				return err
			}
		default:
			return err
		}
		if over, err := g.rest(ctx, standing); over || err != nil {
			return err
		}
	}
}

// passing tells errors of AWS that are over by themselves.
func passing(err error) bool { return cloud.Lost(err) || cloud.Throttled(err) }

// errOver says that this watcher must stop: somebody else may be at work.
var errOver = errors.New("another watcher may be at work, so this one stands by")

// guard is a Watch under way, on duty or not.
type guard struct {
	*Watch
	once  bool
	until time.Time // zero: as long as it is let
	by    string    // who was at work when it last stood by
	away  time.Time // since when AWS is out of reach; zero: it is not
	again time.Time // when that is to be said again
}

// standBy says who is at work instead, once for each.
func (g *guard) standBy(held *lease.Held) {
	if who := held.Holder.Owner + held.Holder.Host + held.Holder.Run; who != g.by {
		g.by = who
		g.say(false, "%s is watching; standing by", held.Holder)
	}
}

// bear takes an error that passes, and says it once, unless it is only that ctx has ended; of others it returns the error, and of one that lasts too long for a run that
// shall end.
func (g *guard) bear(ctx context.Context, err error) error {
	now := g.Cloud.Clock.Now()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // that is why
		return ctx.Err()
	case errors.Is(err, errOver), !passing(err):
		return err
	case g.away.IsZero():
		g.away, g.again = now, now.Add(outage)
		g.say(true, "AWS is out of reach, and nothing is lost meanwhile: %s", cloud.Message(err))
	case g.once && now.Sub(g.away) > outage:
		return err
	case !now.Before(g.again):
		g.again = now.Add(outage)
		g.say(true, "AWS is out of reach for %s: %s", now.Sub(g.away).Round(time.Minute), cloud.Message(err))
	}
	return nil
}

// well notes that AWS answers.
func (g *guard) well() {
	if !g.away.IsZero() {
		g.say(false, "AWS answers again, after %s", g.Cloud.Clock.Now().Sub(g.away).Round(time.Second))
		g.away = time.Time{}
	}
}

// rest sleeps, and tells whether the time that was given is over.
func (g *guard) rest(ctx context.Context, d time.Duration) (over bool, err error) {
	if !g.until.IsZero() {
		d = min(d, g.until.Sub(g.Cloud.Clock.Now()))
	}
	if d > 0 {
		err = g.Cloud.Clock.Sleep(ctx, d)
	}
	return g.ended(), err
}

// ended tells whether the time that was given is over.
func (g *guard) ended() bool {
	return !g.until.IsZero() && !g.Cloud.Clock.Now().Before(g.until)
}

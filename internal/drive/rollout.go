package drive

import (
	"context"
	"errors"
	"time"

	"berth/internal/apply/service"
	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/diagnose"
	"berth/internal/lease"
	"berth/internal/live"
	"berth/internal/model"
	seen "berth/internal/observe/service"
)

// Rollout is one order on its way: a service that is deployed, or taken back.
type Rollout struct {
	Cloud *cloud.Cloud
	Scope model.Scope
	Order deploy.Order
	Who   lease.Holder
	Tell  func(deploy.Snapshot, deploy.Decision) // told after every look
	Did   func(deploy.Action)                    // told after every write

	reader *seen.Reader
	run    deploy.Run
	held   *lease.Lease
	tries  map[string]int
	lost   map[string]int // tries without an answer
	since  time.Time      // of the last failure without an end
}

// Look is what stands before anything is done.
func (r *Rollout) Look(ctx context.Context) (deploy.Snapshot, error) {
	s, _, err := r.look(ctx)
	return s, err
}

func (r *Rollout) look(ctx context.Context) (deploy.Snapshot, int, error) {
	if r.reader == nil {
		r.reader = &seen.Reader{Cloud: r.Cloud, Scope: r.Scope, Order: r.Order}
		r.run.Began = r.Cloud.Clock.Now()
	}
	return r.reader.Look(ctx, r.run)
}

// Do carries the order out under the service's lease, and follows it to its end. It returns what was seen last and what came
// of it; an error when the run had to stop for another reason than the service.
func (r *Rollout) Do(ctx context.Context) (s deploy.Snapshot, d deploy.Decision, err error) {
	name := r.Order.Service
	if name == "" {
		name = "task/" + r.Order.Definition.Get("family").Text
	}
	if r.held, err = lease.Take(ctx, r.Cloud, r.Scope.BucketName(), lease.Service(name), r.Who); err != nil {
		return s, d, err
	}
	defer func() { err = errors.Join(err, r.held.Release(context.WithoutCancel(ctx))) }()
	if r.held.Unclean {
		if err := r.Cloud.Clock.Sleep(ctx, staleness); err != nil { // AWS may not show yet what the run before has done
			return s, d, err
		}
	}
	r.tries, r.lost = map[string]int{}, map[string]int{}
	r.run.Began = r.Cloud.Clock.Now()
	if s, d, err = r.loop(ctx); err == nil {
		d = r.inquire(context.WithoutCancel(ctx), d)
	}
	return s, d, err
}

// inquire looks closely at what failed: at all that a cause may hide in, not only at the service.
func (r *Rollout) inquire(ctx context.Context, d deploy.Decision) deploy.Decision {
	subject := live.Subject{Kind: "service", Name: r.Order.Service}
	if len(d.Run.Tasks) > 0 {
		subject = live.Subject{Kind: "task", Name: deploy.ID(d.Run.Tasks[0])}
	}
	switch d.Outcome {
	case deploy.RolledBack, deploy.Failed, deploy.TimedOut:
	default:
		return d
	}
	c, err := seen.Why(ctx, r.Cloud, r.Scope, subject)
	if err != nil {
		d.Why = append(d.Why, "a closer look failed: "+cloud.Message(err))
		return d
	}
	if found := diagnose.Of(c); len(found) > 0 {
		d.Diagnoses = found
	}
	return d
}

func (r *Rollout) loop(ctx context.Context) (s deploy.Snapshot, d deploy.Decision, err error) {
	for {
		r.run.Interrupted = ctx.Err() != nil
		if err := r.held.Renew(context.WithoutCancel(ctx)); err != nil {
			return s, d, err
		}
		next, calls, err := r.look(context.WithoutCancel(ctx))
		if err := r.passes(err); err != nil {
			return s, d, err
		}
		if err == nil {
			s, d = next, deploy.Decide(next)
			r.run = d.Run
			r.Tell(s, d)
			if d.Outcome != deploy.Running {
				return s, d, nil
			}
			if err := r.act(context.WithoutCancel(ctx), s, d); err != nil {
				return s, d, err
			}
		}
		if err := r.pause(ctx, calls, d); err != nil && ctx.Err() == nil {
			return s, d, err
		}
	}
}

// outage is how long AWS may be out of reach before a run gives up; the deployment goes on meanwhile, and nobody takes it back.
const outage = 10 * time.Minute

// passes is nil for a look that failed in a way that passes.
func (r *Rollout) passes(err error) error {
	switch {
	case err == nil:
		r.since = time.Time{}
		return nil
	case !cloud.Lost(err) && !cloud.Throttled(err):
		return err
	case r.since.IsZero():
		r.since = r.Cloud.Clock.Now()
	case r.Cloud.Clock.Now().Sub(r.since) > outage:
		return err
	}
	return nil
}

// spare is how much sleep each call of a look costs, so that a run that waits makes less than one in two seconds with the
// renewals of its lease.
const spare = 2250 * time.Millisecond

// pause sleeps until the next look is due; while it writes there is no need to spare AWS.
func (r *Rollout) pause(ctx context.Context, calls int, d deploy.Decision) error {
	sleep := max(d.Again, time.Duration(calls)*spare)
	if len(d.Actions) > 0 {
		sleep = d.Again
	}
	if left := r.Order.Policy.Timeout - r.Cloud.Clock.Now().Sub(r.run.Began); left > 0 { // the end is told when it is due
		sleep = min(sleep, left)
	}
	if r.run.Interrupted { // it has been told; now it goes back, and waits for that
		ctx = context.WithoutCancel(ctx)
	}
	for sleep > 0 {
		piece := min(sleep, renewal)
		if err := r.Cloud.Clock.Sleep(ctx, piece); err != nil {
			return err
		}
		if sleep -= piece; sleep > 0 {
			if err := r.held.Renew(context.WithoutCancel(ctx)); err != nil {
				return err
			}
		}
	}
	return nil
}

// act carries out what was decided, and remembers what came of it.
func (r *Rollout) act(ctx context.Context, s deploy.Snapshot, d deploy.Decision) error {
	w := service.Writer{Cloud: r.Cloud.Fenced(func(ctx context.Context) error { return r.held.Renew(context.WithoutCancel(ctx)) })}
	for _, a := range d.Actions {
		key := a.Verb + " " + a.Name
		r.tries[key]++
		made, err := w.Do(ctx, a, r.tries[key]-r.lost[key])
		switch {
		case err == nil:
			r.run = r.run.After(a, s, made)
			if r.Did != nil {
				r.Did(a)
			}
		case cloud.Lost(err):
			r.lost[key]++ // asked again with the same token, AWS tells what it did
			if a.Begins {
				r.run = r.run.Unsure(s)
			}
		case cloud.Throttled(err), cloud.Busy(err), cloud.Taken(err), cloud.Missing(err) && r.tries[key] < 4:
		default:
			return err
		}
		if err != nil {
			if r.tries[key] >= mostTries {
				return err
			}
			return nil // look again: what was done shows
		}
	}
	return nil
}

// mostTries is how often a write is tried that AWS puts off.
const mostTries = 8

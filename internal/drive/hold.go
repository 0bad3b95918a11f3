package drive

import (
	"context"
	"time"

	"berth/internal/apply"
	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/plan"
)

// Hold takes the lease that a plan's changes are carried out under. The bucket that keeps it is made first when the
// plan makes it; it then stands in the inventory that Hold returns. *lease.Held says who else is at work.
func (r *Run) Hold(ctx context.Context, p plan.Plan, have model.Inventory, who lease.Holder) (model.Inventory, error) {
	have = have.Clone()
	if c, ok := p.Find(plan.Step{Verb: plan.Create, Key: model.BucketKey()}); ok {
		w := apply.Writer{Cloud: r.Cloud, Scope: r.Scope}
		h, err := w.Do(ctx, c, have, 1)
		if err != nil {
			return have, err
		}
		have.Add(c.To, h)
	}
	l, err := lease.Take(ctx, r.Cloud, r.Scope.BucketName(), lease.Infra, who)
	r.Lease = l
	return have, err
}

// Release gives the lease back, also when the run was interrupted.
func (r *Run) Release(ctx context.Context) error {
	if r.Lease == nil {
		return nil
	}
	return r.Lease.Release(context.WithoutCancel(ctx))
}

// fenced is the way to AWS on which every write, repeated ones too, first makes sure that the lease is held: one step
// can take longer than the lease lives when AWS is in trouble.
func (r *Run) fenced() *cloud.Cloud {
	if r.Lease == nil {
		return r.Cloud
	}
	return r.Cloud.Fenced(func(ctx context.Context) error { return r.Lease.Renew(context.WithoutCancel(ctx)) })
}

// last deletes the bucket: the lease is in it, so it goes when everything else is gone.
func (w *work) last(ctx context.Context) {
	c, ok := w.plan.Find(plan.Step{Verb: plan.Delete, Key: model.BucketKey()})
	if !ok || len(w.failed) > 0 || len(plan.Blocked(w.plan, w.state)) > 1 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	w.begin(c)
	if err := lease.Empty(ctx, w.Cloud, w.Scope.BucketName()); err != nil {
		w.broken(w.tries[c.Step], err)
		return
	}
	w.Lease = nil // there is nothing left to give back, nor to renew
	w.writer.Cloud = w.Cloud
	for range bucketTries {
		h, err := w.writer.Do(ctx, c, w.have, 1)
		w.take(answer{c, h, err})
		if w.state[c.Step] != plan.Running || w.Cloud.Clock.Sleep(ctx, 5*time.Second) != nil {
			return
		}
	}
	w.broken(w.tries[c.Step], Unsettled(w.tries[c.Step].reason))
}

// bucketTries is how often the bucket's deletion is tried: S3 can take a while to see that it is empty.
const bucketTries = 6

// isLast tells the deletion of the bucket, which the loop leaves out.
func isLast(s plan.Step) bool { return s == plan.Step{Verb: plan.Delete, Key: model.BucketKey()} }

// skipBucket counts the bucket's creation as done when Hold has made it.
func (w *work) skipBucket() {
	made := plan.Step{Verb: plan.Create, Key: model.BucketKey()}
	if _, ok := w.plan.Find(made); ok && w.have.Has(model.BucketKey()) {
		w.state[made] = plan.Done
		w.tell(plan.Finished, made, "", 0)
	}
}

package drive

import (
	"context"
	"errors"
	"time"

	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/plan"
)

// Job is a plan that shall be carried out under the lease.
type Job struct {
	Cluster
	Who    lease.Holder
	Again  func(context.Context) (Survey, error) // looks again: Cluster.Survey or Cluster.Farewell
	Agree  func(Survey) error                    // asked when a second look shows a plan with a worse impact
	Before func(Survey)                          // told the plan that is carried out
	Tell   func(plan.Event)
}

// ErrStale says that the plan that was agreed to is no longer the plan.
var ErrStale = errors.New("AWS changed since the plan was made")

// fresh is how old a look may be when the lease is taken. An older one is taken again: somebody else may have been at
// work meanwhile.
const fresh = 5 * time.Second

// Do takes the lease, makes sure that the plan is still the plan, carries it out, and gives the lease back. The survey
// that it returns is the one that was carried out.
func (j Job) Do(ctx context.Context, s Survey) (Survey, Result, error) {
	run := &Run{Cloud: j.Cloud, Scope: s.Facts.Scope, Ask: j.Question(), Tell: j.Tell}
	have, err := run.Hold(ctx, s.Plan, s.Have, j.Who)
	if err != nil {
		return s, Result{Have: have}, err
	}
	s, err = j.check(ctx, run, s, have)
	if err != nil {
		return s, Result{Have: have}, errors.Join(err, run.Release(ctx))
	}
	if j.Before != nil {
		j.Before(s)
	}
	res, err := run.Do(ctx, s.Plan, s.Have)
	return s, res, errors.Join(err, run.Release(ctx))
}

// After shows what stands when a plan was carried out: what the run itself has seen, and a new look at the groups, whose
// instances come by themselves. Where something failed or was not started, everything is looked at anew.
func (j Job) After(ctx context.Context, s Survey, res Result) (Survey, error) {
	if len(res.Failed)+len(res.Skipped) > 0 {
		return j.Again(ctx)
	}
	have := res.Have
	if have.Has(model.ClusterKey()) {
		now, err := j.observer(s.Facts.Scope).Some(ctx, have, model.KindTemplate, model.KindGroup, model.KindCapacity)
		if err != nil {
			return s, err
		}
		have = now
	}
	return j.assess(ctx, s.Want, have, s.Facts)
}

// check makes sure that the plan is still the plan. After a run that died the plan is made anew without asking: what
// was agreed to is the file, and the file is the same.
func (j Job) check(ctx context.Context, run *Run, s Survey, have model.Inventory) (Survey, error) {
	if !run.Lease.Unclean && j.Cloud.Clock.Now().Sub(s.At) < fresh {
		s.Have = have
		return s, nil
	}
	now, err := j.Again(ctx)
	switch {
	case err != nil:
		return s, err
	case !run.Lease.Unclean && !sameSteps(s.Plan, now.Plan):
		return s, ErrStale
	case now.Plan.Impact() > s.Plan.Impact():
		return now, j.Agree(now)
	}
	return now, nil
}

// sameSteps tells whether two plans do the same. The bucket does not count: holding the lease has made it.
func sameSteps(a, b plan.Plan) bool {
	steps := func(p plan.Plan) map[plan.Step]bool {
		out := map[plan.Step]bool{}
		for _, c := range p.Changes {
			if c.Key != model.BucketKey() {
				out[c.Step] = true
			}
		}
		return out
	}
	x, y := steps(a), steps(b)
	if len(x) != len(y) {
		return false
	}
	for s := range x { // unordered: only whether all are there
		if !y[s] {
			return false
		}
	}
	return true
}

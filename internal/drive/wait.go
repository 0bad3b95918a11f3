package drive

import (
	"context"
	"slices"
	"time"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/plan"
)

// staleness is how long AWS may answer a read with what was before a write.
const staleness = 30 * time.Second

// wait sleeps until the next look is due, a piece at a time so that the lease stays fresh, and then looks once: one
// batched read for each kind that is due.
func (w *work) wait(ctx context.Context) error {
	due := w.nextLook()
	if pause := due.Sub(w.Cloud.Clock.Now()); pause > 0 {
		return w.Cloud.Clock.Sleep(ctx, min(pause, renewal))
	}
	kinds := w.dueKinds()
	if len(kinds) == 0 {
		return nil // only calls to be made again were due
	}
	have, err := w.look(context.WithoutCancel(ctx), kinds)
	if err != nil && !cloud.Lost(err) && !cloud.Throttled(err) {
		return err
	}
	if err == nil {
		w.have = have
	}
	w.judge(kinds, err == nil)
	return nil
}

// look looks at some kinds: shortly where everything is known but how far it is, fully where an answer was lost and
// something may stand that this run has never seen.
func (w *work) look(ctx context.Context, kinds []model.Kind) (model.Inventory, error) {
	for _, t := range w.running() {
		if !t.lost.IsZero() {
			return w.observer().Some(ctx, w.have, kinds...)
		}
	}
	return w.observer().Glance(ctx, w.have, kinds...)
}

func (w *work) nextLook() time.Time {
	running := w.running()
	due := running[0].look
	for _, t := range running {
		if t.look.Before(due) {
			due = t.look
		}
	}
	return due
}

// dueKinds are the kinds to be looked at now. What is due within a second goes along: one look rather than two.
func (w *work) dueKinds() []model.Kind {
	soon := w.Cloud.Clock.Now().Add(time.Second)
	var kinds []model.Kind
	for _, t := range w.running() {
		if k := t.change.Key.Kind; !t.again && !t.look.After(soon) && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// judge settles every change of the kinds that were looked at.
func (w *work) judge(kinds []model.Kind, seen bool) {
	now := w.Cloud.Clock.Now()
	for _, t := range w.running() {
		if t.again || !slices.Contains(kinds, t.change.Key.Kind) {
			continue
		}
		_, every := plan.Pace(t.change.Step)
		t.look = now.Add(every)
		switch {
		case !seen:
		case !t.lost.IsZero():
			w.resolve(t)
		default:
			w.settle(t)
			w.insist(t)
		}
		if w.state[t.change.Step] == plan.Running && now.Sub(t.since) > patience {
			w.broken(t, Unsettled("it takes too long: "+t.reason))
		}
	}
}

// insist empties a group again that is not on its way to be empty: instances came while its size was taken away and are
// protected, or managed scaling has given it a size once more.
func (w *work) insist(t *try) {
	if t.change.Verb != plan.Delete || t.change.Key.Kind != model.KindCapacity || w.state[t.change.Step] != plan.Running {
		return
	}
	k := model.GroupKey(t.change.Key.Name)
	g, ok := model.Find[model.Group](&w.have.Set, k)
	stays := slices.ContainsFunc(g.Instances, func(i model.Instance) bool { return i.Protected && i.State == "InService" })
	if ok && w.have.Handle(k).Status != model.Leaving && (stays || g.Desired > 0) {
		t.again, t.look = true, w.Cloud.Clock.Now()
	}
}

// resolve finds out what became of a call whose answer was lost: it was carried out, or half of it, or it is made again
// once AWS cannot be answering with old news any more.
func (w *work) resolve(t *try) {
	if carriedOut(t.change, w.have) {
		t.lost = time.Time{}
		w.settle(t)
		return
	}
	if found, there := w.have.Get(t.change.Key); there && t.change.Verb == plan.Create {
		rest := plan.Change{Step: plan.Step{Verb: plan.Update, Key: t.change.Key}, From: found, To: t.change.To}
		rest.Fields = plan.Diff(found, t.change.To)
		t.rest, t.lost, t.again, t.look = &rest, time.Time{}, true, w.Cloud.Clock.Now()
		return
	}
	if w.Cloud.Clock.Now().Sub(t.lost) >= staleness || t.change.Verb != plan.Create {
		t.lost, t.again, t.look = time.Time{}, true, w.Cloud.Clock.Now()
	}
}

// carriedOut tells whether what stands on AWS is what the change wanted.
func carriedOut(c plan.Change, have model.Inventory) bool {
	r, there := have.Get(c.Key)
	if c.Verb == plan.Delete {
		return !there || have.Handle(c.Key).Status == model.Leaving
	}
	return there && len(plan.Diff(r, c.To)) == 0
}

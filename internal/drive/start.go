package drive

import (
	"context"
	"errors"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/plan"
)

// answer is what one call brought.
type answer struct {
	change plan.Change
	handle model.Handle
	err    error
}

// unclear says why it is open what a call has done.
func unclear(err error) string {
	if cloud.Lost(err) {
		return "no answer: " + cloud.Message(err)
	}
	return cloud.Message(err)
}

// halfMade tells that a create has made its resource and failed at a later call in a way that passes: called again it
// would make a second one, so what stands is looked at first.
func (a answer) halfMade() bool {
	passes := cloud.Busy(a.err) || cloud.Throttled(a.err) || cloud.Missing(a.err)
	return a.change.Verb == plan.Create && a.handle.ID != "" && passes
}

// start makes the calls of all ready changes together and takes in their answers. Calls under way are finished even
// when ctx ends meanwhile: an abandoned call leaves open what it did.
func (w *work) start(ctx context.Context, ready []plan.Change) {
	ctx = context.WithoutCancel(ctx)
	for _, c := range ready {
		w.begin(c)
	}
	answers := make([]answer, len(ready))
	index := make([]int, len(ready))
	for i := range ready {
		index[i] = i
	}
	have := w.have
	cloud.Each(ctx, w.Cloud, index, func(ctx context.Context, i int) error {
		h, err := w.writer.Do(ctx, w.tries[ready[i].Step].call(), have, w.tries[ready[i].Step].attempt)
		answers[i] = answer{ready[i], h, err}
		return nil
	})
	w.have = w.have.Clone()
	for _, a := range answers {
		w.take(a)
	}
}

func (w *work) begin(c plan.Change) {
	now := w.Cloud.Clock.Now()
	t, ok := w.tries[c.Step]
	if !ok {
		t = &try{change: c, since: now}
		w.tries[c.Step] = t
		w.tell(plan.Started, c.Step, c.Why, 0)
	}
	t.attempt++
	t.again = false
	w.state[c.Step] = plan.Running
}

// call is what to carry out: the change, or what is left of it.
func (t *try) call() plan.Change {
	if t.rest != nil {
		return *t.rest
	}
	return t.change
}

// take files one answer under done, on its way, to be tried again, or broken.
func (w *work) take(a answer) {
	t := w.tries[a.change.Step]
	first, _ := plan.Pace(a.change.Step)
	t.look = w.Cloud.Clock.Now().Add(first)
	switch err := a.err; {
	case err == nil:
		w.carried(a)
	case errors.Is(err, lease.ErrLost):
		w.state[a.change.Step] = plan.Open // the next renewal stops the run
	case cloud.Lost(err), a.halfMade(), cloud.Taken(err) && a.change.Verb == plan.Create && t.attempt > 1:
		t.lost = w.Cloud.Clock.Now()
		w.later(t, unclear(err), false)
	case cloud.Busy(err), cloud.Throttled(err), cloud.Missing(err) && w.Cloud.Clock.Now().Sub(t.since) < staleness:
		w.later(t, cloud.Message(err), true) // what was just made may not be known everywhere yet
	default:
		w.broken(t, err)
	}
}

// carried notes what a call that succeeded has changed.
func (w *work) carried(a answer) {
	switch {
	case a.change.Verb == plan.Delete && a.handle.Status != model.Leaving:
		w.have.Remove(a.change.Key)
		if a.change.Key == model.VPCKey() {
			w.have.Remove(model.DefaultGroupKey()) // AWS takes it along
		}
	case a.change.Verb == plan.Delete:
		w.have.Add(a.change.From, a.handle)
	default:
		w.have.Add(a.change.To, a.handle)
	}
	w.settle(w.tries[a.change.Step])
}

// settle asks the plan how far a change is.
func (w *work) settle(t *try) {
	phase, reason := plan.Settle(t.change, w.have)
	switch phase {
	case plan.Done:
		w.state[t.change.Step] = plan.Done
		w.tell(plan.Finished, t.change.Step, "", w.Cloud.Clock.Now().Sub(t.since))
	case plan.Broken:
		w.broken(t, Unsettled(reason))
	default:
		if reason != "" && reason != t.reason {
			w.tell(plan.Waiting, t.change.Step, reason, 0)
		}
		t.reason = reason
	}
}

// later puts a change off: to be called again, or, where it is open what the last call did, to be looked at first.
func (w *work) later(t *try, reason string, again bool) {
	if w.Cloud.Clock.Now().Sub(t.since) > patience {
		w.broken(t, Unsettled(reason))
		return
	}
	_, every := plan.Pace(t.change.Step)
	t.look, t.again = w.Cloud.Clock.Now().Add(2*every), again
	if reason != t.reason {
		w.tell(plan.Retried, t.change.Step, reason, 0)
	}
	t.reason = reason
}

func (w *work) broken(t *try, err error) {
	w.state[t.change.Step] = plan.Broken
	w.failed = append(w.failed, Failure{t.change, err})
	w.tell(plan.Gave, t.change.Step, cloud.Message(err), 0)
}

// Unsettled is why a change that AWS took on came to nothing, in words.
type Unsettled string

// Error is the reason.
func (e Unsettled) Error() string { return string(e) }

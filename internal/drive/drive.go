// Package drive holds the one loop that decides and sleeps: what is ready is started together, what is on its way is
// looked at, then it sleeps once, until nothing is left.
//
// In: a plan, the inventory it was made from, a Cloud and the lease. Out: events on the way, a Result at the end. It
// decides nothing by itself (plan.Next and plan.Settle do) and calls AWS only through observe, apply and lease.
package drive

import (
	"context"
	"slices"
	"time"

	"berth/internal/apply"
	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/plan"
)

// Run is one plan to be carried out.
type Run struct {
	Cloud *cloud.Cloud
	Scope model.Scope
	Ask   observe.Question
	Lease *lease.Lease // renewed between steps; nil when nothing is to be held
	Tell  func(plan.Event)
}

func (r Run) observer() observe.Observer {
	return observe.Observer{Cloud: r.Cloud, Ask: r.Ask, Scope: r.Scope}
}

// Result is what came of a plan.
type Result struct {
	Have    model.Inventory // as known at the end
	State   plan.State
	Failed  []Failure
	Skipped []plan.Change // never started, because something they need failed or the run was interrupted
	Took    time.Duration
}

// Failure is a change that did not work out, and why.
type Failure struct {
	Change plan.Change
	Err    error
}

// patience is how long one change may take in all before it counts as failed.
const patience = 20 * time.Minute

// renewal is the longest sleep between two renewals of the lease.
const renewal = 25 * time.Second

// Do carries the plan out. It returns an error when the run had to stop: the lease was lost, or ctx ended, in which
// case calls under way are finished first. Failures of single changes stand in the Result; independent ones go on.
func (r *Run) Do(ctx context.Context, p plan.Plan, have model.Inventory) (Result, error) {
	w := &work{
		Run: r, plan: p, have: have.Clone(), state: plan.State{}, tries: map[plan.Step]*try{},
		writer: apply.Writer{Cloud: r.fenced(), Scope: r.Scope, Secrets: r.Ask.Secrets}, began: r.Cloud.Clock.Now(),
	}
	w.skipBucket()
	err := w.loop(ctx)
	if err == nil {
		w.last(ctx)
	}
	return w.result(), err
}

// work is one Run under way.
type work struct {
	*Run
	plan   plan.Plan
	have   model.Inventory
	state  plan.State
	tries  map[plan.Step]*try
	writer apply.Writer
	began  time.Time
	failed []Failure
}

// try is what the loop knows of one started change.
type try struct {
	change  plan.Change
	rest    *plan.Change // what a create that stopped half-way has left to do; nil: the change itself is called
	attempt int
	since   time.Time // of the first attempt
	look    time.Time // when to look, or to try again
	again   bool      // to be called again at look, not looked at
	lost    time.Time // when the answer of the last call was lost; zero when it was not
	reason  string
}

func (w *work) loop(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.renew(ctx); err != nil {
			return err
		}
		switch ready := w.ready(); {
		case len(ready) > 0:
			w.start(ctx, ready)
		case len(w.running()) == 0:
			return nil
		default:
			if err := w.wait(ctx); err != nil {
				return err
			}
		}
	}
}

// renew keeps the lease; a lease that was lost must stop the run before the next write.
func (w *work) renew(ctx context.Context) error {
	if w.Lease == nil {
		return nil
	}
	return w.Lease.Renew(context.WithoutCancel(ctx))
}

// ready are the changes to call now: those that the plan allows, and those whose time to be tried again has come.
func (w *work) ready() []plan.Change {
	ready := slices.DeleteFunc(plan.Next(w.plan, w.state), func(c plan.Change) bool { return isLast(c.Step) })
	now := w.Cloud.Clock.Now()
	for _, t := range w.running() {
		if t.again && !t.look.After(now) {
			ready = append(ready, t.change)
		}
	}
	return ready
}

// running are the tries that are neither done nor broken, in the plan's order.
func (w *work) running() []*try {
	var out []*try
	for _, c := range w.plan.Changes {
		if w.state[c.Step] == plan.Running {
			out = append(out, w.tries[c.Step])
		}
	}
	return out
}

func (w *work) tell(k plan.EventKind, s plan.Step, reason string, took time.Duration) {
	if w.Tell != nil {
		w.Tell(plan.Event{At: w.Cloud.Clock.Now(), Kind: k, Step: s, Reason: reason, Took: took})
	}
}

func (w *work) result() Result {
	res := Result{Have: w.have, State: w.state, Failed: w.failed, Skipped: plan.Blocked(w.plan, w.state)}
	for _, c := range res.Skipped {
		w.tell(plan.Skipped, c.Step, "", 0)
	}
	res.Took = w.Cloud.Clock.Now().Sub(w.began)
	return res
}

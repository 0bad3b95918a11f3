// Package rolling looks at what a roll of instances needs to see, again and again: groups, instances, tasks, services with their
// health. And it reads what the roll remembers.
//
// In: a cloud.Cloud, what was ordered, what is remembered, and what must be seen afresh. Out: a roll.Snapshot in which everything
// else is as it was seen last, and how many calls that took. Equal worlds give equal snapshots. It decides nothing and changes
// nothing, and stays below half of the rates that AWS documents.
package rolling

import (
	"context"
	"sync/atomic"
	"time"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/roll"
)

// stale is how old the last look at everything may be.
const stale = 5 * time.Minute

// Reader looks at one cluster. The first look sees everything.
type Reader struct {
	Cloud  *cloud.Cloud
	Scope  model.Scope
	Groups []model.Group // as they were observed: their instances say why they are outdated

	calls  atomic.Int64
	budget cloud.Budget
	full   time.Time // when everything was seen last
	seen   world
	want   wanted

	crowded, narrow bool // tests take a small cluster for a large one, and a long list of tasks for a longer one
}

// world is what was seen last.
type world struct {
	groups      map[string]group // by name
	instances   map[string]live.Instance
	tasks       map[string]live.Task // by ARN
	over        map[string]bool      // ARNs of tasks that have stopped, or that AWS has forgotten: neither changes
	lost        map[string]time.Time // since when AWS does not know a task, by ARN
	guards      map[string]time.Time // until when tasks are protected, by ARN
	services    map[string]roll.Service
	targets     map[string][]live.Target   // by target group or classic load balancer
	definitions map[string]live.Definition // by ARN; an empty one could not be read
	wires       map[string]int             // network interfaces for tasks, by instance type; -1: nobody knows
	missing     map[string]string          // what could not be read: why
}

// wanted is what one look is to see.
type wanted struct {
	roll.Scope

	order  roll.Order
	memory roll.Memory
}

// Look is one look; calls is how many calls it took. After an error the next one may be tried as if nothing were.
func (r *Reader) Look(ctx context.Context, o roll.Order, m roll.Memory, scope roll.Scope) (s roll.Snapshot, calls int, err error) {
	r.calls.Store(0)
	r.want = wanted{scope, o, m}
	began := r.Cloud.Clock.Now()
	if r.full.IsZero() || began.Sub(r.full) >= stale {
		r.want.Full = true
	}
	if r.full.IsZero() {
		r.seen = world{
			groups: map[string]group{}, instances: map[string]live.Instance{}, tasks: map[string]live.Task{}, over: map[string]bool{}, lost: map[string]time.Time{},
			guards: map[string]time.Time{}, services: map[string]roll.Service{}, targets: map[string][]live.Target{},
			definitions: map[string]live.Definition{}, wires: map[string]int{}, missing: map[string]string{},
		}
	}
	for _, step := range []func(context.Context) error{
		r.readGroups, r.readInstances, r.readTasks, r.readServices, r.readDefinitions, r.readHealth, r.readWires, r.readGuards,
	} {
		if err := step(ctx); err != nil {
			return s, int(r.calls.Load()), err
		}
	}
	if r.want.Full {
		r.full = began
	}
	return r.snapshot(), int(r.calls.Load()), nil
}

// read makes one call and counts it.
func read[I, O, P any](ctx context.Context, r *Reader, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	r.calls.Add(1)
	return cloud.Read(ctx, r.Cloud, f, in)
}

// one makes one call of a kind, as soon as the budget lets it pass.
func one[I, O, P any](ctx context.Context, r *Reader, k cloud.Kind, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	if _, err := r.budget.Grant(ctx, r.Cloud.Clock, k, 1); err != nil {
		return nil, err
	}
	defer r.budget.Made(r.Cloud.Clock, k)
	return read(ctx, r, f, in)
}

// many asks about every item, as many at once as the budget lets pass, and joins the answers in the order of the items.
func many[T, R any](ctx context.Context, r *Reader, k cloud.Kind, items []T, ask func(context.Context, T) ([]R, error)) ([]R, error) {
	var all []R
	for len(items) > 0 {
		n, err := r.budget.Grant(ctx, r.Cloud.Clock, k, len(items))
		if err != nil {
			return nil, err
		}
		answers, numbers := make([][]R, n), make([]int, n)
		for i := range n {
			numbers[i] = i
		}
		errs := cloud.Each(ctx, r.Cloud, numbers, func(ctx context.Context, i int) (err error) {
			answers[i], err = ask(ctx, items[i])
			return err
		})
		r.budget.Made(r.Cloud.Clock, k)
		for i, err := range errs {
			if err != nil {
				return nil, err
			}
			all = append(all, answers[i]...)
		}
		items = items[n:]
	}
	return all, nil
}

// unread notes what could not be read for want of a permission; other errors stay errors.
func (r *Reader) unread(what string, err error) error {
	delete(r.seen.missing, what)
	if cloud.Denied(err) {
		r.seen.missing[what] = cloud.Message(err)
		return nil
	}
	return err
}

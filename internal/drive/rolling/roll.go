// Package rolling holds the loop of a roll: it looks, has it decided, remembers, acts, and sleeps, until the instances are replaced and
// everything is put back.
//
// In: an order, a Cloud, who wants it. Out: what was seen and decided last, told on the way. It decides nothing by itself (decide.Decide
// does), calls AWS only through observe, apply and lease, and does nothing that it has not stored before that it will do it: whoever
// comes after a crash reads it, and goes on.
package rolling

import (
	"context"
	"errors"
	"fmt"
	"time"

	deed "berth/internal/apply/rolling"
	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/model"
	seen "berth/internal/observe/rolling"
	"berth/internal/roll"
)

// Roll is one roll, from any machine.
type Roll struct {
	Cloud  *cloud.Cloud
	Scope  model.Scope
	Groups []model.Group // as they were observed: their instances say why they are outdated
	Order  roll.Order    // of a roll that begins; one that is under way has its own
	Who    lease.Holder
	Tell   func(roll.Snapshot, roll.Decision) // told after every look
	Did    func(roll.Action, roll.Made)       // told after every write
}

// Look is what stands before anything is done. It takes no lease and writes nothing. The Memory is that of a roll that is not over;
// empty: there is none.
func (r *Roll) Look(ctx context.Context) (roll.Snapshot, error) {
	m, _, found, err := seen.Memory(ctx, r.Cloud, r.Scope.BucketName())
	if err != nil {
		return roll.Snapshot{}, err
	}
	order := r.Order
	if !found || !unfinished(m) {
		m = roll.Memory{}
	} else {
		order = m.Order
	}
	reader := &seen.Reader{Cloud: r.Cloud, Scope: r.Scope, Groups: r.Groups}
	s, _, err := reader.Look(ctx, order, m, roll.Scope{Full: true})
	if err == nil {
		s.Checks, err = seen.Checks(ctx, r.Cloud, s)
	}
	return s, err
}

// unfinished tells a roll that has begun and is not over.
func unfinished(m roll.Memory) bool { return m.Stage != roll.Begin && m.Stage != roll.Over }

// staleness is how long AWS may answer a read with what was before a write.
const staleness = 30 * time.Second

// Do goes on with the roll that is not over, by its own order, or else begins one; and follows it to its end under the cluster's
// lease. It returns what was seen last and what came of it; an error when the run had to stop for another reason: what it has begun
// is remembered, and the next one goes on with it. When ctx ends the roll is aborted, and the run goes on to put everything back.
func (r *Roll) Do(ctx context.Context) (s roll.Snapshot, d roll.Decision, err error) {
	return r.do(ctx, roll.GoOn)
}

func (r *Roll) do(ctx context.Context, command roll.Command) (s roll.Snapshot, d roll.Decision, err error) {
	t := &turn{Roll: r, command: command, services: map[string]*lease.Lease{}, failed: map[string]time.Time{}}
	if t.held, err = lease.Take(ctx, r.Cloud, r.Scope.BucketName(), lease.Infra, r.Who); err != nil {
		return s, d, err
	}
	defer func() { err = errors.Join(err, t.release(context.WithoutCancel(ctx))) }()
	own := *r.Cloud.Fenced(t.renew)
	own.Clock = beating{r.Cloud.Clock, t.renew}
	t.c = &own
	t.reader = &seen.Reader{Cloud: t.c, Scope: r.Scope, Groups: r.Groups}
	t.writer = &deed.Writer{Cloud: t.c, Cluster: r.Scope.ClusterName()}
	if t.held.Unclean {
		if err := t.c.Clock.Sleep(ctx, staleness); err != nil { // AWS may not show yet what the run before has done
			return s, d, err
		}
	}
	if err := t.load(ctx); err != nil {
		return s, d, err
	}
	s, d, err = t.loop(ctx)
	if err != nil && t.begun() {
		err = errors.Join(err, t.store(context.WithoutCancel(ctx)))
	}
	return s, d, err
}

// Nobody says that no roll is under way.
var errNobody = errors.New("no roll is under way")

// NotUnderWay tells that a command was for a roll that is not there.
func NotUnderWay(err error) bool { return errors.Is(err, errNobody) }

// Signal tells the roll that is under way what to do: by a tag on its groups, which the run at work obeys at its next look. Where no
// run is at work it does it itself, to the end, but for a pause: the tag is enough for whoever goes on. A run is at work on something
// else is *lease.Held.
func (r *Roll) Signal(ctx context.Context, command roll.Command) error {
	m, _, found, err := seen.Memory(ctx, r.Cloud, r.Scope.BucketName())
	switch {
	case err != nil:
		return err
	case !found || !unfinished(m):
		return errNobody
	}
	w := &deed.Writer{Cloud: r.Cloud, Cluster: r.Scope.ClusterName()}
	for _, p := range m.Pools {
		if _, err := w.Do(ctx, roll.Action{Verb: roll.Mark, Group: p.Group, Key: roll.TagRoll, Value: roll.Tag(command, m.Order.Run)}); err != nil && !cloud.Missing(err) {
			return err
		}
	}
	if command == roll.Pause {
		return nil
	}
	if _, _, err = r.do(ctx, command); errors.Is(err, errNobody) {
		return nil // the run at work has obeyed, and come to its end, while its lease was watched
	}
	var held *lease.Held
	if errors.As(err, &held) && held.Holder.Verb == r.verb() || errors.Is(err, errNobody) {
		return nil // it obeys, or has obeyed and ended
	}
	return err
}

// verb is what a run that rolls calls itself.
func (r *Roll) verb() string { return "roll" }

// Standing is what the last roll remembers, found unless there was none yet, and who holds the cluster; nil: nobody does. Whether the
// holder is alive only time tells.
func (r *Roll) Standing(ctx context.Context) (m roll.Memory, holder *lease.Holder, found bool, err error) {
	bucket := r.Scope.BucketName()
	if m, _, found, err = seen.Memory(ctx, r.Cloud, bucket); err != nil {
		return m, nil, false, err
	}
	h, there, err := lease.Peek(ctx, r.Cloud, bucket, lease.Infra)
	if err != nil {
		return m, nil, found, fmt.Errorf("nobody knows who holds the cluster: %w", err)
	}
	if there {
		holder = &h
	}
	return m, holder, found, nil
}

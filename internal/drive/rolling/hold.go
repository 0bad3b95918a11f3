package rolling

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"berth/internal/cloud"
	"berth/internal/lease"
	"berth/internal/roll"
)

// renew keeps the leases. Whoever cannot must stop before somebody else takes them over.
func (t *turn) renew(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := t.held.Renew(ctx); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t.services)) {
		if err := t.services[name].Renew(ctx); err != nil {
			return fmt.Errorf("service %s: %w", name, err)
		}
	}
	return nil
}

// release gives all leases back.
func (t *turn) release(ctx context.Context) error {
	var err error
	for _, name := range slices.Sorted(maps.Keys(t.services)) {
		err = errors.Join(err, t.services[name].Release(ctx))
	}
	return errors.Join(err, t.held.Release(ctx))
}

// waiting is the way to AWS on which a service's lease is waited for: its sleeps keep the cluster's lease alive. It must not renew that
// service's lease itself, whose renewals are sent over it.
func (t *turn) waiting() *cloud.Cloud {
	own := *t.Cloud
	own.Clock = beating{t.Cloud.Clock, func(ctx context.Context) error { return t.held.Renew(context.WithoutCancel(ctx)) }}
	return &own
}

// lend takes the leases of the services whose settings are to be changed or put back, and gives those back whose settings are as they
// were. Who is at work on one of them instead is told, and waited for.
func (t *turn) lend(ctx context.Context) ([]roll.Line, error) {
	wanted := map[string]bool{}
	var lines []roll.Line
	for _, e := range t.memory.Edits {
		if wanted[e.Service] = true; t.services[e.Service] != nil {
			continue
		}
		l, err := lease.Take(ctx, t.waiting(), t.Scope.BucketName(), lease.Service(e.Service), t.Who)
		var held *lease.Held
		switch {
		case errors.As(err, &held):
			lines = append(lines, roll.Line{Subject: e.Service, Text: "its settings wait for " + held.Holder.String()})
		case cloud.Lost(err), cloud.Throttled(err):
			lines = append(lines, roll.Line{Subject: e.Service, Text: "its lease cannot be had: " + cloud.Message(err)})
		case err != nil:
			return lines, err
		default:
			t.services[e.Service] = l
			if l.Unclean { // AWS may not show yet what the run before has done
				if err := t.c.Clock.Sleep(ctx, staleness); err != nil {
					return lines, err
				}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.services)) {
		if !wanted[name] {
			if err := t.services[name].Release(ctx); err != nil && !cloud.Lost(err) && !cloud.Throttled(err) {
				return lines, err
			}
			delete(t.services, name)
		}
	}
	return lines, nil
}

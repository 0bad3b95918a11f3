package rolling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	deed "berth/internal/apply/rolling"
	"berth/internal/cloud"
	seen "berth/internal/observe/rolling"
	"berth/internal/roll"
)

// errOthers says that somebody else has written the memory: this run must not write any more.
var errOthers = errors.New("another run has written what the roll remembers")

// seldom is how often what changes with every look is stored: it only counts.
const seldom = time.Minute

// essence is a memory without what only counts.
func essence(m roll.Memory) (string, error) {
	m.Count.Looked, m.Count.Extra, m.Full = time.Time{}, 0, time.Time{}
	text, err := deed.Text(m)
	return string(text), err
}

// store writes the memory if there is something new in it. It returns when it is known that it was written.
func (t *turn) store(ctx context.Context) error {
	now := t.c.Clock.Now()
	text, err := essence(t.memory)
	if err != nil || text == t.stored && now.Sub(t.at) < seldom {
		return err
	}
	for began := now; ; {
		etag, err := t.put(ctx)
		switch {
		case err == nil:
			t.etag, t.stored, t.at = etag, text, now
			return nil
		case !cloud.Lost(err) && !cloud.Throttled(err) || t.c.Clock.Now().Sub(began) > outage:
			return err
		}
		if err := t.renew(ctx); err != nil {
			return err
		}
		if err := t.c.Clock.Sleep(ctx, breath); err != nil {
			return err
		}
	}
}

// put writes once. Where the answer says nothing, or that something else stands there, a look finds out whether it was an earlier
// attempt of this very write.
func (t *turn) put(ctx context.Context) (string, error) {
	bucket := t.Scope.BucketName()
	etag, err := deed.Store(ctx, t.c, bucket, t.memory, t.etag)
	if err == nil || !deed.Refused(err) && !cloud.Lost(err) {
		return etag, err
	}
	stands, now, found, failed := seen.Memory(ctx, t.c, bucket)
	if failed != nil {
		return "", errors.Join(err, failed)
	}
	mine, failed := deed.Text(t.memory)
	if failed != nil {
		return "", failed
	}
	theirs, failed := deed.Text(stands)
	switch {
	case failed != nil:
		return "", failed
	case found && bytes.Equal(mine, theirs):
		return now, nil
	case now == t.etag && !deed.Refused(err): // it was not carried out
		return "", err
	}
	return "", fmt.Errorf("%w: run %s, at %s", errOthers, stands.Order.Run, stands.Stage)
}

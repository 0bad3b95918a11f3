package kms

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// ScheduleKeyDeletion disables a key for good and deletes it after a waiting period of 7 to 30 days, 30 unless said otherwise.
func ScheduleKeyDeletion(c *world.Call, in *kms.ScheduleKeyDeletionInput) (*kms.ScheduleKeyDeletionOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	days := 30
	if in.PendingWindowInDays != nil {
		if days = int(*in.PendingWindowInDays); days < 7 || days > 30 {
			return nil, wire.Errorf("ValidationException", "PendingWindowInDays must be between 7 and 30, not %s", strconv.Itoa(days))
		}
	}
	k.State, k.Window, k.Deletes = pending, days, c.Now().Add(time.Duration(days)*day)
	c.Schedule(k.Deletes.Sub(c.Now()), world.Event{Kind: "kms.key-deleted", Region: c.Region.Name, ID: k.ID})
	v := view(k)
	return &kms.ScheduleKeyDeletionOutput{KeyId: v.Arn, DeletionDate: v.DeletionDate, KeyState: v.KeyState, PendingWindowInDays: aws.Int32(int32(days))}, nil
}

// deleted deletes a key whose waiting period has ended, with its aliases.
func deleted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	k, ok := r.KMS.Keys.Get(e.ID)
	if !ok || k.State != pending || w.Now().Before(k.Deletes) {
		return // it was cancelled meanwhile
	}
	r.KMS.Keys.Delete(k.ID)
	for name, a := range r.KMS.Aliases.All() {
		if a.Key == k.ID {
			r.KMS.Aliases.Delete(name)
		}
	}
}

// CancelKeyDeletion keeps a key that was to be deleted; it is disabled afterwards.
func CancelKeyDeletion(c *world.Call, in *kms.CancelKeyDeletionInput) (*kms.CancelKeyDeletionOutput, error) {
	k, err := find(c, in.KeyId, false)
	switch {
	case err != nil:
		return nil, err
	case k.State != pending:
		return nil, wire.Errorf("KMSInvalidStateException", "%s is not pending deletion.", k.ARN)
	}
	k.State, k.Window, k.Deletes = disabled, 0, time.Time{}
	return &kms.CancelKeyDeletionOutput{KeyId: aws.String(k.ARN)}, nil
}

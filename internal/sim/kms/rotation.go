package kms

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// usualRotation is how often a key's material is replaced unless said otherwise, in days.
const usualRotation = 365

// usable is change for a call that a disabled key refuses too.
func usable(c *world.Call, id *string) (*world.Key, error) {
	k, err := change(c, id)
	if err == nil && k.State == disabled {
		return nil, wire.Errorf("DisabledException", "%s is disabled.", k.ARN)
	}
	return k, err
}

// EnableKeyRotation has a key's material replaced every 90 to 2,560 days.
func EnableKeyRotation(c *world.Call, in *kms.EnableKeyRotationInput) (*kms.EnableKeyRotationOutput, error) {
	k, err := usable(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	days := usualRotation
	if in.RotationPeriodInDays != nil {
		if days = int(*in.RotationPeriodInDays); days < 90 || days > 2560 {
			return nil, constraint(strconv.Itoa(days), "rotationPeriodInDays", "have value between 90 and 2560")
		}
	}
	if k.RotateEvery != days {
		k.RotateEvery, k.RotateFrom = days, c.Now()
	}
	return &kms.EnableKeyRotationOutput{}, nil
}

// DisableKeyRotation keeps a key's material as it is.
func DisableKeyRotation(c *world.Call, in *kms.DisableKeyRotationInput) (*kms.DisableKeyRotationOutput, error) {
	k, err := usable(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	k.RotateEvery, k.RotateFrom = 0, time.Time{}
	return &kms.DisableKeyRotationOutput{}, nil
}

// GetKeyRotationStatus tells whether, how often and when next a key's material is replaced.
func GetKeyRotationStatus(c *world.Call, in *kms.GetKeyRotationStatusInput) (*kms.GetKeyRotationStatusOutput, error) {
	k, err := find(c, in.KeyId, false)
	if err != nil {
		return nil, err
	}
	out := &kms.GetKeyRotationStatusOutput{KeyId: aws.String(k.ARN), KeyRotationEnabled: k.RotateEvery > 0 && k.State != pending}
	if out.KeyRotationEnabled {
		every := time.Duration(k.RotateEvery) * day
		past := c.Now().Sub(k.RotateFrom).Truncate(every)
		out.RotationPeriodInDays = aws.Int32(int32(k.RotateEvery))
		out.NextRotationDate = aws.Time(k.RotateFrom.Add(past + every))
	}
	return out, nil
}

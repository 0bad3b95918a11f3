package secrets

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"berth/internal/sim/world"
)

// secretGone is the event that takes a secret away for good.
const secretGone world.Kind = "secrets.secret-gone"

// usualWindow is how many days a deleted secret can be restored when the call does not say.
const usualWindow = 30

// DeleteSecret marks a secret for deletion after 7 to 30 days, or deletes it for good within moments. One that is not there is
// deleted all the same when there is nothing to be recovered.
func DeleteSecret(c *world.Call, in *secretsmanager.DeleteSecretInput) (*secretsmanager.DeleteSecretOutput, error) {
	force := aws.ToBool(in.ForceDeleteWithoutRecovery)
	days := int64(usualWindow)
	if in.RecoveryWindowInDays != nil {
		days = *in.RecoveryWindowInDays
		switch {
		case force:
			return nil, invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
		case days < 7 || days > 30:
			return nil, invalid("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
		}
	}
	s, err := find(c, in.SecretId)
	switch {
	case err != nil && force && aws.ToString(in.SecretId) != "":
		name := *in.SecretId
		return &secretsmanager.DeleteSecretOutput{
			ARN: aws.String(c.ARN("secretsmanager", "secret:"+name+"-"+suffix(c))), Name: aws.String(name), DeletionDate: aws.Time(c.Now()),
		}, nil
	case err != nil:
		return nil, err
	case !s.Deleted.IsZero() && !force:
		return nil, wrongState("You can't perform this operation on the secret because it was already scheduled for deletion.")
	}
	wait := time.Duration(days) * 24 * time.Hour
	if force {
		wait = c.Draw("secrets.secret-purge", s.Name, world.Span{Mean: 3 * time.Second, Deviation: time.Second, Floor: time.Second})
	}
	s.Deleted, s.Deletes, s.Forced = c.Now(), c.Now().Add(wait), force
	c.Schedule(wait, world.Event{Kind: secretGone, Region: c.Region.Name, ID: s.Name})
	at := s.Deletes
	if force {
		at = c.Now()
	}
	return &secretsmanager.DeleteSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name), DeletionDate: aws.Time(at)}, nil
}

// gone takes away a secret whose time has come, unless it was restored meanwhile.
func gone(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if s, ok := r.Secrets.Secrets.Get(e.ID); ok && !s.Deleted.IsZero() && !w.Now().Before(s.Deletes) {
		r.Secrets.Secrets.Delete(s.Name)
	}
}

// RestoreSecret takes a deletion back; a secret that nobody has deleted stays as it is.
func RestoreSecret(c *world.Call, in *secretsmanager.RestoreSecretInput) (*secretsmanager.RestoreSecretOutput, error) {
	s, err := find(c, in.SecretId)
	switch {
	case err != nil:
		return nil, err
	case s.Forced:
		return nil, missing()
	}
	s.Deleted, s.Deletes = time.Time{}, time.Time{}
	return &secretsmanager.RestoreSecretOutput{ARN: aws.String(s.ARN), Name: aws.String(s.Name)}, nil
}

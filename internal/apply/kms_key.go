package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// shortestWait is after how many days AWS deletes a key at the earliest.
const shortestWait = 7

func kmsKeyEntry() entry { return typed(createKMSKey, updateKMSKey, deleteKMSKey) }

func createKMSKey(ctx context.Context, j *job, k model.KMSKey) (model.Handle, error) {
	if k.Kept != "" {
		return j.keepKMSKey(ctx, k)
	}
	out, err := cloud.Write(ctx, j.c, j.c.KMS.CreateKey, &kms.CreateKeyInput{
		Description: aws.String(k.Description), Policy: aws.String(k.Policy), Tags: kmsTags(k.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: aws.ToString(out.KeyMetadata.KeyId), ARN: aws.ToString(out.KeyMetadata.Arn)}
	if err := j.rotate(ctx, h.ID, k.RotationDays); err != nil {
		return h, err
	}
	return h, j.alias(ctx, h.ID, k.Alias)
}

// keepKMSKey takes a key back that was to be deleted and gives it all its settings again. AWS hands it back disabled.
func (j *job) keepKMSKey(ctx context.Context, k model.KMSKey) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.KMS.CancelKeyDeletion, &kms.CancelKeyDeletionInput{KeyId: aws.String(k.Kept)})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: k.Kept, ARN: aws.ToString(out.KeyId)}
	if err := j.enable(ctx, h.ID, k.Enabled); err != nil {
		return h, err
	}
	if _, err := cloud.Repeat(ctx, j.c, j.c.KMS.UpdateKeyDescription, &kms.UpdateKeyDescriptionInput{KeyId: &h.ID, Description: &k.Description}); err != nil {
		return h, err
	}
	if err := j.letIn(ctx, h.ID, k.Policy); err != nil {
		return h, err
	}
	if err := j.rotate(ctx, h.ID, k.RotationDays); err != nil {
		return h, err
	}
	if err := j.retagKey(ctx, h.ID, nil, k.Tags); err != nil {
		return h, err
	}
	if err := j.alias(ctx, h.ID, k.Alias); err != nil && !cloud.Taken(err) { // it kept its alias
		return h, err
	}
	return h, nil
}

// updateKMSKey enables the key before all else, since a disabled one refuses, and disables it after all else.
func updateKMSKey(ctx context.Context, j *job, k model.KMSKey) (model.Handle, error) {
	h, from := j.handle(), j.change.From.(model.KMSKey)
	if j.differs("enabled") && k.Enabled {
		if err := j.enable(ctx, h.ID, true); err != nil {
			return h, err
		}
	}
	if j.differs("description") {
		if _, err := cloud.Repeat(ctx, j.c, j.c.KMS.UpdateKeyDescription, &kms.UpdateKeyDescriptionInput{KeyId: &h.ID, Description: &k.Description}); err != nil {
			return h, err
		}
	}
	if j.differs("policy") {
		if err := j.letIn(ctx, h.ID, k.Policy); err != nil {
			return h, err
		}
	}
	if j.differs("rotation_days") {
		if err := j.rotate(ctx, h.ID, k.RotationDays); err != nil {
			return h, err
		}
	}
	if j.differs("alias") {
		if err := j.realias(ctx, h.ID, from.Alias, k.Alias); err != nil {
			return h, err
		}
	}
	if err := j.retagKey(ctx, h.ID, from.Tags, k.Tags); err != nil {
		return h, err
	}
	if j.differs("enabled") && !k.Enabled {
		return h, j.enable(ctx, h.ID, false)
	}
	return h, nil
}

// deleteKMSKey can only ask for a deletion in some days. The alias stays with the key until then, so that it is found again.
func deleteKMSKey(ctx context.Context, j *job, _ model.KMSKey) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.ScheduleKeyDeletion, &kms.ScheduleKeyDeletionInput{
		KeyId: aws.String(j.id()), PendingWindowInDays: aws.Int32(shortestWait),
	})
	if cloud.Code(err) == "KMSInvalidStateException" { // an earlier call was carried out, and its answer lost
		err = nil
	}
	return model.Handle{}, gone(err)
}

func (j *job) enable(ctx context.Context, id string, on bool) error {
	if on {
		_, err := cloud.Repeat(ctx, j.c, j.c.KMS.EnableKey, &kms.EnableKeyInput{KeyId: &id})
		return err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.DisableKey, &kms.DisableKeyInput{KeyId: &id})
	return err
}

func (j *job) letIn(ctx context.Context, id, policy string) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.PutKeyPolicy, &kms.PutKeyPolicyInput{KeyId: &id, Policy: &policy})
	return err
}

func (j *job) rotate(ctx context.Context, id string, days int) error {
	if days == 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.KMS.DisableKeyRotation, &kms.DisableKeyRotationInput{KeyId: &id})
		return err
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.EnableKeyRotation, &kms.EnableKeyRotationInput{KeyId: &id, RotationPeriodInDays: aws.Int32(int32(days))})
	return err
}

func (j *job) alias(ctx context.Context, id, name string) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.CreateAlias, &kms.CreateAliasInput{AliasName: &name, TargetKeyId: &id})
	return err
}

func (j *job) realias(ctx context.Context, id, from, to string) error {
	if from != "" {
		_, err := cloud.Repeat(ctx, j.c, j.c.KMS.DeleteAlias, &kms.DeleteAliasInput{AliasName: &from})
		if gone(err) != nil {
			return err
		}
	}
	if to == "" {
		return nil
	}
	return j.alias(ctx, id, to)
}

func (j *job) retagKey(ctx context.Context, id string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		if _, err := cloud.Repeat(ctx, j.c, j.c.KMS.TagResource, &kms.TagResourceInput{KeyId: &id, Tags: kmsTags(set)}); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.KMS.UntagResource, &kms.UntagResourceInput{KeyId: &id, TagKeys: drop})
	return err
}

func kmsTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{TagKey: aws.String(t.Key), TagValue: aws.String(t.Value)}
	}
	return out
}

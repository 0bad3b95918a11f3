package observe

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// yearly is how often a key rotates that does not say how often, in days.
const yearly = 365

type kmsKeyAnswers struct {
	keyMeta    *types.KeyMetadata // of the key that has our alias, or our tags
	keyAliased bool
	keyTags    map[string]model.Tags // by id
	keyPolicy  string
	keyRotates int

	keysAliased []string // ids of keys with any alias, where none has ours
	keysAll     []string
	keysSecond  []*types.KeyMetadata
}

// kmsKeyRow finds the key by its alias. Only where there is none are the tags of keys without any alias asked for: a run may
// have died between the two calls that it takes to make both.
func kmsKeyRow() row {
	return row{model.KindKMSKey, []func(*look) []call{aliasCalls, keyCalls, orphanCalls, orphanKeyCalls}, foldKMSKey}
}

func aliasCalls(l *look) []call {
	in := &kms.DescribeKeyInput{KeyId: aws.String(l.scope.KeyAlias())}
	return []call{fetch.Maybe(l, l.c.KMS.DescribeKey, in, func(out *kms.DescribeKeyOutput) { l.keyMeta, l.keyAliased = out.KeyMetadata, true })}
}

func keyCalls(l *look) []call {
	if l.keyMeta != nil {
		return append(l.keySettingCalls(), l.keyTagCall(aws.ToString(l.keyMeta.KeyId)))
	}
	aliases, keys := &kms.ListAliasesInput{}, &kms.ListKeysInput{}
	return []call{
		fetch.Pages(l, l.c.KMS.ListAliases, aliases, func(in *kms.ListAliasesInput, out *kms.ListAliasesOutput) bool {
			for _, a := range out.Aliases {
				l.keysAliased = append(l.keysAliased, aws.ToString(a.TargetKeyId))
			}
			return fetch.More(out.NextMarker, &in.Marker)
		}),
		fetch.Pages(l, l.c.KMS.ListKeys, keys, func(in *kms.ListKeysInput, out *kms.ListKeysOutput) bool {
			for _, k := range out.Keys {
				l.keysAll = append(l.keysAll, aws.ToString(k.KeyId))
			}
			return fetch.More(out.NextMarker, &in.Marker)
		}),
	}
}

// keySettingCalls ask for what the key's own description does not tell; aliases are not taken there.
func (l *look) keySettingCalls() []call {
	id := l.keyMeta.KeyId
	return []call{
		fetch.Maybe(l, l.c.KMS.GetKeyPolicy, &kms.GetKeyPolicyInput{KeyId: id}, func(out *kms.GetKeyPolicyOutput) {
			l.keyPolicy = model.CanonicalJSON(aws.ToString(out.Policy))
		}),
		fetch.Maybe(l, l.c.KMS.GetKeyRotationStatus, &kms.GetKeyRotationStatusInput{KeyId: id}, func(out *kms.GetKeyRotationStatusOutput) {
			if out.KeyRotationEnabled {
				l.keyRotates = int(cmp.Or(aws.ToInt32(out.RotationPeriodInDays), yearly))
			}
		}),
	}
}

func (l *look) keyTagCall(id string) call {
	return fetch.Maybe(l, l.c.KMS.ListResourceTags, &kms.ListResourceTagsInput{KeyId: aws.String(id)}, func(out *kms.ListResourceTagsOutput) {
		var tags model.Tags
		for _, t := range out.Tags {
			tags = tags.With(aws.ToString(t.TagKey), aws.ToString(t.TagValue))
		}
		if l.keyTags == nil {
			l.keyTags = map[string]model.Tags{}
		}
		l.keyTags[id] = tags
	})
}

// orphanCalls ask for the tags of keys that have no alias. Keys that this account may not read are others'.
func orphanCalls(l *look) []call {
	var calls []call
	for _, id := range l.keysAll {
		if !slices.Contains(l.keysAliased, id) {
			calls = append(calls, fetch.Undenied(l.keyTagCall(id)))
		}
	}
	return calls
}

// orphanKeyCalls ask for the settings of the first key without an alias that is ours.
func orphanKeyCalls(l *look) []call {
	for _, id := range slices.Sorted(slices.Values(l.keysAll)) {
		if _, ours := l.mine(l.keyTags[id], model.KindKMSKey); !ours {
			continue
		}
		l.keyMeta = &types.KeyMetadata{KeyId: aws.String(id)}
		in := &kms.DescribeKeyInput{KeyId: aws.String(id)}
		return append(l.keySettingCalls(), fetch.Maybe(l, l.c.KMS.DescribeKey, in, func(out *kms.DescribeKeyOutput) { l.keyMeta = out.KeyMetadata }))
	}
	return nil
}

// foldKMSKey leaves a key out that is to be deleted: it can do nothing. The facts tell of it, so that a plan keeps it.
func foldKMSKey(l *look) {
	if l.keyMeta == nil {
		return
	}
	id, arn := aws.ToString(l.keyMeta.KeyId), aws.ToString(l.keyMeta.Arn)
	tags := l.keyTags[id]
	if _, ours := l.mine(tags, model.KindKMSKey); !ours {
		l.stray(model.KMSKeyKey(), id, "KMS key "+id+", which is called "+l.scope.KeyAlias()+",")
		return
	}
	if l.keyMeta.KeyState == types.KeyStatePendingDeletion {
		return
	}
	r := model.KMSKey{
		Description: aws.ToString(l.keyMeta.Description), Policy: l.keyPolicy, Enabled: l.keyMeta.Enabled, RotationDays: l.keyRotates, Tags: tags.Own(),
	}
	if l.keyAliased {
		r.Alias = l.scope.KeyAlias()
	}
	l.add(r, model.Handle{ID: id, ARN: arn})
}

// dyingKey is the id of the cluster's key that waits for its deletion.
func (l *look) dyingKey() string {
	if l.keyMeta == nil || l.keyMeta.KeyState != types.KeyStatePendingDeletion {
		return ""
	}
	id := aws.ToString(l.keyMeta.KeyId)
	if _, ours := l.mine(l.keyTags[id], model.KindKMSKey); !ours {
		return ""
	}
	return id
}

// secondKeyRow finds keys of ours without an alias beside the one that has it: left behind by a create whose answer was lost,
// and whose key AWS did not show in time. They cost, and no plan but the last one can afford to ask.
func secondKeyRow() row {
	return row{model.KindKMSKey, []func(*look) []call{keyCalls, orphanCalls, secondKeyCalls}, foldSecondKeys}
}

func secondKeyCalls(l *look) []call {
	var calls []call
	for _, id := range slices.Sorted(slices.Values(l.keysAll)) {
		if _, ours := l.mine(l.keyTags[id], model.KindKMSKey); !ours || id == l.inv.Handle(model.KMSKeyKey()).ID {
			continue
		}
		in := &kms.DescribeKeyInput{KeyId: aws.String(id)}
		calls = append(calls, fetch.Maybe(l, l.c.KMS.DescribeKey, in, func(out *kms.DescribeKeyOutput) { l.keysSecond = append(l.keysSecond, out.KeyMetadata) }))
	}
	return calls
}

func foldSecondKeys(l *look) {
	for _, k := range l.keysSecond {
		if id := aws.ToString(k.KeyId); k.KeyState != types.KeyStatePendingDeletion {
			l.add(model.KMSKey{Description: aws.ToString(k.Description), Enabled: k.Enabled, Tags: l.keyTags[id].Own()}, model.Handle{ID: id, ARN: aws.ToString(k.Arn)})
		}
	}
}

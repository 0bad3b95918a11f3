package kms

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is KMS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CancelKeyDeletion":    wire.Op(CancelKeyDeletion),
		"CreateAlias":          wire.Op(CreateAlias),
		"CreateKey":            wire.Op(CreateKey),
		"DeleteAlias":          wire.Op(DeleteAlias),
		"DescribeKey":          wire.Op(DescribeKey),
		"DisableKey":           wire.Op(DisableKey),
		"DisableKeyRotation":   wire.Op(DisableKeyRotation),
		"EnableKey":            wire.Op(EnableKey),
		"EnableKeyRotation":    wire.Op(EnableKeyRotation),
		"GetKeyPolicy":         wire.Op(GetKeyPolicy),
		"GetKeyRotationStatus": wire.Op(GetKeyRotationStatus),
		"ListAliases":          wire.Op(ListAliases),
		"ListKeyPolicies":      wire.Op(ListKeyPolicies),
		"ListKeys":             wire.Op(ListKeys),
		"ListResourceTags":     wire.Op(ListResourceTags),
		"PutKeyPolicy":         wire.Op(PutKeyPolicy),
		"ScheduleKeyDeletion":  wire.Op(ScheduleKeyDeletion),
		"TagResource":          wire.Op(TagResource),
		"UntagResource":        wire.Op(UntagResource),
		"UpdateAlias":          wire.Op(UpdateAlias),
		"UpdateKeyDescription": wire.Op(UpdateKeyDescription),
	}
}

// Handlers is what happens when one of KMS's events falls due.
func Handlers() world.Handlers {
	return world.Handlers{"kms.key-deleted": {deleted}}
}

package secrets

import (
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is Secrets Manager's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateSecret":   wire.Op(CreateSecret),
		"DeleteSecret":   wire.Op(DeleteSecret),
		"DescribeSecret": wire.Op(DescribeSecret),
		"GetSecretValue": wire.Op(GetSecretValue),
		"ListSecrets":    wire.Op(ListSecrets),
		"PutSecretValue": wire.Op(PutSecretValue),
		"RestoreSecret":  wire.Op(RestoreSecret),
		"TagResource":    wire.Op(TagResource),
		"UntagResource":  wire.Op(UntagResource),
		"UpdateSecret":   wire.Op(UpdateSecret),
	}
}

// Handlers is what happens when one of Secrets Manager's events falls due.
func Handlers() world.Handlers {
	return world.Handlers{secretGone: {gone}}
}

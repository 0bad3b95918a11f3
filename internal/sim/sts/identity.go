// Package sts is the simulated Security Token Service: it says who calls.
//
// In go calls of STS's API with the SDK's own types, out come answers. Whatever access key signs, the caller is the
// account's one user.
//
// It must never check a signature or refuse a caller; refusals are faults that the world's dice throw elsewhere.
package sts

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is STS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"GetCallerIdentity": wire.Op(GetCallerIdentity),
	}
}

// GetCallerIdentity says who calls.
func GetCallerIdentity(*world.Call, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(world.Account), Arn: aws.String(world.CallerARN), UserId: aws.String(world.CallerID),
	}, nil
}

package kms

import (
	"berth/internal/sim/policy"
	"berth/internal/sim/world"
)

// Why a key cannot be used.
const (
	Missing  = "NotFound" // Missing keys are not there.
	Disabled = "Disabled" // Disabled keys can be enabled again.
	Dying    = "Invalid"  // Dying keys are pending deletion.
	Closed   = "Denied"   // Closed keys do not let the caller in.
)

// Usable tells what keeps the account from using a key, named by id, ARN or alias; empty: nothing does. Who in the account
// may use it is IAM's matter.
func Usable(r *world.Region, key string) string {
	k, ok := lookup(r, key)
	switch {
	case !ok:
		return Missing
	case k.State == disabled:
		return Disabled
	case k.State == pending:
		return Dying
	}
	return ""
}

// Allows tells whether a key lets a service in, by its policy: principalService is "events.amazonaws.com", action is
// "kms:Decrypt". A service that does not say for whom it asks leaves sourceArn empty. A key that cannot be used allows
// nothing (KMS developer guide, "Permissions for AWS services in key policies").
func Allows(r *world.Region, key, principalService, action, sourceArn string) bool {
	k, ok := lookup(r, key)
	if !ok || k.State != enabled {
		return false
	}
	p, err := policy.Parse(k.Policy)
	if err != nil {
		return false // policies are read when they are put
	}
	context := map[string]string{}
	if sourceArn != "" {
		context["aws:SourceArn"], context["aws:SourceAccount"] = sourceArn, world.Account
	}
	return p.Allows(policy.Request{Service: principalService, Account: world.Account, Action: action, Resource: k.ARN, Context: context})
}

// Encrypts tells what keeps a service from putting something under a key: it must be able to make data keys and to read them
// again. Empty: nothing does.
func Encrypts(r *world.Region, key, principalService, sourceArn string) string {
	if why := Usable(r, key); why != "" {
		return why
	}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		if !Allows(r, key, principalService, action, sourceArn) {
			return Closed
		}
	}
	return ""
}

// ARN is the ARN of a key, named by id, ARN or alias; empty when there is none.
func ARN(r *world.Region, key string) string {
	if k, ok := lookup(r, key); ok {
		return k.ARN
	}
	return ""
}

package iam

import (
	"maps"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is IAM's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	all := roleOperations()
	maps.Copy(all, profileOperations())
	maps.Copy(all, policyOperations())
	return all
}

func roleOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateRole":                    wire.Op(CreateRole),
		"GetRole":                       wire.Op(GetRole),
		"UpdateRole":                    wire.Op(UpdateRole),
		"UpdateAssumeRolePolicy":        wire.Op(UpdateAssumeRolePolicy),
		"DeleteRole":                    wire.Op(DeleteRole),
		"ListRoles":                     wire.Op(ListRoles),
		"TagRole":                       wire.Op(TagRole),
		"UntagRole":                     wire.Op(UntagRole),
		"ListRoleTags":                  wire.Op(ListRoleTags),
		"PutRolePermissionsBoundary":    wire.Op(PutRolePermissionsBoundary),
		"DeleteRolePermissionsBoundary": wire.Op(DeleteRolePermissionsBoundary),
		"PutRolePolicy":                 wire.Op(PutRolePolicy),
		"GetRolePolicy":                 wire.Op(GetRolePolicy),
		"DeleteRolePolicy":              wire.Op(DeleteRolePolicy),
		"ListRolePolicies":              wire.Op(ListRolePolicies),
		"AttachRolePolicy":              wire.Op(AttachRolePolicy),
		"DetachRolePolicy":              wire.Op(DetachRolePolicy),
		"ListAttachedRolePolicies":      wire.Op(ListAttachedRolePolicies),
		"CreateServiceLinkedRole":       wire.Op(CreateServiceLinkedRole),
	}
}

func profileOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateInstanceProfile":         wire.Op(CreateInstanceProfile),
		"GetInstanceProfile":            wire.Op(GetInstanceProfile),
		"DeleteInstanceProfile":         wire.Op(DeleteInstanceProfile),
		"AddRoleToInstanceProfile":      wire.Op(AddRoleToInstanceProfile),
		"RemoveRoleFromInstanceProfile": wire.Op(RemoveRoleFromInstanceProfile),
		"ListInstanceProfiles":          wire.Op(ListInstanceProfiles),
		"ListInstanceProfilesForRole":   wire.Op(ListInstanceProfilesForRole),
		"TagInstanceProfile":            wire.Op(TagInstanceProfile),
		"UntagInstanceProfile":          wire.Op(UntagInstanceProfile),
		"ListInstanceProfileTags":       wire.Op(ListInstanceProfileTags),
	}
}

func policyOperations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreatePolicy":            wire.Op(CreatePolicy),
		"GetPolicy":               wire.Op(GetPolicy),
		"DeletePolicy":            wire.Op(DeletePolicy),
		"ListPolicies":            wire.Op(ListPolicies),
		"CreatePolicyVersion":     wire.Op(CreatePolicyVersion),
		"GetPolicyVersion":        wire.Op(GetPolicyVersion),
		"DeletePolicyVersion":     wire.Op(DeletePolicyVersion),
		"ListPolicyVersions":      wire.Op(ListPolicyVersions),
		"SetDefaultPolicyVersion": wire.Op(SetDefaultPolicyVersion),
		"TagPolicy":               wire.Op(TagPolicy),
		"UntagPolicy":             wire.Op(UntagPolicy),
		"ListPolicyTags":          wire.Op(ListPolicyTags),
		"GetUser":                 wire.Op(GetUser),
		"ListAccountAliases":      wire.Op(ListAccountAliases),
		"GetAccountSummary":       wire.Op(GetAccountSummary),
	}
}

package iam

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/world"
)

// GetUser shows the account's one user, who is the caller.
func GetUser(_ *world.Call, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
	if name := aws.ToString(in.UserName); name != "" && name != world.CallerName {
		return nil, missing("The user with name %s cannot be found.", name)
	}
	return &iam.GetUserOutput{User: &types.User{
		Arn: aws.String(world.CallerARN), UserId: aws.String(world.CallerID), UserName: aws.String(world.CallerName),
		Path: aws.String("/"), CreateDate: aws.Time(world.Epoch()),
	}}, nil
}

// ListAccountAliases lists nothing: the account has no alias.
func ListAccountAliases(*world.Call, *iam.ListAccountAliasesInput) (*iam.ListAccountAliasesOutput, error) {
	return &iam.ListAccountAliasesOutput{AccountAliases: []string{}}, nil
}

// GetAccountSummary counts what the account has and may have.
func GetAccountSummary(c *world.Call, _ *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	n := func(v int) int32 { return int32(min(v, 1<<30)) }
	return &iam.GetAccountSummaryOutput{SummaryMap: map[string]int32{
		"Users": 1, "Groups": 0, "AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0,
		"Roles": n(c.IAM.Roles.Len()), "RolesQuota": n(quota(c.World, "L-FE177D64")),
		"Policies": n(c.IAM.Policies.Len()), "PoliciesQuota": n(quota(c.World, "L-E95E4862")),
		"InstanceProfiles": n(c.IAM.Profiles.Len()), "InstanceProfilesQuota": mostProfiles,
		"AttachedPoliciesPerRoleQuota": n(quota(c.World, "L-0DA4ABF3")),
		"AssumeRolePolicySizeQuota":    mostTrust, "RolePolicySizeQuota": mostInline,
		"PolicySizeQuota": mostManaged, "VersionsPerPolicyQuota": mostVersions,
	}}, nil
}

package access

import "strings"

// iamTable follows "Actions, resources, and condition keys for AWS Identity and Access Management". ARNs of roles and profiles
// have the path, which only what makes them says.
const iamTable = `
AddRoleToInstanceProfile #profile
+ iam:PassRole #profilerole iam:passedtoservice:=ec2.amazonaws.com
AttachRolePolicy #role iam:policyarn=PolicyArn
CreateInstanceProfile #profile
+ ?iam:TagInstanceProfile #profile
CreatePolicy policy{Path~/}{PolicyName}
+ ?iam:TagPolicy policy{Path~/}{PolicyName}
CreatePolicyVersion {PolicyArn}
CreateRole #role
+ ?iam:TagRole #role
CreateServiceLinkedRole role/aws-service-role/{AWSServiceName}/* iam:awsservicename=AWSServiceName
DeleteInstanceProfile #profile
DeletePolicy {PolicyArn}
DeletePolicyVersion {PolicyArn}
DeleteRole #role
DeleteRolePermissionsBoundary #role
DeleteRolePolicy #role
DetachRolePolicy #role iam:policyarn=PolicyArn
GetAccountSummary
GetInstanceProfile #profile
GetPolicy {PolicyArn}
GetPolicyVersion {PolicyArn}
GetRole #role
GetRolePolicy #role
GetUser user/{UserName~berth}
ListAccountAliases
ListAttachedRolePolicies #role
ListInstanceProfileTags #profile
ListInstanceProfiles
ListInstanceProfilesForRole #role
ListPolicies
ListPolicyTags {PolicyArn}
ListPolicyVersions {PolicyArn}
ListRolePolicies #role
ListRoleTags #role
ListRoles
PutRolePermissionsBoundary #role
PutRolePolicy #role
RemoveRoleFromInstanceProfile #profile
SetDefaultPolicyVersion {PolicyArn}
TagInstanceProfile #profile
TagPolicy {PolicyArn}
TagRole #role
UntagInstanceProfile #profile
UntagPolicy {PolicyArn}
UntagRole #role
UpdateAssumeRolePolicy #role
UpdateRole #role
`

// stsTable is short: anybody may ask who they are ("No permissions are required to perform this operation", API reference of
// GetCallerIdentity), and no policy keeps them from it.
const stsTable = `
GetCallerIdentity >-
`

// role is a role by its name. Of one that does not stand the path is the request's, else AWS evaluates the name alone.
func role(n need) []need {
	name := text(n.in, "RoleName")
	if r, ok := n.IAM.Roles.Get(name); ok {
		n.resource = r.ARN
		return []need{n}
	}
	return []need{n.on("role" + path(n.in) + name)}
}

// profile is an instance profile by its name.
func profile(n need) []need {
	name := text(n.in, "InstanceProfileName")
	if p, ok := n.IAM.Profiles.Get(name); ok {
		n.resource = p.ARN
		return []need{n}
	}
	return []need{n.on("instance-profile" + path(n.in) + name)}
}

// path is the path of what is made, with its slashes.
func path(in any) string {
	if p := text(in, "Path"); strings.HasPrefix(p, "/") {
		return p
	}
	return "/"
}

// profileRole is the role that a profile gets, which is as good as handing it to an instance.
func profileRole(n need) []need {
	r, ok := n.IAM.Roles.Get(text(n.in, "RoleName"))
	if !ok {
		return nil
	}
	n.resource = r.ARN
	return []need{n}
}

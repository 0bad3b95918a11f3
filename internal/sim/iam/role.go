package iam

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// CreateRole makes a role; names are unique without regard to case.
func CreateRole(c *world.Call, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	r, err := newRole(in)
	if err != nil {
		return nil, err
	}
	if taken(&c.IAM.Roles, r.Name) {
		return nil, exists("Role with name %s already exists.", r.Name)
	}
	if most := quota(c.World, "L-FE177D64"); c.IAM.Roles.Len() >= most {
		return nil, exceeded("Cannot exceed quota for RolesPerAccount: %d", most)
	}
	if b := aws.ToString(in.PermissionsBoundary); b != "" {
		if err := checkAttachable(c, b); err != nil {
			return nil, err
		}
		r.Boundary = b
	}
	r.ID, r.Created = uniqueID(c.World, "AROA"), c.Now()
	c.IAM.Roles.Put(r.Name, r)
	return &iam.CreateRoleOutput{Role: fullRole(r)}, nil
}

// newRole checks the call's own parameters.
func newRole(in *iam.CreateRoleInput) (*world.Role, error) {
	name, err := named("roleName", in.RoleName, 64)
	if err != nil {
		return nil, err
	}
	path, err := pathed(in.Path)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(path, linkedPath) {
		return nil, wire.Errorf("ValidationError", "Roles under the path %s can be created only for service-linked roles.", linkedPath)
	}
	trust, err := trustDocument(in.AssumeRolePolicyDocument, "assumeRolePolicyDocument")
	if err != nil {
		return nil, err
	}
	session, err := sessionLength(in.MaxSessionDuration, 3600)
	if err != nil {
		return nil, err
	}
	t, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	return &world.Role{
		Name: name, Path: path, ARN: arn("role", path, name), Trust: trust,
		Description: aws.ToString(in.Description), MaxSession: session, Tags: t,
	}, nil
}

func sessionLength(v *int32, usual int) (int, error) {
	if v == nil {
		return usual, nil
	}
	if *v < 3600 {
		return 0, constraint(itoa(int(*v)), "maxSessionDuration", "have value greater than or equal to 3600")
	}
	if *v > 43200 {
		return 0, constraint(itoa(int(*v)), "maxSessionDuration", "have value less than or equal to 43200")
	}
	return int(*v), nil
}

// taken tells whether a name is in use, in whatever case.
func taken[T any](t *world.Table[T], name string) bool {
	for k := range t.All() {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

func findRole(c *world.Call, v *string) (*world.Role, error) {
	name, err := required("roleName", v)
	if err != nil {
		return nil, err
	}
	r, ok := c.IAM.Roles.Get(name)
	if !ok {
		return nil, missing("The role with name %s cannot be found.", name)
	}
	return r, nil
}

// ownRole finds a role that the caller may change: not a service-linked one.
func ownRole(c *world.Call, v *string) (*world.Role, error) {
	r, err := findRole(c, v)
	if err != nil {
		return nil, err
	}
	if r.Service != "" {
		return nil, wire.Errorf("UnmodifiableEntity",
			"Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS", r.Name)
	}
	return r, nil
}

// briefRole is a role as lists and instance profiles show it: without tags and boundary.
func briefRole(r *world.Role) types.Role {
	out := types.Role{
		Arn: aws.String(r.ARN), CreateDate: aws.Time(r.Created), Path: aws.String(r.Path), RoleId: aws.String(r.ID),
		RoleName: aws.String(r.Name), AssumeRolePolicyDocument: encoded(r.Trust), MaxSessionDuration: aws.Int32(int32(r.MaxSession)),
	}
	if r.Description != "" {
		out.Description = aws.String(r.Description)
	}
	return out
}

func fullRole(r *world.Role) *types.Role {
	out := briefRole(r)
	out.RoleLastUsed = &types.RoleLastUsed{}
	if len(r.Tags) > 0 {
		out.Tags = tags(r.Tags)
	}
	if r.Boundary != "" {
		out.PermissionsBoundary = &types.AttachedPermissionsBoundary{
			PermissionsBoundaryArn:  aws.String(r.Boundary),
			PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy,
		}
	}
	return &out
}

// GetRole shows one role.
func GetRole(c *world.Call, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRoleOutput{Role: fullRole(r)}, nil
}

// UpdateRole changes a role's description and longest session; what is left out stays.
func UpdateRole(c *world.Call, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	session, err := sessionLength(in.MaxSessionDuration, r.MaxSession)
	if err != nil {
		return nil, err
	}
	r.MaxSession = session
	if in.Description != nil {
		r.Description = *in.Description
	}
	return &iam.UpdateRoleOutput{}, nil
}

// UpdateAssumeRolePolicy replaces a role's trust policy.
func UpdateAssumeRolePolicy(c *world.Call, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	trust, err := trustDocument(in.PolicyDocument, "policyDocument")
	if err != nil {
		return nil, err
	}
	r.Trust = trust
	return &iam.UpdateAssumeRolePolicyOutput{}, nil
}

// DeleteRole removes a role that nothing is attached to and that no instance profile holds.
func DeleteRole(c *world.Call, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	if len(r.Attached) > 0 {
		return nil, conflict("Cannot delete entity, must detach all policies first.")
	}
	if r.Inline.Len() > 0 {
		return nil, conflict("Cannot delete entity, must delete policies first.")
	}
	for p := range c.IAM.Profiles.Rows() {
		if slices.Contains(p.Roles, r.Name) {
			return nil, conflict("Cannot delete entity, must remove roles from instance profile first.")
		}
	}
	c.IAM.Roles.Delete(r.Name)
	return &iam.DeleteRoleOutput{}, nil
}

// ListRoles lists the roles whose path begins with PathPrefix.
func ListRoles(c *world.Call, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	var all []types.Role
	for r := range c.IAM.Roles.Rows() {
		if strings.HasPrefix(r.Path, aws.ToString(in.PathPrefix)) {
			all = append(all, briefRole(r))
		}
	}
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRolesOutput{Roles: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

// PutRolePermissionsBoundary sets the policy that a role's permissions may not go beyond.
func PutRolePermissionsBoundary(c *world.Call, in *iam.PutRolePermissionsBoundaryInput) (*iam.PutRolePermissionsBoundaryOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	b, err := required("permissionsBoundary", in.PermissionsBoundary)
	if err != nil {
		return nil, err
	}
	if err := checkAttachable(c, b); err != nil {
		return nil, err
	}
	r.Boundary = b
	return &iam.PutRolePermissionsBoundaryOutput{}, nil
}

// DeleteRolePermissionsBoundary removes a role's boundary.
func DeleteRolePermissionsBoundary(c *world.Call, in *iam.DeleteRolePermissionsBoundaryInput) (*iam.DeleteRolePermissionsBoundaryOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	if r.Boundary == "" {
		return nil, missing("The role with name %s does not have a permissions boundary.", r.Name)
	}
	r.Boundary = ""
	return &iam.DeleteRolePermissionsBoundaryOutput{}, nil
}

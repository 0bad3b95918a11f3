package iam

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/world"
)

// mostProfiles is how many instance profiles an account may have.
const mostProfiles = 1000

// propagation is how long EC2 takes to see a profile with its role (measured on real accounts: 5 to 15 s).
func propagation() world.Span {
	return world.Span{Mean: 9 * time.Second, Deviation: 2 * time.Second, Floor: 5 * time.Second}
}

// CreateInstanceProfile makes an instance profile without a role.
func CreateInstanceProfile(c *world.Call, in *iam.CreateInstanceProfileInput) (*iam.CreateInstanceProfileOutput, error) {
	name, err := named("instanceProfileName", in.InstanceProfileName, 128)
	if err != nil {
		return nil, err
	}
	path, err := pathed(in.Path)
	if err != nil {
		return nil, err
	}
	t, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	if taken(&c.IAM.Profiles, name) {
		return nil, exists("Instance Profile %s already exists.", name)
	}
	if c.IAM.Profiles.Len() >= mostProfiles {
		return nil, exceeded("Cannot exceed quota for InstanceProfilesPerAccount: %d", mostProfiles)
	}
	p := &world.InstanceProfile{
		Name: name, ID: uniqueID(c.World, "AIPA"), ARN: arn("instance-profile", path, name), Path: path, Tags: t, Created: c.Now(),
	}
	c.IAM.Profiles.Put(name, p)
	return &iam.CreateInstanceProfileOutput{InstanceProfile: fullProfile(c, p)}, nil
}

func findProfile(c *world.Call, v *string) (*world.InstanceProfile, error) {
	name, err := required("instanceProfileName", v)
	if err != nil {
		return nil, err
	}
	p, ok := c.IAM.Profiles.Get(name)
	if !ok {
		return nil, missing("Instance Profile %s cannot be found.", name)
	}
	return p, nil
}

// briefProfile is a profile as lists show it: without tags.
func briefProfile(c *world.Call, p *world.InstanceProfile) types.InstanceProfile {
	out := types.InstanceProfile{
		Arn: aws.String(p.ARN), CreateDate: aws.Time(p.Created), InstanceProfileId: aws.String(p.ID),
		InstanceProfileName: aws.String(p.Name), Path: aws.String(p.Path), Roles: []types.Role{},
	}
	for _, name := range p.Roles {
		if r, ok := c.IAM.Roles.Get(name); ok {
			out.Roles = append(out.Roles, briefRole(r))
		}
	}
	return out
}

func fullProfile(c *world.Call, p *world.InstanceProfile) *types.InstanceProfile {
	out := briefProfile(c, p)
	if len(p.Tags) > 0 {
		out.Tags = tags(p.Tags)
	}
	return &out
}

// GetInstanceProfile shows one instance profile with its role.
func GetInstanceProfile(c *world.Call, in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	return &iam.GetInstanceProfileOutput{InstanceProfile: fullProfile(c, p)}, nil
}

// DeleteInstanceProfile removes an instance profile that holds no role. Running instances do not hold it back.
func DeleteInstanceProfile(c *world.Call, in *iam.DeleteInstanceProfileInput) (*iam.DeleteInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	if len(p.Roles) > 0 {
		return nil, conflict("Cannot delete entity, must remove roles from instance profile first.")
	}
	c.IAM.Profiles.Delete(p.Name)
	return &iam.DeleteInstanceProfileOutput{}, nil
}

// AddRoleToInstanceProfile puts a role into an empty profile; EC2 sees it some seconds later.
func AddRoleToInstanceProfile(c *world.Call, in *iam.AddRoleToInstanceProfileInput) (*iam.AddRoleToInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	if len(p.Roles) > 0 {
		return nil, exceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	}
	p.Roles = []string{r.Name}
	p.Visible = c.Now().Add(c.Draw("iam.profile-propagation", p.Name, propagation()))
	return &iam.AddRoleToInstanceProfileOutput{}, nil
}

// RemoveRoleFromInstanceProfile takes the role out of a profile.
func RemoveRoleFromInstanceProfile(c *world.Call, in *iam.RemoveRoleFromInstanceProfileInput) (*iam.RemoveRoleFromInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	i := slices.Index(p.Roles, r.Name)
	if i < 0 {
		return nil, missing("The role with name %s cannot be found.", r.Name)
	}
	p.Roles = slices.Delete(p.Roles, i, i+1)
	return &iam.RemoveRoleFromInstanceProfileOutput{}, nil
}

// ListInstanceProfiles lists the profiles whose path begins with PathPrefix.
func ListInstanceProfiles(c *world.Call, in *iam.ListInstanceProfilesInput) (*iam.ListInstanceProfilesOutput, error) {
	all := profiles(c, func(p *world.InstanceProfile) bool { return strings.HasPrefix(p.Path, aws.ToString(in.PathPrefix)) })
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfilesOutput{InstanceProfiles: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

// ListInstanceProfilesForRole lists the profiles that hold a role.
func ListInstanceProfilesForRole(c *world.Call, in *iam.ListInstanceProfilesForRoleInput) (*iam.ListInstanceProfilesForRoleOutput, error) {
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	all := profiles(c, func(p *world.InstanceProfile) bool { return slices.Contains(p.Roles, r.Name) })
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfilesForRoleOutput{InstanceProfiles: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

func profiles(c *world.Call, wanted func(*world.InstanceProfile) bool) []types.InstanceProfile {
	out := []types.InstanceProfile{}
	for p := range c.IAM.Profiles.Rows() {
		if wanted(p) {
			out = append(out, briefProfile(c, p))
		}
	}
	return out
}

package iam

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/world"
)

func makeRole(t *testing.T, c *world.Call, name string) *types.Role {
	t.Helper()
	return must[*iam.CreateRoleOutput](t)(CreateRole(c, &iam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/ecs/"), AssumeRolePolicyDocument: aws.String(trustEC2), Description: aws.String("for tests"),
		Tags: []types.Tag{{Key: aws.String("Environment"), Value: aws.String("prod")}},
	})).Role
}

func TestRoleIsReadBackWhole(t *testing.T) {
	c := newCall()
	made := makeRole(t, c, "node")
	got := must[*iam.GetRoleOutput](t)(GetRole(c, &iam.GetRoleInput{RoleName: aws.String("node")})).Role
	if *got.Arn != "arn:aws:iam::123456789012:role/ecs/node" || *got.RoleId != *made.RoleId || !strings.HasPrefix(*got.RoleId, "AROA") || len(*got.RoleId) != 21 {
		t.Errorf("arn %s, id %s, made with %s", *got.Arn, *got.RoleId, *made.RoleId)
	}
	if doc, err := url.PathUnescape(*got.AssumeRolePolicyDocument); err != nil || doc != trustEC2 {
		t.Errorf("trust policy reads back as %q", doc)
	}
	if strings.ContainsAny(*got.AssumeRolePolicyDocument, "{\" +") {
		t.Errorf("trust policy is not percent-encoded: %s", *got.AssumeRolePolicyDocument)
	}
	if *got.MaxSessionDuration != 3600 || *got.Description != "for tests" || len(got.Tags) != 1 || !got.CreateDate.Equal(world.Epoch()) || got.RoleLastUsed == nil {
		t.Errorf("role reads back as %+v", got)
	}
}

func TestRoleNameIsTakenWithoutRegardToCase(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	_, err := CreateRole(c, &iam.CreateRoleInput{RoleName: aws.String("Node"), AssumeRolePolicyDocument: aws.String(trustEC2)})
	refused(t, err, "EntityAlreadyExists", 409, "Role with name Node already exists.")
}

func TestRoleRefusals(t *testing.T) {
	tests := map[string]struct {
		in            iam.CreateRoleInput
		code, message string
	}{
		"no name": {
			iam.CreateRoleInput{},
			"ValidationError",
			"1 validation error detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null",
		},
		"long name": {
			iam.CreateRoleInput{RoleName: aws.String(strings.Repeat("a", 65))},
			"ValidationError",
			"1 validation error detected: Value '" + strings.Repeat("a", 65) + "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64",
		},
		"odd name": {
			iam.CreateRoleInput{RoleName: aws.String("a b")},
			"ValidationError",
			"The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
		},
		"odd path": {
			iam.CreateRoleInput{RoleName: aws.String("a"), Path: aws.String("ecs")},
			"ValidationError",
			"The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
		},
		"no trust": {
			iam.CreateRoleInput{RoleName: aws.String("a")},
			"ValidationError",
			"1 validation error detected: Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
		},
		"short session": {
			iam.CreateRoleInput{RoleName: aws.String("a"), AssumeRolePolicyDocument: aws.String(trustEC2), MaxSessionDuration: aws.Int32(60)},
			"ValidationError", "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
		},
		"system tag": {iam.CreateRoleInput{
			RoleName: aws.String("a"), AssumeRolePolicyDocument: aws.String(trustEC2),
			Tags: []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("")}},
		}, "InvalidInput", "Caller is not allowed to modify system tags"},
		"two tags alike": {iam.CreateRoleInput{
			RoleName: aws.String("a"), AssumeRolePolicyDocument: aws.String(trustEC2),
			Tags: []types.Tag{{Key: aws.String("x")}, {Key: aws.String("X")}},
		}, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := CreateRole(newCall(), &tt.in)
			refused(t, err, tt.code, 400, tt.message)
		})
	}
}

func TestRolesAreLimited(t *testing.T) {
	c := newCall()
	c.Region.Quotas = map[string]int{"L-FE177D64": 1}
	makeRole(t, c, "one")
	_, err := CreateRole(c, &iam.CreateRoleInput{RoleName: aws.String("two"), AssumeRolePolicyDocument: aws.String(trustEC2)})
	refused(t, err, "LimitExceeded", 409, "Cannot exceed quota for RolesPerAccount: 1")
}

func TestUpdateRoleChangesOnlyWhatIsGiven(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	must[*iam.UpdateRoleOutput](t)(UpdateRole(c, &iam.UpdateRoleInput{RoleName: aws.String("node"), MaxSessionDuration: aws.Int32(7200)}))
	other := strings.Replace(trustEC2, "ec2.", "ecs-tasks.", 1)
	must[*iam.UpdateAssumeRolePolicyOutput](t)(UpdateAssumeRolePolicy(c, &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String("node"), PolicyDocument: aws.String(other),
	}))
	r, _ := c.IAM.Roles.Get("node")
	if r.MaxSession != 7200 || r.Description != "for tests" || r.Trust != other {
		t.Errorf("role is %+v", r)
	}
	_, err := UpdateRole(c, &iam.UpdateRoleInput{RoleName: aws.String("nobody")})
	refused(t, err, "NoSuchEntity", 404, "The role with name nobody cannot be found.")
}

func TestRoleIsDeletedOnlyWhenNothingHangsOnIt(t *testing.T) {
	c := newCall()
	name := aws.String("node")
	makeRole(t, c, *name)
	policy := aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
	must[*iam.CreateInstanceProfileOutput](t)(CreateInstanceProfile(c, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(AddRoleToInstanceProfile(c, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}))
	must[*iam.AttachRolePolicyOutput](t)(AttachRolePolicy(c, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: policy}))
	must[*iam.PutRolePolicyOutput](t)(PutRolePolicy(c, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("s3"), PolicyDocument: aws.String(allowS3)}))

	_, err := DeleteRole(c, &iam.DeleteRoleInput{RoleName: name})
	refused(t, err, "DeleteConflict", 409, "Cannot delete entity, must detach all policies first.")
	must[*iam.DetachRolePolicyOutput](t)(DetachRolePolicy(c, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: policy}))
	_, err = DeleteRole(c, &iam.DeleteRoleInput{RoleName: name})
	refused(t, err, "DeleteConflict", 409, "Cannot delete entity, must delete policies first.")
	must[*iam.DeleteRolePolicyOutput](t)(DeleteRolePolicy(c, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("s3")}))
	_, err = DeleteRole(c, &iam.DeleteRoleInput{RoleName: name})
	refused(t, err, "DeleteConflict", 409, "Cannot delete entity, must remove roles from instance profile first.")
	_, err = DeleteInstanceProfile(c, &iam.DeleteInstanceProfileInput{InstanceProfileName: name})
	refused(t, err, "DeleteConflict", 409, "Cannot delete entity, must remove roles from instance profile first.")
	must[*iam.RemoveRoleFromInstanceProfileOutput](t)(RemoveRoleFromInstanceProfile(c, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name}))
	must[*iam.DeleteRoleOutput](t)(DeleteRole(c, &iam.DeleteRoleInput{RoleName: name}))
	must[*iam.DeleteInstanceProfileOutput](t)(DeleteInstanceProfile(c, &iam.DeleteInstanceProfileInput{InstanceProfileName: name}))
	if c.IAM.Roles.Len()+c.IAM.Profiles.Len() != 0 {
		t.Error("something is left")
	}
}

func TestListRolesPagesInOrder(t *testing.T) {
	c := newCall()
	for i := range 5 {
		makeRole(t, c, fmt.Sprintf("role%d", i))
	}
	EnsureServiceLinkedRole(c.World, "ecs.amazonaws.com")
	var got []string
	in := &iam.ListRolesInput{PathPrefix: aws.String("/ecs/"), MaxItems: aws.Int32(2)}
	for {
		out := must[*iam.ListRolesOutput](t)(ListRoles(c, in))
		for _, r := range out.Roles {
			got = append(got, *r.RoleName)
		}
		if out.IsTruncated != (out.Marker != nil) {
			t.Fatalf("truncated %v with marker %v", out.IsTruncated, out.Marker)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			break
		}
	}
	if want := "role0 role1 role2 role3 role4"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	_, err := ListRoles(c, &iam.ListRolesInput{Marker: aws.String("nonsense")})
	refused(t, err, "ValidationError", 400, "Invalid Marker.")
	_, err = ListRoles(c, &iam.ListRolesInput{MaxItems: aws.Int32(1001)})
	refused(t, err, "ValidationError", 400,
		"1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000")
}

func TestTagsOfRolesAndProfilesAreSetAndRemoved(t *testing.T) {
	c := newCall()
	name := aws.String("node")
	makeRole(t, c, *name)
	must[*iam.TagRoleOutput](t)(TagRole(c, &iam.TagRoleInput{RoleName: name, Tags: []types.Tag{
		{Key: aws.String("Environment"), Value: aws.String("test")}, {Key: aws.String("Cluster"), Value: aws.String("shop")},
	}}))
	must[*iam.UntagRoleOutput](t)(UntagRole(c, &iam.UntagRoleInput{RoleName: name, TagKeys: []string{"Cluster", "unknown"}}))
	got := must[*iam.ListRoleTagsOutput](t)(ListRoleTags(c, &iam.ListRoleTagsInput{RoleName: name})).Tags
	if len(got) != 1 || *got[0].Key != "Environment" || *got[0].Value != "test" {
		t.Errorf("role's tags are %v", got)
	}
	must[*iam.CreateInstanceProfileOutput](t)(CreateInstanceProfile(c, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))
	must[*iam.TagInstanceProfileOutput](t)(TagInstanceProfile(c, &iam.TagInstanceProfileInput{InstanceProfileName: name, Tags: []types.Tag{
		{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")},
	}}))
	must[*iam.UntagInstanceProfileOutput](t)(UntagInstanceProfile(c, &iam.UntagInstanceProfileInput{InstanceProfileName: name, TagKeys: []string{"a"}}))
	got = must[*iam.ListInstanceProfileTagsOutput](t)(ListInstanceProfileTags(c, &iam.ListInstanceProfileTagsInput{InstanceProfileName: name})).Tags
	if len(got) != 1 || *got[0].Key != "b" {
		t.Errorf("profile's tags are %v", got)
	}
}

func TestEC2SeesProfileSomeSecondsAfterItsRole(t *testing.T) {
	for seed := range uint64(50) {
		c := newCall()
		c.Seed = seed
		name := aws.String("node")
		makeRole(t, c, *name)
		must[*iam.CreateInstanceProfileOutput](t)(CreateInstanceProfile(c, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))
		c.Advance(time.Minute)
		must[*iam.AddRoleToInstanceProfileOutput](t)(AddRoleToInstanceProfile(c, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}))
		p, _ := c.IAM.Profiles.Get("node")
		if d := p.Visible.Sub(c.Now()); d < 5*time.Second || d > 30*time.Second {
			t.Fatalf("seed %d: visible after %v", seed, d)
		}
	}
}

func TestProfileHoldsOneRole(t *testing.T) {
	c := newCall()
	name := aws.String("node")
	makeRole(t, c, "node")
	makeRole(t, c, "other")
	must[*iam.CreateInstanceProfileOutput](t)(CreateInstanceProfile(c, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(AddRoleToInstanceProfile(c, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}))
	_, err := AddRoleToInstanceProfile(c, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: aws.String("other")})
	refused(t, err, "LimitExceeded", 409, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	_, err = RemoveRoleFromInstanceProfile(c, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: aws.String("other")})
	refused(t, err, "NoSuchEntity", 404, "The role with name other cannot be found.")
	_, err = CreateInstanceProfile(c, &iam.CreateInstanceProfileInput{InstanceProfileName: name})
	refused(t, err, "EntityAlreadyExists", 409, "Instance Profile node already exists.")
	_, err = GetInstanceProfile(c, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String("none")})
	refused(t, err, "NoSuchEntity", 404, "Instance Profile none cannot be found.")

	got := must[*iam.GetInstanceProfileOutput](t)(GetInstanceProfile(c, &iam.GetInstanceProfileInput{InstanceProfileName: name})).InstanceProfile
	if len(got.Roles) != 1 || *got.Roles[0].RoleName != "node" || *got.Arn != "arn:aws:iam::123456789012:instance-profile/node" {
		t.Errorf("profile is %+v", got)
	}
	for role, want := range map[string]int{"node": 1, "other": 0} {
		if l := must[*iam.ListInstanceProfilesForRoleOutput](t)(ListInstanceProfilesForRole(c, &iam.ListInstanceProfilesForRoleInput{RoleName: aws.String(role)})); len(l.InstanceProfiles) != want {
			t.Errorf("%s is in %d profiles, want %d", role, len(l.InstanceProfiles), want)
		}
	}
	if l := must[*iam.ListInstanceProfilesOutput](t)(ListInstanceProfiles(c, &iam.ListInstanceProfilesInput{})); len(l.InstanceProfiles) != 1 {
		t.Errorf("there are %d profiles", len(l.InstanceProfiles))
	}
}

func TestServiceLinkedRoleBelongsToItsService(t *testing.T) {
	c := newCall()
	ecs := &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("ecs.amazonaws.com")}
	r := must[*iam.CreateServiceLinkedRoleOutput](t)(CreateServiceLinkedRole(c, ecs)).Role
	if *r.Arn != "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS" {
		t.Errorf("arn is %s", *r.Arn)
	}
	_, err := CreateServiceLinkedRole(c, ecs)
	refused(t, err, "InvalidInput", 400, "Service role name AWSServiceRoleForECS has been taken in this account, please try a different suffix.")
	_, err = DeleteRole(c, &iam.DeleteRoleInput{RoleName: r.RoleName})
	refused(t, err, "UnmodifiableEntity", 400,
		"Cannot perform the operation on the protected role 'AWSServiceRoleForECS' - this role is only modifiable by AWS")
	_, err = CreateServiceLinkedRole(c, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("nonsense.amazonaws.com")})
	refused(t, err, "InvalidInput", 400, "Service Linked Role Template not found for nonsense.amazonaws.com")
	asg := must[*iam.CreateServiceLinkedRoleOutput](t)(CreateServiceLinkedRole(c, &iam.CreateServiceLinkedRoleInput{
		AWSServiceName: aws.String("autoscaling.amazonaws.com"), CustomSuffix: aws.String("blue"),
	})).Role
	if *asg.RoleName != "AWSServiceRoleForAutoScaling_blue" {
		t.Errorf("role is called %s", *asg.RoleName)
	}
	if EnsureServiceLinkedRole(c.World, "ecs.amazonaws.com") != *r.Arn || c.IAM.Roles.Len() != 2 {
		t.Error("a role that is there was made again")
	}
	if EnsureServiceLinkedRole(c.World, "s3.amazonaws.com") != "" {
		t.Error("a service without a role got one")
	}
}

func TestServiceThatIsUsedGetsItsRole(t *testing.T) {
	c := newCall()
	c.Attach(Handlers(), nil)
	for range 2 {
		c.Schedule(0, world.Event{Kind: world.ServiceUsed, ID: "autoscaling.amazonaws.com"})
		c.Schedule(0, world.Event{Kind: world.ServiceUsed, ID: "s3.amazonaws.com"})
	}
	c.Advance(time.Second)
	r, there := c.IAM.Roles.Get("AWSServiceRoleForAutoScaling")
	if !there || c.IAM.Roles.Len() != 1 || r.Service != "autoscaling.amazonaws.com" {
		t.Errorf("role is %+v of %d", r, c.IAM.Roles.Len())
	}
}

func TestBoundaryIsSetAndRemoved(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	name, admin := aws.String("node"), aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
	must[*iam.PutRolePermissionsBoundaryOutput](t)(PutRolePermissionsBoundary(c, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: admin}))
	r := must[*iam.GetRoleOutput](t)(GetRole(c, &iam.GetRoleInput{RoleName: name})).Role
	if r.PermissionsBoundary == nil || *r.PermissionsBoundary.PermissionsBoundaryArn != *admin {
		t.Errorf("boundary is %+v", r.PermissionsBoundary)
	}
	must[*iam.DeleteRolePermissionsBoundaryOutput](t)(DeleteRolePermissionsBoundary(c, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name}))
	_, err := DeleteRolePermissionsBoundary(c, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name})
	refused(t, err, "NoSuchEntity", 404, "The role with name node does not have a permissions boundary.")
}

func TestWorldWithRolesIsSavedAndLoaded(t *testing.T) {
	c := newCall()
	makeRole(t, c, "node")
	must[*iam.PutRolePolicyOutput](t)(PutRolePolicy(c, &iam.PutRolePolicyInput{RoleName: aws.String("node"), PolicyName: aws.String("s3"), PolicyDocument: aws.String(allowS3)}))
	before, err := c.Save()
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Fork()
	if err != nil {
		t.Fatal(err)
	}
	after, err := again.Save()
	if err != nil || string(after) != string(before) {
		t.Errorf("saved %s\nloaded %s (%v)", before, after, err)
	}
}

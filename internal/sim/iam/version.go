package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/world"
)

// mostVersions is how many versions a managed policy may have.
const mostVersions = 5

func addVersion(c *world.Call, p *world.Policy, doc string, inForce bool) *world.PolicyVersion {
	p.Issued++
	p.Versions = append(p.Versions, world.PolicyVersion{ID: "v" + itoa(p.Issued), Document: doc, Created: c.Now()})
	v := &p.Versions[len(p.Versions)-1]
	if inForce {
		p.Default = v.ID
	}
	return v
}

// briefVersion is a version as lists and CreatePolicyVersion show it: without its document.
func briefVersion(p *world.Policy, v *world.PolicyVersion) types.PolicyVersion {
	return types.PolicyVersion{VersionId: aws.String(v.ID), IsDefaultVersion: v.ID == p.Default, CreateDate: aws.Time(v.Created)}
}

func findVersion(p *world.Policy, v *string) (int, error) {
	id, err := required("versionId", v)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(p.Versions, func(v world.PolicyVersion) bool { return v.ID == id })
	if i < 0 {
		return 0, missing("Policy %s version %s does not exist or is not attachable.", p.ARN, id)
	}
	return i, nil
}

// CreatePolicyVersion adds a version, which comes into force only if the call says so.
func CreatePolicyVersion(c *world.Call, in *iam.CreatePolicyVersionInput) (*iam.CreatePolicyVersionOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	doc, err := managedDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	if len(p.Versions) >= mostVersions {
		return nil, exceeded("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", mostVersions)
	}
	v := briefVersion(p, addVersion(c, p, doc, in.SetAsDefault))
	v.IsDefaultVersion = in.SetAsDefault
	p.Updated = c.Now()
	return &iam.CreatePolicyVersionOutput{PolicyVersion: &v}, nil
}

// GetPolicyVersion shows a version with its document, URL-encoded.
func GetPolicyVersion(c *world.Call, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	p, err := findPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	i, err := findVersion(p, in.VersionId)
	if err != nil {
		return nil, err
	}
	v := briefVersion(p, &p.Versions[i])
	v.Document = encoded(p.Versions[i].Document)
	return &iam.GetPolicyVersionOutput{PolicyVersion: &v}, nil
}

// DeletePolicyVersion removes a version that is not in force.
func DeletePolicyVersion(c *world.Call, in *iam.DeletePolicyVersionInput) (*iam.DeletePolicyVersionOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	i, err := findVersion(p, in.VersionId)
	if err != nil {
		return nil, err
	}
	if p.Versions[i].ID == p.Default {
		return nil, conflict("Cannot delete the default version of a policy.")
	}
	p.Versions = slices.Delete(p.Versions, i, i+1)
	return &iam.DeletePolicyVersionOutput{}, nil
}

// SetDefaultPolicyVersion puts a version into force.
func SetDefaultPolicyVersion(c *world.Call, in *iam.SetDefaultPolicyVersionInput) (*iam.SetDefaultPolicyVersionOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	i, err := findVersion(p, in.VersionId)
	if err != nil {
		return nil, err
	}
	p.Default, p.Updated = p.Versions[i].ID, c.Now()
	return &iam.SetDefaultPolicyVersionOutput{}, nil
}

// ListPolicyVersions lists a policy's versions, newest first.
func ListPolicyVersions(c *world.Call, in *iam.ListPolicyVersionsInput) (*iam.ListPolicyVersionsOutput, error) {
	policy, err := findPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	all := []types.PolicyVersion{}
	for i := range slices.Backward(policy.Versions) {
		all = append(all, briefVersion(policy, &policy.Versions[i]))
	}
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPolicyVersionsOutput{Versions: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/sim/world"
)

// mostInline is the total size of a role's inline policies in characters, white space not counted.
const mostInline = 10240

// PutRolePolicy adds or replaces an inline policy of a role.
func PutRolePolicy(c *world.Call, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	name, err := named("policyName", in.PolicyName, 128)
	if err != nil {
		return nil, err
	}
	doc, err := identityDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	total := weight(doc)
	for k, p := range r.Inline.All() {
		if k != name {
			total += weight(p.Document)
		}
	}
	if total > mostInline {
		return nil, exceeded("Maximum policy size of %d bytes exceeded for role %s", mostInline, r.Name)
	}
	r.Inline.Put(name, &world.InlinePolicy{Name: name, Document: doc})
	return &iam.PutRolePolicyOutput{}, nil
}

// weight is a document's length without white space, which is what the size limits count.
func weight(doc string) int {
	return len(strings.Join(strings.Fields(doc), ""))
}

func findInline(c *world.Call, role, name *string) (*world.Role, *world.InlinePolicy, error) {
	r, err := findRole(c, role)
	if err != nil {
		return nil, nil, err
	}
	n, err := required("policyName", name)
	if err != nil {
		return nil, nil, err
	}
	p, ok := r.Inline.Get(n)
	if !ok {
		return nil, nil, missing("The role policy with name %s cannot be found.", n)
	}
	return r, p, nil
}

// GetRolePolicy shows an inline policy; its document is URL-encoded.
func GetRolePolicy(c *world.Call, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
	r, p, err := findInline(c, in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRolePolicyOutput{
		RoleName: aws.String(r.Name), PolicyName: aws.String(p.Name), PolicyDocument: encoded(p.Document),
	}, nil
}

// DeleteRolePolicy removes an inline policy.
func DeleteRolePolicy(c *world.Call, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
	if _, err := ownRole(c, in.RoleName); err != nil {
		return nil, err
	}
	r, p, err := findInline(c, in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	r.Inline.Delete(p.Name)
	return &iam.DeleteRolePolicyOutput{}, nil
}

// ListRolePolicies lists the names of a role's inline policies.
func ListRolePolicies(c *world.Call, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for k := range r.Inline.All() {
		names = append(names, k)
	}
	p, err := page(names, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRolePoliciesOutput{PolicyNames: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

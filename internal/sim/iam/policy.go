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

// mostManaged is the size of a managed policy in characters, white space not counted.
const mostManaged = 6144

// CreatePolicy makes a customer-managed policy with its first version.
func CreatePolicy(c *world.Call, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	name, err := named("policyName", in.PolicyName, 128)
	if err != nil {
		return nil, err
	}
	path, err := pathed(in.Path)
	if err != nil {
		return nil, err
	}
	doc, err := managedDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	t, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	for p := range c.IAM.Policies.Rows() {
		if strings.EqualFold(p.Name, name) {
			return nil, exists("A policy called %s already exists. Duplicate names are not allowed.", name)
		}
	}
	if most := quota(c.World, "L-E95E4862"); c.IAM.Policies.Len() >= most {
		return nil, exceeded("Cannot exceed quota for PoliciesPerAccount: %d", most)
	}
	p := &world.Policy{
		Name: name, ID: uniqueID(c.World, "ANPA"), ARN: arn("policy", path, name), Path: path, Tags: t,
		Description: aws.ToString(in.Description), Created: c.Now(), Updated: c.Now(),
	}
	addVersion(c, p, doc, true)
	c.IAM.Policies.Put(p.ARN, p)
	return &iam.CreatePolicyOutput{Policy: briefPolicy(c, p)}, nil
}

func managedDocument(v *string) (string, error) {
	doc, err := identityDocument(v)
	if err != nil {
		return "", err
	}
	if weight(doc) > mostManaged {
		return "", exceeded("Cannot exceed quota for PolicySize: %d", mostManaged)
	}
	return doc, nil
}

// lookPolicy finds a policy by ARN, the customer's or AWS's.
func lookPolicy(c *world.Call, policy string) (*world.Policy, bool) {
	if p, ok := c.IAM.Policies.Get(policy); ok {
		return p, true
	}
	for _, m := range managedPolicies() {
		if m.arn() == policy {
			return m.row(), true
		}
	}
	return nil, false
}

func findPolicy(c *world.Call, v *string) (*world.Policy, error) {
	policy, err := required("policyArn", v)
	if err != nil {
		return nil, err
	}
	p, ok := lookPolicy(c, policy)
	if !ok {
		return nil, missing("Policy %s was not found.", policy)
	}
	return p, nil
}

// ownPolicy finds a policy that the caller may change.
func ownPolicy(c *world.Call, v *string) (*world.Policy, error) {
	p, err := findPolicy(c, v)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(p.ARN, managedPrefix) {
		return nil, wire.Errorf("AccessDenied", "User: %s is not authorized to perform: iam:%s on resource: policy %s",
			world.CallerARN, c.Operation, p.ARN).WithStatus(403)
	}
	return p, nil
}

// briefPolicy is a policy as lists show it: without description and tags.
func briefPolicy(c *world.Call, p *world.Policy) *types.Policy {
	return &types.Policy{
		Arn: aws.String(p.ARN), PolicyId: aws.String(p.ID), PolicyName: aws.String(p.Name), Path: aws.String(p.Path),
		DefaultVersionId: aws.String(p.Default), IsAttachable: true, CreateDate: aws.Time(p.Created), UpdateDate: aws.Time(p.Updated),
		AttachmentCount:               aws.Int32(uses(c, func(r *world.Role) bool { return slices.Contains(r.Attached, p.ARN) })),
		PermissionsBoundaryUsageCount: aws.Int32(uses(c, func(r *world.Role) bool { return r.Boundary == p.ARN })),
	}
}

func uses(c *world.Call, by func(*world.Role) bool) int32 {
	var n int32
	for r := range c.IAM.Roles.Rows() {
		if by(r) {
			n++
		}
	}
	return n
}

// GetPolicy shows one policy.
func GetPolicy(c *world.Call, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	p, err := findPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := briefPolicy(c, p)
	out.Tags = tags(p.Tags)
	if p.Description != "" {
		out.Description = aws.String(p.Description)
	}
	return &iam.GetPolicyOutput{Policy: out}, nil
}

// DeletePolicy removes a policy that nothing uses and that has one version left.
func DeletePolicy(c *world.Call, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if b := briefPolicy(c, p); *b.AttachmentCount+*b.PermissionsBoundaryUsageCount > 0 {
		return nil, conflict("Cannot delete a policy attached to entities.")
	}
	if len(p.Versions) > 1 {
		return nil, conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
			"The default version is deleted with the policy.")
	}
	c.IAM.Policies.Delete(p.ARN)
	return &iam.DeletePolicyOutput{}, nil
}

// ListPolicies lists AWS's policies, the customer's, or both.
func ListPolicies(c *world.Call, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	var rows []*world.Policy
	if in.Scope != types.PolicyScopeTypeAws {
		rows = slices.AppendSeq(rows, c.IAM.Policies.Rows())
	}
	if in.Scope != types.PolicyScopeTypeLocal {
		for _, m := range managedPolicies() {
			rows = append(rows, m.row())
		}
	}
	all := []types.Policy{}
	for _, r := range rows {
		p := briefPolicy(c, r)
		if strings.HasPrefix(r.Path, aws.ToString(in.PathPrefix)) && (!in.OnlyAttached || *p.AttachmentCount > 0) {
			all = append(all, *p)
		}
	}
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPoliciesOutput{Policies: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

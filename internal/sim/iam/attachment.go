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

// checkAttachable refuses the ARN of a policy that is not there.
func checkAttachable(c *world.Call, policy string) error {
	if len(policy) < 20 || !strings.HasPrefix(policy, "arn:") {
		return wire.Errorf("InvalidInput", "ARN %s is not valid.", policy)
	}
	if _, ok := lookPolicy(c, policy); !ok || strings.HasPrefix(policy, managedPrefix+linkedPath) {
		return missing("Policy %s does not exist or is not attachable.", policy)
	}
	return nil
}

// AttachRolePolicy attaches a managed policy to a role; attaching it again changes nothing.
func AttachRolePolicy(c *world.Call, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	policy, err := required("policyArn", in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if err := checkAttachable(c, policy); err != nil {
		return nil, err
	}
	if slices.Contains(r.Attached, policy) {
		return &iam.AttachRolePolicyOutput{}, nil
	}
	if most := quota(c.World, "L-0DA4ABF3"); len(r.Attached) >= most {
		return nil, exceeded("Cannot exceed quota for PoliciesPerRole: %d", most)
	}
	r.Attached = append(r.Attached, policy)
	return &iam.AttachRolePolicyOutput{}, nil
}

// DetachRolePolicy takes a managed policy off a role.
func DetachRolePolicy(c *world.Call, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	policy, err := required("policyArn", in.PolicyArn)
	if err != nil {
		return nil, err
	}
	i := slices.Index(r.Attached, policy)
	if i < 0 {
		return nil, missing("Policy %s was not found.", policy)
	}
	r.Attached = slices.Delete(r.Attached, i, i+1)
	return &iam.DetachRolePolicyOutput{}, nil
}

// ListAttachedRolePolicies lists a role's managed policies.
func ListAttachedRolePolicies(c *world.Call, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	all := []types.AttachedPolicy{}
	for _, a := range r.Attached {
		path, name := splitPolicy(a)
		if strings.HasPrefix(path, aws.ToString(in.PathPrefix)) {
			all = append(all, types.AttachedPolicy{PolicyArn: aws.String(a), PolicyName: aws.String(name)})
		}
	}
	p, err := page(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

// splitPolicy takes path and name out of a policy's ARN.
func splitPolicy(policy string) (path, name string) {
	_, rest, _ := strings.Cut(policy, ":policy")
	i := strings.LastIndex(rest, "/")
	return rest[:i+1], rest[i+1:]
}

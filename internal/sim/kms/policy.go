package kms

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"berth/internal/sim/policy"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// usualPolicy is the policy of a key that was made without one: the account may do everything.
const usualPolicy = `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::` + world.Account + `:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`

// mostPolicy is the largest policy of a key in bytes.
const mostPolicy = 32 * 1024

// policyName is the one name that policies of keys can have.
const policyName = "default"

// checkPolicy refuses a text that is no policy, and one that would lock its author out.
func checkPolicy(k *world.Key, text string, bypass bool) error {
	if len(text) > mostPolicy {
		return wire.Errorf("LimitExceededException", "The key policy is larger than %d bytes", mostPolicy)
	}
	p, err := policy.Parse(text)
	if err != nil {
		return wire.Errorf("MalformedPolicyDocumentException", "%v", err)
	}
	owner := policy.Request{Account: world.Account, Action: "kms:PutKeyPolicy", Resource: k.ARN, Context: map[string]string{"kms:CallerAccount": world.Account}}
	if !bypass && !p.Allows(owner) {
		return wire.Errorf("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

func checkName(name *string) error {
	if n := cmp.Or(aws.ToString(name), policyName); n != policyName {
		return wire.Errorf("NotFoundException", "No such policy exists")
	}
	return nil
}

// PutKeyPolicy replaces a key's policy.
func PutKeyPolicy(c *world.Call, in *kms.PutKeyPolicyInput) (*kms.PutKeyPolicyOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	if err := checkName(in.PolicyName); err != nil {
		return nil, err
	}
	text, err := required("policy", in.Policy)
	if err != nil {
		return nil, err
	}
	if err := checkPolicy(k, text, in.BypassPolicyLockoutSafetyCheck); err != nil {
		return nil, err
	}
	k.Policy = text
	return &kms.PutKeyPolicyOutput{}, nil
}

// GetKeyPolicy gives a key's policy as it was put.
func GetKeyPolicy(c *world.Call, in *kms.GetKeyPolicyInput) (*kms.GetKeyPolicyOutput, error) {
	k, err := find(c, in.KeyId, false)
	if err != nil {
		return nil, err
	}
	if err := checkName(in.PolicyName); err != nil {
		return nil, err
	}
	return &kms.GetKeyPolicyOutput{Policy: aws.String(k.Policy), PolicyName: aws.String(policyName)}, nil
}

// ListKeyPolicies names the one policy that every key has.
func ListKeyPolicies(c *world.Call, in *kms.ListKeyPoliciesInput) (*kms.ListKeyPoliciesOutput, error) {
	if _, err := find(c, in.KeyId, false); err != nil {
		return nil, err
	}
	return &kms.ListKeyPoliciesOutput{PolicyNames: []string{policyName}}, nil
}

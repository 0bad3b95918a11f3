package s3

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// PutPublicAccessBlock sets the four switches; one that is left out is off.
func PutPublicAccessBlock(c *world.Call, in *s3.PutPublicAccessBlockInput) (*s3.PutPublicAccessBlockOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	p := in.PublicAccessBlockConfiguration
	if p == nil {
		return nil, malformedXML()
	}
	b.Access = &world.PublicAccess{
		BlockACLs: aws.ToBool(p.BlockPublicAcls), IgnoreACLs: aws.ToBool(p.IgnorePublicAcls),
		BlockPolicy: aws.ToBool(p.BlockPublicPolicy), Restrict: aws.ToBool(p.RestrictPublicBuckets),
	}
	return &s3.PutPublicAccessBlockOutput{}, nil
}

// GetPublicAccessBlock shows the four switches.
func GetPublicAccessBlock(c *world.Call, in *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Access == nil {
		return nil, missing("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	}
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: aws.Bool(b.Access.BlockACLs), IgnorePublicAcls: aws.Bool(b.Access.IgnoreACLs),
		BlockPublicPolicy: aws.Bool(b.Access.BlockPolicy), RestrictPublicBuckets: aws.Bool(b.Access.Restrict),
	}}, nil
}

// DeletePublicAccessBlock removes the four switches.
func DeletePublicAccessBlock(c *world.Call, in *s3.DeletePublicAccessBlockInput) (*s3.DeletePublicAccessBlockOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Access = nil
	return &s3.DeletePublicAccessBlockOutput{}, nil
}

// PutBucketOwnershipControls says who owns objects that other accounts write.
func PutBucketOwnershipControls(c *world.Call, in *s3.PutBucketOwnershipControlsInput) (*s3.PutBucketOwnershipControlsOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.OwnershipControls == nil || len(in.OwnershipControls.Rules) != 1 {
		return nil, malformedXML()
	}
	o := in.OwnershipControls.Rules[0].ObjectOwnership
	if !slices.Contains(o.Values(), o) {
		return nil, malformedXML()
	}
	b.Ownership = string(o)
	return &s3.PutBucketOwnershipControlsOutput{}, nil
}

// GetBucketOwnershipControls shows who owns objects that other accounts write.
func GetBucketOwnershipControls(c *world.Call, in *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Ownership == "" {
		return nil, missing("OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
	}
	return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &types.OwnershipControls{
		Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnership(b.Ownership)}},
	}}, nil
}

// DeleteBucketOwnershipControls removes the controls.
func DeleteBucketOwnershipControls(c *world.Call, in *s3.DeleteBucketOwnershipControlsInput) (*s3.DeleteBucketOwnershipControlsOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Ownership = ""
	return &s3.DeleteBucketOwnershipControlsOutput{}, nil
}

// PutBucketPolicy sets the bucket's policy; its text is kept as it is.
func PutBucketPolicy(c *world.Call, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	p, err := readPolicy(aws.ToString(in.Policy), b.Name)
	if err != nil {
		return nil, err
	}
	if b.Access != nil && b.Access.BlockPolicy && p.public() {
		return nil, wire.Errorf("AccessDenied", "User: %s is not authorized to perform: s3:PutBucketPolicy on resource: \"arn:aws:s3:::%s\" "+
			"because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", world.CallerARN, b.Name).WithStatus(403)
	}
	b.Policy = *in.Policy
	return &s3.PutBucketPolicyOutput{}, nil
}

// GetBucketPolicy shows the bucket's policy.
func GetBucketPolicy(c *world.Call, in *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, missing("NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return &s3.GetBucketPolicyOutput{Policy: aws.String(b.Policy)}, nil
}

// GetBucketPolicyStatus says whether the bucket's policy opens it to everybody.
func GetBucketPolicyStatus(c *world.Call, in *s3.GetBucketPolicyStatusInput) (*s3.GetBucketPolicyStatusOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, missing("NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	p, err := readPolicy(b.Policy, b.Name)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketPolicyStatusOutput{PolicyStatus: &types.PolicyStatus{IsPublic: aws.Bool(p.public())}}, nil
}

// DeleteBucketPolicy removes the bucket's policy; without one nothing happens.
func DeleteBucketPolicy(c *world.Call, in *s3.DeleteBucketPolicyInput) (*s3.DeleteBucketPolicyOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Policy = ""
	return &s3.DeleteBucketPolicyOutput{}, nil
}

// policy is a bucket policy as far as its form is checked.
type policy struct{ Statement oneOrMore[policyStatement] }

type policyStatement struct {
	Effect                                   string
	Principal, NotPrincipal, Condition       json.RawMessage
	Action, NotAction, Resource, NotResource oneOrMore[string]
}

// oneOrMore is a value or a list of them.
type oneOrMore[T any] []T

// UnmarshalJSON takes both forms.
func (o *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	if strings.HasPrefix(strings.TrimSpace(string(b)), "[") {
		return json.Unmarshal(b, (*[]T)(o))
	}
	*o = make([]T, 1)
	return json.Unmarshal(b, &(*o)[0])
}

func malformedPolicy(text string) error { return wire.Errorf("MalformedPolicy", "%s", text) }

func readPolicy(text, bucket string) (policy, error) {
	var p policy
	if !strings.HasPrefix(text, "{") || !json.Valid([]byte(text)) {
		return p, malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, malformedPolicy("Policy has invalid syntax")
	}
	if len(p.Statement) == 0 {
		return p, malformedPolicy("Missing required field Statement")
	}
	for _, s := range p.Statement {
		if err := s.check("arn:aws:s3:::" + bucket); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (s policyStatement) check(bucket string) error {
	actions, resources := slices.Concat(s.Action, s.NotAction), slices.Concat(s.Resource, s.NotResource)
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return malformedPolicy("Invalid effect: " + s.Effect)
	case s.Principal == nil && s.NotPrincipal == nil:
		return malformedPolicy("Missing required field Principal")
	case len(actions) == 0:
		return malformedPolicy("Missing required field Action")
	case len(resources) == 0:
		return malformedPolicy("Missing required field Resource")
	}
	if slices.ContainsFunc(actions, func(a string) bool { return a != "*" && !strings.HasPrefix(a, "s3:") }) {
		return malformedPolicy("Policy has invalid action")
	}
	if slices.ContainsFunc(resources, func(r string) bool { return r != bucket && !strings.HasPrefix(r, bucket+"/") && r != bucket+"*" }) {
		return malformedPolicy("Policy has invalid resource")
	}
	return nil
}

// public tells whether a policy allows something to everybody without a condition (S3 user guide, "The meaning of public").
func (p policy) public() bool {
	return slices.ContainsFunc(p.Statement, func(s policyStatement) bool {
		var all string
		var by struct{ AWS oneOrMore[string] }
		everybody := json.Unmarshal(s.Principal, &all) == nil && all == "*" ||
			json.Unmarshal(s.Principal, &by) == nil && slices.Contains(by.AWS, "*")
		return s.Effect == "Allow" && everybody && s.Condition == nil
	})
}

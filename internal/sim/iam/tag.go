package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTags is how many tags an entity may have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there.
func tagged(have world.Tags, in []types.Tag) (world.Tags, error) {
	seen := map[string]bool{}
	out := have
	for _, t := range in {
		key := aws.ToString(t.Key)
		if err := checkTag(key, aws.ToString(t.Value)); err != nil {
			return nil, err
		}
		if seen[strings.ToLower(key)] {
			return nil, wire.Errorf("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[strings.ToLower(key)] = true
		out = out.Set(world.Tag{Key: key, Value: aws.ToString(t.Value)})
	}
	if len(out) > mostTags {
		return nil, exceeded("The number of tags has reached the maximum limit.")
	}
	return out, nil
}

func checkTag(key, value string) error {
	switch {
	case key == "":
		return constraint("", "tags.1.member.key", "have length greater than or equal to 1")
	case len(key) > 128:
		return constraint(key, "tags.1.member.key", "have length less than or equal to 128")
	case len(value) > 256:
		return constraint(value, "tags.1.member.value", "have length less than or equal to 256")
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return wire.Errorf("InvalidInput", "Caller is not allowed to modify system tags")
	}
	return nil
}

func tags(t world.Tags) []types.Tag {
	out := make([]types.Tag, 0, len(t))
	for _, tag := range t {
		out = append(out, types.Tag{Key: aws.String(tag.Key), Value: aws.String(tag.Value)})
	}
	return out
}

// TagRole adds or replaces tags of a role.
func TagRole(c *world.Call, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	t, err := tagged(r.Tags, in.Tags)
	if err != nil {
		return nil, err
	}
	r.Tags = t
	return &iam.TagRoleOutput{}, nil
}

// UntagRole removes tags of a role; unknown keys are ignored.
func UntagRole(c *world.Call, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	r, err := ownRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Tags = r.Tags.Without(in.TagKeys...)
	return &iam.UntagRoleOutput{}, nil
}

// ListRoleTags lists the tags of a role.
func ListRoleTags(c *world.Call, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	r, err := findRole(c, in.RoleName)
	if err != nil {
		return nil, err
	}
	p, err := page(tags(r.Tags), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

// TagInstanceProfile adds or replaces tags of an instance profile.
func TagInstanceProfile(c *world.Call, in *iam.TagInstanceProfileInput) (*iam.TagInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	t, err := tagged(p.Tags, in.Tags)
	if err != nil {
		return nil, err
	}
	p.Tags = t
	return &iam.TagInstanceProfileOutput{}, nil
}

// UntagInstanceProfile removes tags of an instance profile; unknown keys are ignored.
func UntagInstanceProfile(c *world.Call, in *iam.UntagInstanceProfileInput) (*iam.UntagInstanceProfileOutput, error) {
	p, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	p.Tags = p.Tags.Without(in.TagKeys...)
	return &iam.UntagInstanceProfileOutput{}, nil
}

// ListInstanceProfileTags lists the tags of an instance profile.
func ListInstanceProfileTags(c *world.Call, in *iam.ListInstanceProfileTagsInput) (*iam.ListInstanceProfileTagsOutput, error) {
	profile, err := findProfile(c, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	p, err := page(tags(profile.Tags), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfileTagsOutput{Tags: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

// TagPolicy adds or replaces tags of a customer-managed policy.
func TagPolicy(c *world.Call, in *iam.TagPolicyInput) (*iam.TagPolicyOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	t, err := tagged(p.Tags, in.Tags)
	if err != nil {
		return nil, err
	}
	p.Tags = t
	return &iam.TagPolicyOutput{}, nil
}

// UntagPolicy removes tags of a customer-managed policy; unknown keys are ignored.
func UntagPolicy(c *world.Call, in *iam.UntagPolicyInput) (*iam.UntagPolicyOutput, error) {
	p, err := ownPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	p.Tags = p.Tags.Without(in.TagKeys...)
	return &iam.UntagPolicyOutput{}, nil
}

// ListPolicyTags lists the tags of a customer-managed policy.
func ListPolicyTags(c *world.Call, in *iam.ListPolicyTagsInput) (*iam.ListPolicyTagsOutput, error) {
	policy, err := findPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	p, err := page(tags(policy.Tags), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPolicyTagsOutput{Tags: p.rows, Marker: p.marker, IsTruncated: p.more}, nil
}

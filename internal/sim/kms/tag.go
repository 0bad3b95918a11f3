package kms

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTags is how many tags a key can have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there.
func tagged(have world.Tags, in []types.Tag) (world.Tags, error) {
	out := have
	for _, t := range in {
		tag := world.Tag{Key: aws.ToString(t.TagKey), Value: aws.ToString(t.TagValue)}
		if !tag.Legal() {
			return nil, wire.Errorf("TagException", "The tag with the key '%s' is invalid.", tag.Key)
		}
		out = out.Set(tag)
	}
	if len(out) > mostTags {
		return nil, wire.Errorf("LimitExceededException", "A key can have no more than %d tags.", mostTags)
	}
	return out, nil
}

// TagResource adds or replaces tags of a key.
func TagResource(c *world.Call, in *kms.TagResourceInput) (*kms.TagResourceOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	if k.Tags, err = tagged(k.Tags, in.Tags); err != nil {
		return nil, err
	}
	return &kms.TagResourceOutput{}, nil
}

// UntagResource removes tags of a key; unknown keys are ignored.
func UntagResource(c *world.Call, in *kms.UntagResourceInput) (*kms.UntagResourceOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	k.Tags = k.Tags.Without(in.TagKeys...)
	return &kms.UntagResourceOutput{}, nil
}

// ListResourceTags lists the tags of a key.
func ListResourceTags(c *world.Call, in *kms.ListResourceTagsInput) (*kms.ListResourceTagsOutput, error) {
	k, err := find(c, in.KeyId, false)
	if err != nil {
		return nil, err
	}
	p, err := page(k.Tags, in.Marker, in.Limit, 50, 50)
	if err != nil {
		return nil, err
	}
	out := &kms.ListResourceTagsOutput{Tags: []types.Tag{}, NextMarker: p.marker, Truncated: p.more}
	for _, t := range p.rows {
		out.Tags = append(out.Tags, types.Tag{TagKey: aws.String(t.Key), TagValue: aws.String(t.Value)})
	}
	return out, nil
}

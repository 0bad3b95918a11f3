package secrets

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"berth/internal/sim/world"
)

// mostTags is how many tags a secret can have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there.
func tagged(have world.Tags, in []types.Tag) (world.Tags, error) {
	out := have
	for _, t := range in {
		tag := world.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
		if !tag.Legal() {
			return nil, invalid("The tag with the key '%s' is invalid.", tag.Key)
		}
		out = out.Set(tag)
	}
	if len(out) > mostTags {
		return nil, invalid("The number of tags exceeds the limit of %d.", mostTags)
	}
	return out, nil
}

func tagList(tags world.Tags) []types.Tag {
	out := []types.Tag{}
	for _, t := range tags {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

// TagResource adds or replaces tags of a secret.
func TagResource(c *world.Call, in *secretsmanager.TagResourceInput) (*secretsmanager.TagResourceOutput, error) {
	s, err := active(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	if s.Tags, err = tagged(s.Tags, in.Tags); err != nil {
		return nil, err
	}
	return &secretsmanager.TagResourceOutput{}, nil
}

// UntagResource removes tags of a secret; unknown keys are ignored.
func UntagResource(c *world.Call, in *secretsmanager.UntagResourceInput) (*secretsmanager.UntagResourceOutput, error) {
	s, err := active(c, in.SecretId)
	if err != nil {
		return nil, err
	}
	s.Tags = s.Tags.Without(in.TagKeys...)
	return &secretsmanager.UntagResourceOutput{}, nil
}

package sns

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTags is how many tags a topic can have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there.
func tagged(have world.Tags, in []types.Tag) (world.Tags, error) {
	out := have
	for _, t := range in {
		tag := world.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
		if !tag.Legal() {
			return nil, invalid("Tags Reason: the tag with the key '%s' is invalid", tag.Key)
		}
		out = out.Set(tag)
	}
	if len(out) > mostTags {
		return nil, wire.Errorf("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")
	}
	return out, nil
}

func tagMap(all world.Tags) map[string]string {
	out := map[string]string{}
	for _, t := range all {
		out[t.Key] = t.Value
	}
	return out
}

// tagOwner finds the topic whose tags a call is about.
func tagOwner(c *world.Call, arn *string) (*world.Topic, error) {
	t, ok := c.Region.SNS.Topics.Get(aws.ToString(arn))
	if !ok {
		return nil, wire.Errorf("ResourceNotFound", "Resource does not exist").WithStatus(404)
	}
	return t, nil
}

// TagResource adds or replaces tags of a topic.
func TagResource(c *world.Call, in *sns.TagResourceInput) (*sns.TagResourceOutput, error) {
	t, err := tagOwner(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if t.Tags, err = tagged(t.Tags, in.Tags); err != nil {
		return nil, err
	}
	return &sns.TagResourceOutput{}, nil
}

// UntagResource removes tags of a topic; unknown keys are ignored.
func UntagResource(c *world.Call, in *sns.UntagResourceInput) (*sns.UntagResourceOutput, error) {
	t, err := tagOwner(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	t.Tags = t.Tags.Without(in.TagKeys...)
	return &sns.UntagResourceOutput{}, nil
}

// ListTagsForResource lists the tags of a topic.
func ListTagsForResource(c *world.Call, in *sns.ListTagsForResourceInput) (*sns.ListTagsForResourceOutput, error) {
	t, err := tagOwner(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &sns.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, tag := range t.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(tag.Key), Value: aws.String(tag.Value)})
	}
	return out, nil
}

package logs

import (
	"maps"
	"slices"
	"strings"

	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTags is how many tags a log group may have.
const mostTags = 50

// tagged checks new tags and puts them over those that are there, in the order of their keys.
func tagged(have world.Tags, in map[string]string) (world.Tags, error) {
	out := have
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if key == "" || len(key) > 128 || len(in[key]) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalid("The tag with the key '%s' is invalid.", key)
		}
		out = out.Set(world.Tag{Key: key, Value: in[key]})
	}
	if len(out) > mostTags {
		return nil, wire.Errorf("TooManyTagsException", "A resource can have no more than %d tags.", mostTags)
	}
	return out, nil
}

func tags(t world.Tags) map[string]string {
	out := make(map[string]string, len(t))
	for _, tag := range t {
		out[tag.Key] = tag.Value
	}
	return out
}

func put(g *world.LogGroup, in map[string]string) error {
	t, err := tagged(g.Tags, in)
	if err != nil {
		return err
	}
	g.Tags = t
	return nil
}

// TagResource adds or replaces tags of the group with the given ARN.
func TagResource(c *world.Call, in *logs.TagResourceInput) (*logs.TagResourceOutput, error) {
	g, err := identified(c, "resourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &logs.TagResourceOutput{}, put(g, in.Tags)
}

// UntagResource removes tags of the group with the given ARN; unknown keys are ignored.
func UntagResource(c *world.Call, in *logs.UntagResourceInput) (*logs.UntagResourceOutput, error) {
	g, err := identified(c, "resourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	g.Tags = g.Tags.Without(in.TagKeys...)
	return &logs.UntagResourceOutput{}, nil
}

// ListTagsForResource lists the tags of the group with the given ARN.
func ListTagsForResource(c *world.Call, in *logs.ListTagsForResourceInput) (*logs.ListTagsForResourceOutput, error) {
	g, err := identified(c, "resourceArn", in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &logs.ListTagsForResourceOutput{Tags: tags(g.Tags)}, nil
}

// TagLogGroup is the older form of TagResource: by name.
func TagLogGroup(c *world.Call, in *logs.TagLogGroupInput) (*logs.TagLogGroupOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	return &logs.TagLogGroupOutput{}, put(g, in.Tags)
}

// UntagLogGroup is the older form of UntagResource: by name.
func UntagLogGroup(c *world.Call, in *logs.UntagLogGroupInput) (*logs.UntagLogGroupOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	g.Tags = g.Tags.Without(in.Tags...)
	return &logs.UntagLogGroupOutput{}, nil
}

// ListTagsLogGroup is the older form of ListTagsForResource: by name.
func ListTagsLogGroup(c *world.Call, in *logs.ListTagsLogGroupInput) (*logs.ListTagsLogGroupOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	return &logs.ListTagsLogGroupOutput{Tags: tags(g.Tags)}, nil
}

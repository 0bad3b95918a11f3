package listing

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// MostTags is how many tags a resource may have.
const MostTags = 50

// ReadTags checks the tags of a call.
func ReadTags(in []types.Tag) (world.Tags, error) {
	var out world.Tags
	for _, t := range in {
		k, v := aws.ToString(t.Key), aws.ToString(t.Value)
		switch {
		case k == "":
			return nil, invalid("Tag key cannot be blank.")
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			return nil, invalid("Tag keys that begin with aws: are reserved and cannot be edited.")
		case len([]rune(k)) > 128:
			return nil, invalid("Tag key cannot be longer than 128 characters.")
		case len([]rune(v)) > 256:
			return nil, invalid("Tag value cannot be longer than 256 characters.")
		}
		if _, twice := out.Get(k); twice {
			return nil, invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		out = append(out, world.Tag{Key: k, Value: v})
	}
	if len(out) > MostTags {
		return nil, TooManyTags()
	}
	return out, nil
}

// TooManyTags is the refusal of a tag too many.
func TooManyTags() error { return invalid("The maximum number of tags per resource is %d.", MostTags) }

// ViewTags shows tags as answers have them.
func ViewTags(tags world.Tags) []types.Tag {
	out := []types.Tag{}
	for _, t := range tags {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

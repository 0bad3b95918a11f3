package listing

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Taggable is a kind of resource as the tag operations see it; kind[T] is one.
type Taggable interface {
	Owns(id string) bool
	Unknown(id string) error
	TagsOf(r *world.Region, id string) *world.Tags
	Tagged(r *world.Region, visit func(id string, resource types.ResourceType, tags world.Tags))
}

// Owns tells whether an id is of this kind.
func (k Kind[T]) Owns(id string) bool { return strings.HasPrefix(id, k.Prefix+"-") }

// TagsOf are the tags of a resource, to be changed in place; nil when there is no such resource.
func (k Kind[T]) TagsOf(r *world.Region, id string) *world.Tags {
	row, ok := k.Table(r).Get(id)
	if !ok {
		return nil
	}
	return k.Tags(row)
}

// Tagged visits every resource of the kind with its tags.
func (k Kind[T]) Tagged(r *world.Region, visit func(string, types.ResourceType, world.Tags)) {
	for id, row := range k.Table(r).All() {
		visit(id, k.Resource, *k.Tags(row))
	}
}

// MostTags is how many tags a resource may have.
const MostTags = 50

// TooManyTags refuses tags beyond MostTags.
func TooManyTags() error {
	return wire.Errorf("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.")
}

// ReservedTag refuses tags whose keys belong to AWS.
func ReservedTag() error {
	return Invalid("Tag keys starting with 'aws:' are reserved for internal use")
}

// SpecTags takes the tags for one kind of resource out of a call's tag specifications. allowed are the kinds that the
// call makes; a specification for another one is refused.
func SpecTags(specs []types.TagSpecification, resource types.ResourceType, allowed ...types.ResourceType) (world.Tags, error) {
	var out world.Tags
	for _, s := range specs {
		if s.ResourceType == "" {
			return nil, Invalid("Tag specification resource type must have a value")
		}
		if s.ResourceType != resource && !slices.Contains(allowed, s.ResourceType) {
			return nil, Invalid("'%s' is not a valid taggable resource type for this operation.", s.ResourceType)
		}
		if len(s.Tags) == 0 {
			return nil, Invalid("Tag specification must have at least one tag")
		}
		if s.ResourceType != resource {
			continue
		}
		tags, err := FromTags(s.Tags)
		if err != nil {
			return nil, err
		}
		out = append(out, tags...)
	}
	return out, distinct(out)
}

// FromTags checks tags and turns them into the world's.
func FromTags(in []types.Tag) (world.Tags, error) {
	out := make(world.Tags, 0, len(in))
	for _, t := range in {
		k, v := aws.ToString(t.Key), aws.ToString(t.Value)
		switch {
		case k == "":
			return nil, Invalid("Tag key cannot be null or empty")
		case strings.HasPrefix(k, "aws:"):
			return nil, ReservedTag()
		case len([]rune(k)) > 128:
			return nil, Invalid("Tag key exceeds the maximum length of 128 characters")
		case len([]rune(v)) > 256:
			return nil, Invalid("Tag value exceeds the maximum length of 256 characters")
		}
		out = append(out, world.Tag{Key: k, Value: v})
	}
	return out, distinct(out)
}

// distinct refuses a key that occurs twice, and more tags than a resource may have.
func distinct(tags world.Tags) error {
	for i, t := range tags {
		if _, twice := tags[:i].Get(t.Key); twice {
			return Invalid("Duplicate tag key '%s' specified.", t.Key)
		}
	}
	if len(tags) > MostTags {
		return TooManyTags()
	}
	return nil
}

// ToTags turns the world's tags into an answer's.
func ToTags(in world.Tags) []types.Tag {
	out := make([]types.Tag, 0, len(in))
	for _, t := range in {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

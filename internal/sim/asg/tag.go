package asg

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// kindGroup is the only kind of resource that Auto Scaling tags.
const kindGroup = "auto-scaling-group"

// groupTag is the tag that every instance of a group carries.
const groupTag = "aws:autoscaling:groupName"

// readTags checks the tags of a new group.
func readTags(in []types.Tag, name string) ([]world.GroupTag, error) {
	var out []world.GroupTag
	for _, t := range in {
		if id := aws.ToString(t.ResourceId); id != "" && id != name {
			return nil, invalid("The resource id '%s' of a tag is not the group's name", id)
		}
		tag, err := readTag(t)
		if err != nil {
			return nil, err
		}
		out = putTag(out, tag)
	}
	if len(out) > 50 {
		return nil, tooManyTags()
	}
	return out, nil
}

func readTag(t types.Tag) (world.GroupTag, error) {
	tag := world.GroupTag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value), Propagate: aws.ToBool(t.PropagateAtLaunch)}
	switch {
	case tag.Key == "":
		return tag, missing("tags.key")
	case strings.HasPrefix(strings.ToLower(tag.Key), "aws:"):
		return tag, invalid("Tag keys starting with 'aws:' are reserved for internal use")
	case len([]rune(tag.Key)) > 128:
		return tag, invalid("Tag key exceeds the maximum length of 128 characters")
	case len([]rune(tag.Value)) > 256:
		return tag, invalid("Tag value exceeds the maximum length of 256 characters")
	}
	return tag, nil
}

func tooManyTags() error {
	return wire.Errorf("LimitExceeded", "You have reached the maximum number of tags for an AutoScalingGroup: 50")
}

// putTag adds a tag or replaces the one with its key.
func putTag(tags []world.GroupTag, tag world.GroupTag) []world.GroupTag {
	out := slices.Clone(tags)
	if i := slices.IndexFunc(out, func(t world.GroupTag) bool { return t.Key == tag.Key }); i >= 0 {
		out[i] = tag
		return out
	}
	return append(out, tag)
}

// SetTag puts a tag on a group, as AWS's own services do.
func SetTag(g *world.ScalingGroup, tag world.GroupTag) { g.Tags = putTag(g.Tags, tag) }

// CreateOrUpdateTags sets tags on groups. Running instances do not get them.
func CreateOrUpdateTags(c *world.Call, in *autoscaling.CreateOrUpdateTagsInput) (*autoscaling.CreateOrUpdateTagsOutput, error) {
	if len(in.Tags) == 0 {
		return nil, missing("tags")
	}
	for _, t := range in.Tags {
		g, err := tagOwner(c, t)
		if err != nil {
			return nil, err
		}
		tag, err := readTag(t)
		if err != nil {
			return nil, err
		}
		if len(putTag(g.Tags, tag)) > 50 {
			return nil, tooManyTags()
		}
	}
	for _, t := range in.Tags {
		g, _ := tagOwner(c, t) // both were checked above
		tag, _ := readTag(t)
		g.Tags = putTag(g.Tags, tag)
	}
	return &autoscaling.CreateOrUpdateTagsOutput{}, nil
}

// DeleteTags takes tags off groups. A tag that is not there is not missed.
func DeleteTags(c *world.Call, in *autoscaling.DeleteTagsInput) (*autoscaling.DeleteTagsOutput, error) {
	if len(in.Tags) == 0 {
		return nil, missing("tags")
	}
	for _, t := range in.Tags {
		g, err := tagOwner(c, t)
		if err != nil {
			return nil, err
		}
		g.Tags = slices.DeleteFunc(slices.Clone(g.Tags), func(have world.GroupTag) bool {
			return have.Key == aws.ToString(t.Key) && (t.Value == nil || have.Value == *t.Value)
		})
	}
	return &autoscaling.DeleteTagsOutput{}, nil
}

func tagOwner(c *world.Call, t types.Tag) (group, error) {
	if kind := aws.ToString(t.ResourceType); kind != kindGroup {
		return group{}, invalid("Invalid resource type: %s", kind)
	}
	if t.ResourceId == nil {
		return group{}, missing("tags.resourceId")
	}
	return change(c, t.ResourceId)
}

// DescribeTags lists the tags of all groups, group by group.
func DescribeTags(c *world.Call, in *autoscaling.DescribeTagsInput) (*autoscaling.DescribeTagsOutput, error) {
	var rows []types.TagDescription
	for row := range c.Region.AutoScaling.Groups.Rows() {
		for _, t := range viewTags(row, row.Tags) {
			ok, err := tagMatches(t, in.Filters)
			if err != nil {
				return nil, err
			}
			if ok {
				rows = append(rows, t)
			}
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 50, 100})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeTagsOutput{Tags: rows, NextToken: next}, nil
}

func tagMatches(t types.TagDescription, filters []types.Filter) (bool, error) {
	for _, f := range filters {
		var have string
		switch name := aws.ToString(f.Name); name {
		case "auto-scaling-group":
			have = *t.ResourceId
		case "key":
			have = *t.Key
		case "value":
			have = *t.Value
		case "propagate-at-launch":
			have = strconv.FormatBool(*t.PropagateAtLaunch)
		default:
			return false, invalid("Filter type %s is not correct. Allowed Filter types are: auto-scaling-group, key, value, propagate-at-launch", name)
		}
		if !slices.Contains(f.Values, have) {
			return false, nil
		}
	}
	return true, nil
}

func viewTags(g *world.ScalingGroup, tags []world.GroupTag) []types.TagDescription {
	var out []types.TagDescription
	for _, t := range tags {
		out = append(out, types.TagDescription{
			Key: aws.String(t.Key), Value: aws.String(t.Value), PropagateAtLaunch: aws.Bool(t.Propagate),
			ResourceId: aws.String(g.Name), ResourceType: aws.String(kindGroup),
		})
	}
	return out
}

// inherited are the tags that a new instance gets from its group.
func (g group) inherited() world.Tags {
	var out world.Tags
	for _, t := range g.Tags {
		if t.Propagate {
			out = append(out, world.Tag{Key: t.Key, Value: t.Value})
		}
	}
	return append(out, world.Tag{Key: groupTag, Value: g.Name})
}

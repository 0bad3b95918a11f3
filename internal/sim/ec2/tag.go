package ec2

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// taggables are all kinds of resources that carry tags.
func taggables() []listing.Taggable { return slices.Concat(network.Kinds(), computeKinds()) }

// CreateTags sets tags on resources of any kind; one bad id and nothing is set.
func CreateTags(c *world.Call, in *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) {
	if len(in.Tags) == 0 {
		return nil, listing.Missing("tagSet")
	}
	tags, err := listing.FromTags(in.Tags)
	if err != nil {
		return nil, err
	}
	rows, err := tagRows(c.Region, in.Resources)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if len(row.Set(tags...)) > listing.MostTags {
			return nil, listing.TooManyTags()
		}
	}
	for _, row := range rows {
		*row = row.Set(tags...)
	}
	return &ec2.CreateTagsOutput{}, nil
}

// DeleteTags takes tags off resources: those with the given keys (and values, where given), or all of them. What is
// not there is not missed; tags that AWS set stay.
func DeleteTags(c *world.Call, in *ec2.DeleteTagsInput) (*ec2.DeleteTagsOutput, error) {
	rows, err := tagRows(c.Region, in.Resources)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		if strings.HasPrefix(aws.ToString(t.Key), "aws:") {
			return nil, listing.ReservedTag()
		}
	}
	for _, row := range rows {
		*row = slices.DeleteFunc(slices.Clone(*row), func(t world.Tag) bool { return goes(t, in.Tags) })
	}
	return &ec2.DeleteTagsOutput{}, nil
}

// goes tells whether DeleteTags takes the tag off.
func goes(t world.Tag, asked []types.Tag) bool {
	if strings.HasPrefix(t.Key, "aws:") {
		return false
	}
	return len(asked) == 0 || slices.ContainsFunc(asked, func(a types.Tag) bool {
		return aws.ToString(a.Key) == t.Key && (a.Value == nil || *a.Value == t.Value)
	})
}

// tagRows finds the tags of every named resource.
func tagRows(r *world.Region, ids []string) ([]*world.Tags, error) {
	if len(ids) == 0 {
		return nil, listing.Missing("resourceIdSet")
	}
	kinds := taggables()
	out := make([]*world.Tags, 0, len(ids))
	for _, id := range ids {
		i := slices.IndexFunc(kinds, func(k listing.Taggable) bool { return k.Owns(id) })
		if i < 0 {
			return nil, wire.Errorf("InvalidID", "The ID '%s' is not valid", id)
		}
		tags := kinds[i].TagsOf(r, id)
		if tags == nil {
			return nil, kinds[i].Unknown(id)
		}
		out = append(out, tags)
	}
	return out, nil
}

// tagRow is one tag with what it is on: a row of DescribeTags.
type tagRow struct {
	resource types.ResourceType
	id       string
	tag      world.Tag
}

// DescribeTags lists every tag of every resource, by kind, then by resource.
func DescribeTags(c *world.Call, in *ec2.DescribeTagsInput) (*ec2.DescribeTagsOutput, error) {
	var rows []*tagRow
	for _, k := range taggables() {
		k.Tagged(c.Region, func(id string, resource types.ResourceType, tags world.Tags) {
			for _, t := range tags {
				rows = append(rows, &tagRow{resource, id, t})
			}
		})
	}
	known := listing.Fields[tagRow]{
		"key":           func(t *tagRow) []string { return []string{t.tag.Key} },
		"value":         func(t *tagRow) []string { return []string{t.tag.Value} },
		"resource-id":   func(t *tagRow) []string { return listing.One(t.id) },
		"resource-type": func(t *tagRow) []string { return listing.One(t.resource) },
	}
	rows, err := listing.Sift(slices.Values(rows), in.Filters, known, func(t *tagRow) world.Tags { return world.Tags{t.tag} })
	if err != nil {
		return nil, err
	}
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxResults, Token: in.NextToken, Usual: 1000})
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeTagsOutput{NextToken: next}
	for _, t := range rows {
		out.Tags = append(out.Tags, types.TagDescription{
			Key: aws.String(t.tag.Key), Value: aws.String(t.tag.Value),
			ResourceId: aws.String(t.id), ResourceType: t.resource,
		})
	}
	return out, nil
}

package ecs

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// tagsOf finds the tags of a resource by its ARN.
func tagsOf(c *world.Call, arn *string) (*world.Tags, error) {
	if aws.ToString(arn) == "" {
		return nil, missing("Resource ARN")
	}
	kind, path, ok := strings.Cut(strings.TrimPrefix(*arn, c.ARN("ecs", "")), "/")
	if !ok || !strings.HasPrefix(*arn, c.ARN("ecs", "")) {
		return nil, invalid("Invalid resource ARN: %s", *arn)
	}
	gone := wire.Errorf("ResourceNotFoundException", "The specified resource could not be found.")
	switch kind {
	case "cluster":
		row, err := findCluster(c, &path)
		if err != nil {
			return nil, err
		}
		return &row.Tags, nil
	case "capacity-provider":
		if p, ok := c.Region.ECS.Providers.Get(path); ok && p.Status != inactive {
			return &p.Tags, nil
		}
		return nil, gone
	case "container-instance":
		cluster, id, _ := strings.Cut(path, "/")
		if row, ok := c.Region.ECS.Clusters.Get(cluster); ok {
			if i, ok := row.Instances.Get(id); ok && i.Status != inactive {
				return &i.Tags, nil
			}
		}
		return nil, gone
	}
	if tags, ok := taskTags(c, kind, path); ok {
		return tags, nil
	}
	if slices.Contains([]string{"service", "task", "task-definition"}, kind) {
		return nil, gone
	}
	return nil, invalid("Resource type %s cannot be tagged.", kind)
}

// taskTags finds the tags of a service, a task or a task definition.
func taskTags(c *world.Call, kind, path string) (*world.Tags, bool) {
	if kind == "task-definition" {
		d, ok := c.Region.ECS.Definitions.Get(path)
		if !ok {
			return nil, false
		}
		return &d.Tags, true
	}
	name, id, _ := strings.Cut(path, "/")
	row, ok := c.Region.ECS.Clusters.Get(name)
	if !ok {
		return nil, false
	}
	if s, ok := row.Services.Get(id); ok && kind == "service" && s.Status != inactive {
		return &s.Tags, true
	}
	if t, ok := row.Tasks.Get(id); ok && kind == "task" {
		return &t.Tags, true
	}
	return nil, false
}

// TagResource sets tags on any resource that can have them.
func TagResource(c *world.Call, in *ecs.TagResourceInput) (*ecs.TagResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	more, err := listing.ReadTags(in.Tags)
	if err != nil {
		return nil, err
	}
	next := tags.Set(more...)
	if len(next) > listing.MostTags {
		return nil, listing.TooManyTags()
	}
	*tags = next
	return &ecs.TagResourceOutput{}, nil
}

// UntagResource takes tags off a resource.
func UntagResource(c *world.Call, in *ecs.UntagResourceInput) (*ecs.UntagResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(in.TagKeys, func(k string) bool { return strings.HasPrefix(strings.ToLower(k), "aws:") }) {
		return nil, invalid("Tag keys that begin with aws: are reserved and cannot be edited.")
	}
	*tags = tags.Without(in.TagKeys...)
	return &ecs.UntagResourceOutput{}, nil
}

// ListTagsForResource lists the tags of a resource.
func ListTagsForResource(c *world.Call, in *ecs.ListTagsForResourceInput) (*ecs.ListTagsForResourceOutput, error) {
	tags, err := tagsOf(c, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTagsForResourceOutput{Tags: listing.ViewTags(*tags)}, nil
}

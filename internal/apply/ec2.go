package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// tagSpec tags an EC2 resource in the call that creates it.
func tagSpec(kind types.ResourceType, tags model.Tags) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: kind, Tags: ec2Tags(tags)}}
}

func ec2Tags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}

// retag makes an EC2 resource's tags the wanted ones, where they differ.
func (j *job) retag(ctx context.Context, id string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		in := &ec2.CreateTagsInput{Resources: []string{id}, Tags: ec2Tags(set)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateTags, in); err != nil {
			return err
		}
	}
	if len(drop) > 0 {
		in := &ec2.DeleteTagsInput{Resources: []string{id}}
		for _, k := range drop {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String(k)})
		}
		if _, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteTags, in); err != nil {
			return err
		}
	}
	return nil
}

// tagChanges are the tags to set and the keys to remove.
func tagChanges(have, want model.Tags) (set model.Tags, drop []string) {
	for _, t := range want {
		if v, ok := have.Lookup(t.Key); !ok || v != t.Value {
			set = append(set, t)
		}
	}
	for _, t := range have {
		if _, ok := want.Lookup(t.Key); !ok {
			drop = append(drop, t.Key)
		}
	}
	return set, drop
}

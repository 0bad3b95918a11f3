package apply

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func balanceTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}

// retagBalance makes the tags of a load balancer, target group or listener the wanted ones, where they differ.
func (j *job) retagBalance(ctx context.Context, arn string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		in := &elbv2.AddTagsInput{ResourceArns: []string{arn}, Tags: balanceTags(set)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Balance.AddTags, in); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.RemoveTags, &elbv2.RemoveTagsInput{ResourceArns: []string{arn}, TagKeys: drop})
	return err
}

func classicTags(tags model.Tags) []types1.Tag {
	out := make([]types1.Tag, len(tags))
	for i, t := range tags {
		out[i] = types1.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}

// retagClassic is retagBalance for a classic load balancer.
func (j *job) retagClassic(ctx context.Context, name string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		in := &elbv1.AddTagsInput{LoadBalancerNames: []string{name}, Tags: classicTags(set)}
		if _, err := cloud.Repeat(ctx, j.c, j.c.Classic.AddTags, in); err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	in := &elbv1.RemoveTagsInput{LoadBalancerNames: []string{name}}
	for _, k := range drop {
		in.Tags = append(in.Tags, types1.TagKeyOnly{Key: aws.String(k)})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Classic.RemoveTags, in)
	return err
}

// changed are the settings that differ.
func (j *job) changed(all model.Settings) model.Settings {
	return slices.DeleteFunc(slices.Clone(all), func(s model.Setting) bool { return !j.differs(s.Name) })
}

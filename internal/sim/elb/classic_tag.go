package elb

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/world"
)

// classicTags checks tags and turns them into the world's.
func classicTags(in []types1.Tag) (world.Tags, error) {
	out := make(world.Tags, len(in))
	for i, t := range in {
		out[i] = world.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return out, tagsValid(out)
}

// classicTagged finds the tags of all named load balancers.
func classicTagged(r *world.Region, names []string) ([]*world.Tags, error) {
	if err := needed("loadBalancerNames", len(names) > 0); err != nil {
		return nil, err
	}
	if len(names) > resourcesPerTagCall() {
		return nil, constraint("loadBalancerNames", "[…]", "have length less than or equal to 20")
	}
	out := make([]*world.Tags, len(names))
	for i, name := range names {
		b, err := classicBy(r, &name)
		if err != nil {
			return nil, err
		}
		out[i] = &b.Tags
	}
	return out, nil
}

// AddClassicTags sets tags on classic load balancers; one bad name and nothing is set.
func AddClassicTags(c *world.Call, in *elbv1.AddTagsInput) (*elbv1.AddTagsOutput, error) {
	rows, err := classicTagged(c.Region, in.LoadBalancerNames)
	if err != nil {
		return nil, err
	}
	if err := needed("tags", len(in.Tags) > 0); err != nil {
		return nil, err
	}
	tags, err := classicTags(in.Tags)
	if err != nil {
		return nil, err
	}
	return &elbv1.AddTagsOutput{}, setTags(rows, tags)
}

// RemoveClassicTags takes tags off classic load balancers; what is not there is not missed.
func RemoveClassicTags(c *world.Call, in *elbv1.RemoveTagsInput) (*elbv1.RemoveTagsOutput, error) {
	rows, err := classicTagged(c.Region, in.LoadBalancerNames)
	if err != nil {
		return nil, err
	}
	if err := needed("tags", len(in.Tags) > 0); err != nil {
		return nil, err
	}
	for _, row := range rows {
		for _, t := range in.Tags {
			*row = row.Without(aws.ToString(t.Key))
		}
	}
	return &elbv1.RemoveTagsOutput{}, nil
}

// DescribeClassicTags lists the tags of up to 20 classic load balancers.
func DescribeClassicTags(c *world.Call, in *elbv1.DescribeTagsInput) (*elbv1.DescribeTagsOutput, error) {
	rows, err := classicTagged(c.Region, in.LoadBalancerNames)
	if err != nil {
		return nil, err
	}
	out := &elbv1.DescribeTagsOutput{}
	for i, row := range rows {
		d := types1.TagDescription{LoadBalancerName: aws.String(in.LoadBalancerNames[i]), Tags: []types1.Tag{}}
		for _, t := range *row {
			d.Tags = append(d.Tags, types1.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
		}
		out.TagDescriptions = append(out.TagDescriptions, d)
	}
	return out, nil
}

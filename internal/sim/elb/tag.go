package elb

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// mostTags is how many tags a resource may have.
const mostTags = 50

// fromTags checks tags and turns them into the world's.
func fromTags(in []types.Tag) (world.Tags, error) {
	out := make(world.Tags, len(in))
	for i, t := range in {
		out[i] = world.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return out, tagsValid(out)
}

// tagsValid checks the tags of one call.
func tagsValid(tags world.Tags) error {
	for i, t := range tags {
		switch {
		case t.Key == "":
			return constraint("tags.1.member.key", t.Key, "have length greater than or equal to 1")
		case len([]rune(t.Key)) > 128:
			return constraint("tags.1.member.key", t.Key, "have length less than or equal to 128")
		case len([]rune(t.Value)) > 256:
			return constraint("tags.1.member.value", t.Value, "have length less than or equal to 256")
		case strings.HasPrefix(t.Key, "aws:"):
			return invalid("aws: prefixed tag key names are not allowed for external use.")
		}
		if _, twice := tags[:i].Get(t.Key); twice {
			return refuse("DuplicateTagKeys", "Tag key was specified more than once: %s", t.Key)
		}
	}
	return fewTags(tags)
}

func fewTags(tags world.Tags) error {
	if len(tags) > mostTags {
		return refuse("TooManyTags", "The maximum number of tags has been reached for this resource")
	}
	return nil
}

// sorted gives tags by key, so that two lists of the same tags are equal.
func sorted(tags world.Tags) world.Tags {
	return slices.SortedFunc(slices.Values(tags), func(a, b world.Tag) int { return cmp.Compare(a.Key, b.Key) })
}

// taggedBy finds the tags of the resource that an ARN names.
func taggedBy(r *world.Region, arn string) (*world.Tags, error) {
	rest, _ := strings.CutPrefix(arn, arnPrefix(r))
	kind, _, _ := strings.Cut(rest, "/")
	switch kind + "/" {
	case aBalancer().segment:
		lb, err := balancerBy(r, &arn)
		if err != nil {
			return nil, err
		}
		return &lb.Tags, nil
	case aTargetGroup().segment:
		g, err := groupBy(r, &arn)
		if err != nil {
			return nil, err
		}
		return &g.Tags, nil
	case aListener().segment:
		l, err := listenerBy(r, &arn)
		if err != nil {
			return nil, err
		}
		return &l.Tags, nil
	case aRule().segment:
		rule, err := ruleBy(r, &arn)
		if err != nil {
			return nil, err
		}
		return &rule.Tags, nil
	}
	return nil, invalid("'%s' is not a valid load balancer, target group, listener or listener rule ARN", arn)
}

// taggedAll finds the tags of all named resources.
func taggedAll(r *world.Region, arns []string) ([]*world.Tags, error) {
	if err := needed("resourceArns", len(arns) > 0); err != nil {
		return nil, err
	}
	if len(arns) > resourcesPerTagCall() {
		return nil, invalid("Up to %d resources can be specified at a time", resourcesPerTagCall())
	}
	out := make([]*world.Tags, len(arns))
	for i, arn := range arns {
		t, err := taggedBy(r, arn)
		if err != nil {
			return nil, err
		}
		out[i] = t
	}
	return out, nil
}

// AddTags sets tags on resources; one bad ARN and nothing is set.
func AddTags(c *world.Call, in *elbv2.AddTagsInput) (*elbv2.AddTagsOutput, error) {
	rows, err := taggedAll(c.Region, in.ResourceArns)
	if err != nil {
		return nil, err
	}
	if err := needed("tags", len(in.Tags) > 0); err != nil {
		return nil, err
	}
	tags, err := fromTags(in.Tags)
	if err != nil {
		return nil, err
	}
	return &elbv2.AddTagsOutput{}, setTags(rows, tags)
}

// setTags sets tags on all resources or, if one would have too many, on none.
func setTags(rows []*world.Tags, tags world.Tags) error {
	for _, row := range rows {
		if err := fewTags(row.Set(tags...)); err != nil {
			return err
		}
	}
	for _, row := range rows {
		*row = row.Set(tags...)
	}
	return nil
}

// RemoveTags takes tags off resources; what is not there is not missed.
func RemoveTags(c *world.Call, in *elbv2.RemoveTagsInput) (*elbv2.RemoveTagsOutput, error) {
	rows, err := taggedAll(c.Region, in.ResourceArns)
	if err != nil {
		return nil, err
	}
	if err := needed("tagKeys", len(in.TagKeys) > 0); err != nil {
		return nil, err
	}
	for _, row := range rows {
		*row = row.Without(in.TagKeys...)
	}
	return &elbv2.RemoveTagsOutput{}, nil
}

// DescribeTags lists the tags of up to 20 resources.
func DescribeTags(c *world.Call, in *elbv2.DescribeTagsInput) (*elbv2.DescribeTagsOutput, error) {
	rows, err := taggedAll(c.Region, in.ResourceArns)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeTagsOutput{}
	for i, row := range rows {
		d := types.TagDescription{ResourceArn: aws.String(in.ResourceArns[i]), Tags: []types.Tag{}}
		for _, t := range *row {
			d.Tags = append(d.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
		}
		out.TagDescriptions = append(out.TagDescriptions, d)
	}
	return out, nil
}

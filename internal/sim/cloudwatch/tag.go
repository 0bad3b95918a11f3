package cloudwatch

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTags is how many tags an alarm may have.
const mostTags = 50

// readTags checks new tags and puts them over those that are there.
func readTags(have world.Tags, in []types.Tag) (world.Tags, error) {
	out := have
	for _, t := range in {
		key, value := aws.ToString(t.Key), aws.ToString(t.Value)
		if key == "" || len(key) > 128 || len(value) > 256 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, invalidMember(key, "Tags")
		}
		out = out.Set(world.Tag{Key: key, Value: value})
	}
	if len(out) > mostTags {
		return nil, invalid("The collection Tags must not have a size greater than %d.", mostTags)
	}
	return out, nil
}

// identified finds an alarm by its ARN.
func identified(c *world.Call, arn *string) (*world.MetricAlarm, error) {
	id, err := required(arn, "ResourceARN")
	if err != nil {
		return nil, err
	}
	name, _ := strings.CutPrefix(id, alarmARN(c.Region, ""))
	a, ok := c.Region.CloudWatch.Alarms.Get(name)
	if !ok || a.ARN != id {
		return nil, wire.Errorf("ResourceNotFoundException", "Unable to find resource %s.", id).WithStatus(404)
	}
	return a, nil
}

// TagResource adds or replaces tags of an alarm.
func TagResource(c *world.Call, in *cloudwatch.TagResourceInput) (*cloudwatch.TagResourceOutput, error) {
	a, err := identified(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	tags, err := readTags(a.Tags, in.Tags)
	if err != nil {
		return nil, err
	}
	a.Tags = tags
	return &cloudwatch.TagResourceOutput{}, nil
}

// UntagResource removes tags of an alarm; unknown keys are ignored.
func UntagResource(c *world.Call, in *cloudwatch.UntagResourceInput) (*cloudwatch.UntagResourceOutput, error) {
	a, err := identified(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	a.Tags = a.Tags.Without(in.TagKeys...)
	return &cloudwatch.UntagResourceOutput{}, nil
}

// ListTagsForResource lists the tags of an alarm.
func ListTagsForResource(c *world.Call, in *cloudwatch.ListTagsForResourceInput) (*cloudwatch.ListTagsForResourceOutput, error) {
	a, err := identified(c, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &cloudwatch.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, t := range a.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out, nil
}

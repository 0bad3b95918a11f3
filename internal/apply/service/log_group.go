package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"berth/internal/cloud"
	"berth/internal/document"
)

// createLogGroup makes a log group with its tags and sets how long it keeps what it gets. One that stands keeps what it has
// but gets the retention: the run that made it may have ended between the two calls.
func createLogGroup(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	in := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: text(spec, "logGroupName")}
	for _, m := range spec.Get("tags").Members {
		if in.Tags == nil {
			in.Tags = map[string]string{}
		}
		in.Tags[m.Name] = m.Value.Text
	}
	_, err := cloud.Repeat(ctx, c, c.Logs.CreateLogGroup, in)
	if err != nil && cloud.Code(err) != "ResourceAlreadyExistsException" {
		return err
	}
	days := number(spec, "retentionInDays")
	if days == nil {
		return nil
	}
	_, err = cloud.Repeat(ctx, c, c.Logs.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: in.LogGroupName, RetentionInDays: days})
	return err
}

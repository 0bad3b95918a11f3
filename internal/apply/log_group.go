package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"berth/internal/cloud"
	"berth/internal/model"
)

func logGroupEntry() entry { return typed(createLogGroup, updateLogGroup, deleteLogGroup) }

func createLogGroup(ctx context.Context, j *job, g model.LogGroup) (model.Handle, error) {
	_, err := cloud.Write(ctx, j.c, j.c.Logs.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String(g.Name), Tags: tagMap(g.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: g.Name, ARN: "arn:" + j.scope.Partition + ":logs:" + j.scope.Region + ":" + j.scope.Account + ":log-group:" + g.Name}
	return h, j.putRetention(ctx, g)
}

func updateLogGroup(ctx context.Context, j *job, g model.LogGroup) (model.Handle, error) {
	h := j.handle()
	if j.differs("retention_days") {
		if err := j.putRetention(ctx, g); err != nil {
			return h, err
		}
	}
	set, drop := tagChanges(j.change.From.(model.LogGroup).Tags, g.Tags)
	if len(set) > 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.Logs.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: aws.String(h.ARN), Tags: tagMap(set)})
		if err != nil {
			return h, err
		}
	}
	if len(drop) == 0 {
		return h, nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.Logs.UntagResource, &cloudwatchlogs.UntagResourceInput{ResourceArn: aws.String(h.ARN), TagKeys: drop})
	return h, err
}

func (j *job) putRetention(ctx context.Context, g model.LogGroup) error {
	_, err := cloud.Repeat(ctx, j.c, j.c.Logs.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{
		LogGroupName: aws.String(g.Name), RetentionInDays: aws.Int32(int32(g.Days)),
	})
	return err
}

func deleteLogGroup(ctx context.Context, j *job, g model.LogGroup) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Logs.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(g.Name)})
	return model.Handle{}, gone(err)
}

func tagMap(tags model.Tags) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[t.Key] = t.Value
	}
	return out
}

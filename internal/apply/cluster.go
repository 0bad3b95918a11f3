package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func clusterEntry() entry { return typed(createCluster, updateCluster, deleteCluster) }

// createCluster may be sent twice: AWS answers with the cluster that stands.
func createCluster(ctx context.Context, j *job, c model.Cluster) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.ECS.CreateCluster, &ecs.CreateClusterInput{
		ClusterName: aws.String(c.Name), Settings: insights(c), Tags: ecsTags(c.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	h := model.Handle{ID: c.Name, ARN: aws.ToString(out.Cluster.ClusterArn)}
	if aws.ToString(out.Cluster.Status) == "PROVISIONING" {
		h.Status = model.Pending
	}
	return h, nil
}

func insights(c model.Cluster) []types.ClusterSetting {
	return []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String(c.Insights)}}
}

func updateCluster(ctx context.Context, j *job, c model.Cluster) (model.Handle, error) {
	h := j.handle()
	if j.differs("container_insights") {
		_, err := cloud.Repeat(ctx, j.c, j.c.ECS.UpdateClusterSettings, &ecs.UpdateClusterSettingsInput{Cluster: aws.String(c.Name), Settings: insights(c)})
		if err != nil {
			return h, err
		}
	}
	return h, j.retagECS(ctx, h.ARN, j.change.From.(model.Cluster).Tags, c.Tags)
}

func deleteCluster(ctx context.Context, j *job, c model.Cluster) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeleteCluster, &ecs.DeleteClusterInput{Cluster: aws.String(c.Name)})
	if err != nil {
		return model.Handle{}, gone(err)
	}
	if out.Cluster == nil || aws.ToString(out.Cluster.Status) == "INACTIVE" {
		return model.Handle{}, nil
	}
	h := j.handle()
	h.Status = model.Leaving
	return h, nil
}

// retagECS makes the tags of a cluster or capacity provider the wanted ones, where they differ.
func (j *job) retagECS(ctx context.Context, arn string, have, want model.Tags) error {
	set, drop := tagChanges(have, want)
	if len(set) > 0 {
		_, err := cloud.Repeat(ctx, j.c, j.c.ECS.TagResource, &ecs.TagResourceInput{ResourceArn: aws.String(arn), Tags: ecsTags(set)})
		if err != nil {
			return err
		}
	}
	if len(drop) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.UntagResource, &ecs.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: drop})
	return err
}

func ecsTags(tags model.Tags) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i, t := range tags {
		out[i] = types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)}
	}
	return out
}

package apply

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/cloud"
	"berth/internal/model"
)

// tenants are the entries of what runs in a cluster: it can only be taken away.
func tenants() map[model.Kind]entry {
	return map[model.Kind]entry{
		model.KindService: typed(notOurs[model.Service], notOurs[model.Service], deleteService),
		model.KindTask:    typed(notOurs[model.Task], notOurs[model.Task], stopTask),
	}
}

func notOurs[R model.Resource](_ context.Context, _ *job, r R) (model.Handle, error) {
	return model.Handle{}, errors.New(r.Key().String() + " belongs to others; it can only be taken away")
}

// deleteService deletes by force: the service's tasks are stopped as its own settings say.
func deleteService(ctx context.Context, j *job, s model.Service) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeleteService, &ecs.DeleteServiceInput{
		Cluster: aws.String(j.scope.ClusterName()), Service: aws.String(s.Name), Force: aws.Bool(true),
	})
	return j.leaves(err, "ServiceNotActiveException")
}

func stopTask(ctx context.Context, j *job, t model.Task) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.StopTask, &ecs.StopTaskInput{
		Cluster: aws.String(j.scope.ClusterName()), Task: aws.String(t.ID), Reason: aws.String("berth destroy"),
	})
	return j.leaves(err, "")
}

// leaves is the handle of something whose deletion has been asked for; code is how AWS says that it is gone already.
func (j *job) leaves(err error, code string) (model.Handle, error) {
	if err != nil && (cloud.Missing(err) || code != "" && cloud.Code(err) == code) {
		return model.Handle{}, nil
	}
	h := j.handle()
	h.Status = model.Leaving
	return h, err
}

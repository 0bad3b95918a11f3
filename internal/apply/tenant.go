package apply

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/cloud"
	"berth/internal/model"
)

// tenants are the entries of what runs in a cluster, and of what was made for that: it can only be taken away.
func tenants() map[model.Kind]entry {
	return map[model.Kind]entry{
		model.KindServiceTarget: typed(notOurs[model.ServiceTarget], notOurs[model.ServiceTarget], deleteServiceTarget),
		model.KindServiceRule:   typed(notOurs[model.ServiceRule], notOurs[model.ServiceRule], deleteServiceRule),
		model.KindServiceLogs:   typed(notOurs[model.ServiceLogs], notOurs[model.ServiceLogs], deleteServiceLogs),
		model.KindFamily:        typed(notOurs[model.Family], notOurs[model.Family], deleteFamily),
		model.KindService:       typed(notOurs[model.Service], notOurs[model.Service], deleteService),
		model.KindTask:          typed(notOurs[model.Task], notOurs[model.Task], stopTask),
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

// deleteServiceTarget is refused as busy while a rule still sends to the group.
func deleteServiceTarget(ctx context.Context, j *job, _ model.ServiceTarget) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

func deleteServiceRule(ctx context.Context, j *job, _ model.ServiceRule) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Balance.DeleteRule, &elbv2.DeleteRuleInput{RuleArn: aws.String(j.handle().ARN)})
	return model.Handle{}, gone(err)
}

func deleteServiceLogs(ctx context.Context, j *job, g model.ServiceLogs) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.Logs.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(g.Name)})
	return model.Handle{}, gone(err)
}

// deleteFamily takes the revisions one by one, the oldest first: a run that ends in between leaves the newest, by which the
// next one finds the others.
func deleteFamily(ctx context.Context, j *job, f model.Family) (model.Handle, error) {
	for _, arn := range f.Revisions {
		if err := j.deleteRevision(ctx, arn, false); err != nil {
			return j.handle(), err
		}
	}
	return model.Handle{}, nil
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

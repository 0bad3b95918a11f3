package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func daemonServiceEntry() entry {
	return typed(createDaemonService, updateDaemonService, deleteDaemonService)
}

func createDaemonService(ctx context.Context, j *job, d model.DaemonService) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.ECS.CreateService, &ecs.CreateServiceInput{
		Cluster: aws.String(j.scope.ClusterName()), ServiceName: aws.String(d.Name), TaskDefinition: aws.String(j.have.ID(d.Definition)),
		SchedulingStrategy: types.SchedulingStrategyDaemon, LaunchType: types.LaunchType(d.LaunchType), DeploymentConfiguration: deployment(d),
		PlacementConstraints: constraints(d), PropagateTags: types.PropagateTags(d.PropagateTags), EnableECSManagedTags: d.ManagedTags,
		ClientToken: aws.String(j.token()), Tags: ecsTags(d.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: d.Name, ARN: aws.ToString(out.Service.ServiceArn), Status: model.Pending}, nil
}

func deployment(d model.DaemonService) *types.DeploymentConfiguration {
	return &types.DeploymentConfiguration{
		MinimumHealthyPercent: aws.Int32(int32(d.MinHealthyPercent)), MaximumPercent: aws.Int32(int32(d.MaxPercent)),
		DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: d.CircuitBreaker, Rollback: d.Rollback},
	}
}

// constraints is never nil: an empty list takes away what is there (ECS API reference, UpdateService).
func constraints(d model.DaemonService) []types.PlacementConstraint {
	if d.Placement == "" {
		return []types.PlacementConstraint{}
	}
	return []types.PlacementConstraint{{Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String(d.Placement)}}
}

// updateDaemonService deploys anew where nothing differs: then the deployment before was given up.
func updateDaemonService(ctx context.Context, j *job, d model.DaemonService) (model.Handle, error) {
	h := j.handle()
	in := &ecs.UpdateServiceInput{
		Cluster: aws.String(j.scope.ClusterName()), Service: aws.String(d.Name), ForceNewDeployment: len(j.change.Fields) == 0,
	}
	if j.differs("task_definition") {
		in.TaskDefinition = aws.String(j.have.ID(d.Definition))
	}
	if j.differs("minimum_healthy_percent", "maximum_percent", "circuit_breaker", "circuit_breaker_rollback") {
		in.DeploymentConfiguration = deployment(d)
	}
	if j.differs("placement") {
		in.PlacementConstraints = constraints(d)
	}
	if j.differs("propagate_tags") {
		in.PropagateTags = types.PropagateTags(d.PropagateTags)
	}
	if j.differs("managed_tags") {
		in.EnableECSManagedTags = aws.Bool(d.ManagedTags)
	}
	if in.ForceNewDeployment || in.TaskDefinition != nil || in.DeploymentConfiguration != nil || in.PlacementConstraints != nil ||
		in.PropagateTags != "" || in.EnableECSManagedTags != nil {
		if _, err := cloud.Repeat(ctx, j.c, j.c.ECS.UpdateService, in); err != nil {
			return h, err
		}
		h.Status, h.Reason = model.Pending, ""
	}
	return h, j.retagECS(ctx, h.ARN, j.change.From.(model.DaemonService).Tags, d.Tags)
}

// deleteDaemonService deletes by force: a daemon has no number of tasks that could be set to 0 before.
func deleteDaemonService(ctx context.Context, j *job, d model.DaemonService) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeleteService, &ecs.DeleteServiceInput{
		Cluster: aws.String(j.scope.ClusterName()), Service: aws.String(d.Name), Force: aws.Bool(true),
	})
	return j.leaves(err, "ServiceNotActiveException")
}

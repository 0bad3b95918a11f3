package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/rebalance"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/ecs/rule"
	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/world"
)

func scheduling(s *world.Service) types.SchedulingStrategy {
	if s.Daemon {
		return types.SchedulingStrategyDaemon
	}
	return types.SchedulingStrategyReplica
}

// tally counts tasks that run and tasks that are on their way there.
func tally(tasks []*world.Task) (runs, pends int32) {
	for _, t := range tasks {
		switch t.Status {
		case running:
			runs++
		case provisioning, pending, activating:
			pends++
		}
	}
	return runs, pends
}

func definitionARN(r *world.Region, name string) *string {
	return aws.String("arn:aws:ecs:" + r.Name + ":" + world.Account + ":task-definition/" + name)
}

func viewService(k cluster, s *world.Service, tags bool) *types.Service {
	all := k.tasks(s)
	v := &types.Service{
		ServiceArn: aws.String(s.ARN), ServiceName: aws.String(s.Name), ClusterArn: aws.String(k.ARN), Status: aws.String(s.Status),
		DesiredCount: int32(s.Desired), TaskDefinition: definitionARN(k.r, s.Definition), SchedulingStrategy: scheduling(s),
		LaunchType: types.LaunchType(s.LaunchType), CreatedAt: aws.Time(s.CreatedAt), CreatedBy: aws.String(setting.Root),
		DeploymentController:    &types.DeploymentController{Type: types.DeploymentControllerTypeEcs},
		DeploymentConfiguration: rollout.ViewConfiguration(s.MinHealthy, s.Max, s.Breaker, s.Alarms), AvailabilityZoneRebalancing: rebalance.View(s),
		EnableECSManagedTags: s.ManagedTags, PropagateTags: types.PropagateTags(s.Propagate),
		LoadBalancers: balance.View(s.Balancers), HealthCheckGracePeriodSeconds: gracePeriod(s), RoleArn: roleARN(k, s),
		NetworkConfiguration: eni.ViewNetwork(s.Network), ServiceRegistries: []types.ServiceRegistry{}, Deployments: []types.Deployment{}, Events: []types.ServiceEvent{},
		PlacementConstraints: rule.ViewConstraints(s.Constraints), PlacementStrategy: rule.ViewStrategy(s.Placement),
	}
	if len(s.Strategy) > 0 {
		v.CapacityProviderStrategy = capacity.View(s.Strategy)
	}
	v.RunningCount, v.PendingCount = tally(all)
	for _, d := range s.Deployments {
		v.Deployments = append(v.Deployments, viewDeployment(k, s, d, all))
	}
	for _, e := range slices.Backward(s.Events) {
		v.Events = append(v.Events, types.ServiceEvent{Id: aws.String(e.ID), Message: aws.String(e.Message), CreatedAt: aws.Time(e.At)})
	}
	if tags {
		v.Tags = listing.ViewTags(s.Tags)
	}
	return v
}

func viewDeployment(k cluster, s *world.Service, d world.Deployment, all []*world.Task) types.Deployment {
	mine := filter(all, func(t *world.Task) bool { return t.Deployment == d.ID })
	v := types.Deployment{
		Id: aws.String(d.ID), Status: aws.String(d.Status), TaskDefinition: definitionARN(k.r, d.Definition), LaunchType: types.LaunchType(d.LaunchType),
		CreatedAt: aws.Time(d.CreatedAt), UpdatedAt: aws.Time(d.UpdatedAt), FailedTasks: int32(d.Failed),
		RolloutState: types.DeploymentRolloutStateInProgress, RolloutStateReason: aws.String("ECS deployment " + d.ID + " in progress."),
	}
	if rev, ok := rollout.Revision(s, d.Revision); ok {
		v.NetworkConfiguration = eni.ViewNetwork(rev.Network)
	}
	v.RunningCount, v.PendingCount = tally(mine)
	v.DesiredCount = int32(len(filter(mine, func(t *world.Task) bool { return t.Desired == running })))
	if d.Status == rollout.Primary {
		v.DesiredCount = int32(s.Desired)
	}
	if len(d.Strategy) > 0 {
		v.CapacityProviderStrategy = capacity.View(d.Strategy)
	}
	if d.Halted != "" {
		v.RolloutState, v.RolloutStateReason = types.DeploymentRolloutStateFailed, aws.String(d.Halted)
	}
	if d.Completed {
		v.RolloutState, v.RolloutStateReason = types.DeploymentRolloutStateCompleted, aws.String("ECS deployment "+d.ID+" completed.")
	}
	return v
}

package rollout

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// Counts tells how many tasks of a revision are wanted, run and pend.
type Counts func(revision string) (wanted, running, pending int32)

// ViewConfiguration is a deployment configuration as ECS answers it.
func ViewConfiguration(least, most int, b *world.CircuitBreaker, a *world.DeploymentAlarms) *types.DeploymentConfiguration {
	v := &types.DeploymentConfiguration{
		MaximumPercent: aws.Int32(int32(most)), MinimumHealthyPercent: aws.Int32(int32(least)),
		Strategy: types.DeploymentStrategyRolling, BakeTimeInMinutes: aws.Int32(0),
		DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{},
	}
	if b != nil {
		v.DeploymentCircuitBreaker = &types.DeploymentCircuitBreaker{Enable: b.Enable, Rollback: b.Rollback}
		if b.Keeps {
			v.DeploymentCircuitBreaker.ResetOnHealthyTask = aws.Bool(false)
		}
		if b.Type != "" {
			v.DeploymentCircuitBreaker.ThresholdConfiguration = &types.ThresholdConfiguration{
				Type: types.ThresholdType(b.Type), Value: int32(b.Value),
			}
		}
	}
	if a != nil {
		v.Alarms = &types.DeploymentAlarms{AlarmNames: append([]string{}, a.Names...), Enable: a.Enable, Rollback: a.Rollback}
	}
	return v
}

// View is the record of a deployment as ECS answers it.
func View(h world.ServiceDeployment, service, cluster string, counts Counts) types.ServiceDeployment {
	v := types.ServiceDeployment{
		ServiceDeploymentArn: aws.String(h.ARN), ServiceArn: aws.String(service), ClusterArn: aws.String(cluster),
		Status: types.ServiceDeploymentStatus(h.Status), CreatedAt: aws.Time(h.CreatedAt), StartedAt: when(h.StartedAt),
		UpdatedAt: aws.Time(h.UpdatedAt), FinishedAt: when(h.FinishedAt), StoppedAt: when(h.StoppedAt),
		TargetServiceRevision:   new(summary(h.Target, counts)),
		DeploymentConfiguration: ViewConfiguration(h.MinHealthy, h.Max, h.Breaker, h.Alarms),
		DeploymentCircuitBreaker: &types.ServiceDeploymentCircuitBreaker{
			Status: types.ServiceDeploymentRollbackMonitorsStatus(h.BreakerStatus), FailureCount: int32(h.Failures), Threshold: int32(h.Threshold),
		},
		Alarms: &types.ServiceDeploymentAlarms{Status: types.ServiceDeploymentRollbackMonitorsStatus(h.AlarmStatus), TriggeredAlarmNames: h.Triggered},
	}
	if h.Reason != "" {
		v.StatusReason = aws.String(h.Reason)
	}
	if h.Alarms != nil {
		v.Alarms.AlarmNames = h.Alarms.Names
	}
	for _, arn := range h.Sources {
		v.SourceServiceRevisions = append(v.SourceServiceRevisions, summary(arn, counts))
	}
	if h.RollbackTo != "" {
		v.Rollback = &types.Rollback{Reason: aws.String(h.RollbackReason), ServiceRevisionArn: aws.String(h.RollbackTo), StartedAt: when(h.RollbackAt)}
	}
	return v
}

// Brief is the record of a deployment as ECS lists it.
func Brief(h world.ServiceDeployment, service, cluster string) types.ServiceDeploymentBrief {
	v := types.ServiceDeploymentBrief{
		ServiceDeploymentArn: aws.String(h.ARN), ServiceArn: aws.String(service), ClusterArn: aws.String(cluster),
		Status: types.ServiceDeploymentStatus(h.Status), CreatedAt: aws.Time(h.CreatedAt), StartedAt: when(h.StartedAt), FinishedAt: when(h.FinishedAt),
		TargetServiceRevisionArn: aws.String(h.Target),
	}
	if h.Reason != "" {
		v.StatusReason = aws.String(h.Reason)
	}
	return v
}

func summary(arn string, counts Counts) types.ServiceRevisionSummary {
	wanted, running, pending := counts(arn)
	return types.ServiceRevisionSummary{Arn: aws.String(arn), RequestedTaskCount: wanted, RunningTaskCount: running, PendingTaskCount: pending}
}

// when is a time that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

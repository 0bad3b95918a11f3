package seen

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/document"
	"berth/internal/live"
)

// Service is an ECS service; its settings are in the shape of the call that makes one.
func Service(s types.Service) live.Service {
	out := live.Service{
		Name: aws.ToString(s.ServiceName), ARN: aws.ToString(s.ServiceArn), Status: aws.ToString(s.Status), Daemon: s.SchedulingStrategy == types.SchedulingStrategyDaemon,
		Desired: int(s.DesiredCount), Running: int(s.RunningCount), Pending: int(s.PendingCount), Definition: aws.ToString(s.TaskDefinition),
		Spec: settings(s), Current: aws.ToString(s.CurrentServiceDeployment), Since: when(s.CreatedAt), Tags: tags(s.Tags),
	}
	for _, d := range s.Deployments {
		out.Revisions = append(out.Revisions, live.RevisionRunning{
			ID: aws.ToString(d.Id), Status: aws.ToString(d.Status), Definition: aws.ToString(d.TaskDefinition), Desired: int(d.DesiredCount),
			Running: int(d.RunningCount), Pending: int(d.PendingCount), Failed: int(d.FailedTasks), Rollout: string(d.RolloutState),
			Reason: aws.ToString(d.RolloutStateReason), At: when(d.CreatedAt),
		})
	}
	for _, e := range s.Events {
		out.Events = append(out.Events, live.Event{ID: aws.ToString(e.Id), At: when(e.CreatedAt), Text: aws.ToString(e.Message)})
	}
	return out
}

// settings are what somebody set of a service. A grace period of none, which nobody can set, is left out.
func settings(s types.Service) document.Value {
	spec := Document(s)
	for _, name := range []string{
		"serviceArn", "clusterArn", "status", "runningCount", "pendingCount", "taskDefinition", "deployments", "events", "createdAt", "createdBy", "taskSets",
		"currentServiceDeployment", "currentServiceRevisions", "tags", "roleArn", "platformFamily", "resourceManagementType",
	} {
		spec = spec.With(name, document.Value{})
	}
	return spec
}

func tags(list []types.Tag) map[string]string {
	if len(list) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, t := range list {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

// Deployment is a service deployment. Which task definitions its revisions have is in those, and filled in by Revisions.
func Deployment(d types.ServiceDeployment) live.Deployment {
	out := live.Deployment{
		ARN: aws.ToString(d.ServiceDeploymentArn), Service: last(d.ServiceArn), Status: string(d.Status), Reason: aws.ToString(d.StatusReason),
		Created: when(d.CreatedAt), Started: when(d.StartedAt), Finished: when(d.FinishedAt), Stopped: when(d.StoppedAt),
	}
	if t := d.TargetServiceRevision; t != nil {
		out.Target, out.Desired, out.Running, out.Pending = aws.ToString(t.Arn), int(t.RequestedTaskCount), int(t.RunningTaskCount), int(t.PendingTaskCount)
	}
	for _, s := range d.SourceServiceRevisions {
		out.Sources = append(out.Sources, aws.ToString(s.Arn))
	}
	if r := d.Rollback; r != nil {
		out.Rollback, out.Why = aws.ToString(r.ServiceRevisionArn), aws.ToString(r.Reason)
	}
	if b := d.DeploymentCircuitBreaker; b != nil {
		out.Breaker = live.Breaker{Status: string(b.Status), Failures: int(b.FailureCount), Threshold: int(b.Threshold)}
	}
	if a := d.Alarms; a != nil {
		out.Alarms, out.Triggered = a.AlarmNames, a.TriggeredAlarmNames
	}
	return out
}

// Revisions fills in which task definitions the revisions of deployments have.
func Revisions(list []live.Deployment, revisions []types.ServiceRevision) {
	of := map[string]string{}
	for _, r := range revisions {
		of[aws.ToString(r.ServiceRevisionArn)] = aws.ToString(r.TaskDefinition)
	}
	for i := range list {
		list[i].Definition, list[i].BackTo = of[list[i].Target], of[list[i].Rollback]
	}
}

package service

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/live"
)

// Deployment is a service deployment as it was described; definition tells which task definition a service revision runs, empty
// where nobody knows.
func Deployment(d types.ServiceDeployment, definition func(revision string) string) live.Deployment {
	out := live.Deployment{
		ARN: aws.ToString(d.ServiceDeploymentArn), Service: last(aws.ToString(d.ServiceArn)), Status: string(d.Status), Reason: aws.ToString(d.StatusReason),
		Created: aws.ToTime(d.CreatedAt), Started: aws.ToTime(d.StartedAt), Finished: aws.ToTime(d.FinishedAt), Stopped: aws.ToTime(d.StoppedAt),
	}
	if t := d.TargetServiceRevision; t != nil {
		out.Target, out.Desired, out.Running, out.Pending = aws.ToString(t.Arn), int(t.RequestedTaskCount), int(t.RunningTaskCount), int(t.PendingTaskCount)
		out.Definition = definition(out.Target)
	}
	for _, s := range d.SourceServiceRevisions {
		out.Sources = append(out.Sources, aws.ToString(s.Arn))
	}
	if r := d.Rollback; r != nil {
		out.Rollback, out.Why = aws.ToString(r.ServiceRevisionArn), aws.ToString(r.Reason)
		out.BackTo = definition(out.Rollback)
	}
	if b := d.DeploymentCircuitBreaker; b != nil {
		out.Breaker = live.Breaker{Status: string(b.Status), Failures: int(b.FailureCount), Threshold: int(b.Threshold)}
	}
	if a := d.Alarms; a != nil {
		out.Alarms, out.Triggered = a.AlarmNames, a.TriggeredAlarmNames
	}
	return out
}

// revisionsOf are the service revisions that a deployment names.
func revisionsOf(d types.ServiceDeployment) []string {
	var out []string
	if d.TargetServiceRevision != nil {
		out = append(out, aws.ToString(d.TargetServiceRevision.Arn))
	}
	if d.Rollback != nil {
		out = append(out, aws.ToString(d.Rollback.ServiceRevisionArn))
	}
	return out
}

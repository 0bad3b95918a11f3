package service

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/document"
	"berth/internal/live"
)

// settings are the members of a described service that CreateService takes as well.
const settings = ` capacityProviderStrategy deploymentConfiguration deploymentController desiredCount enableECSManagedTags enableExecuteCommand
	healthCheckGracePeriodSeconds launchType loadBalancers networkConfiguration placementConstraints placementStrategy platformVersion
	propagateTags schedulingStrategy serviceRegistries availabilityZoneRebalancing tags `

// Service is a service as it was described, with its newest deployment as the one under way if that is not done.
func Service(s types.Service) live.Service {
	out := live.Service{
		Name: aws.ToString(s.ServiceName), ARN: aws.ToString(s.ServiceArn), Status: aws.ToString(s.Status),
		Daemon: s.SchedulingStrategy == types.SchedulingStrategyDaemon, Desired: int(s.DesiredCount), Running: int(s.RunningCount), Pending: int(s.PendingCount),
		Definition: aws.ToString(s.TaskDefinition), Spec: only(Document(s), settings), Current: aws.ToString(s.CurrentServiceDeployment),
		Since: aws.ToTime(s.CreatedAt), Tags: tags(s.Tags),
	}
	for _, d := range s.Deployments {
		r := live.RevisionRunning{
			ID: aws.ToString(d.Id), Status: aws.ToString(d.Status), Definition: aws.ToString(d.TaskDefinition), Desired: int(d.DesiredCount),
			Running: int(d.RunningCount), Pending: int(d.PendingCount), Failed: int(d.FailedTasks), Rollout: string(d.RolloutState),
			Reason: aws.ToString(d.RolloutStateReason), At: aws.ToTime(d.CreatedAt),
		}
		if r.Status == "PRIMARY" {
			out.Revisions = append([]live.RevisionRunning{r}, out.Revisions...)
			continue
		}
		out.Revisions = append(out.Revisions, r)
	}
	for _, e := range s.Events {
		out.Events = append(out.Events, live.Event{ID: aws.ToString(e.Id), At: aws.ToTime(e.CreatedAt), Text: aws.ToString(e.Message)})
	}
	return out
}

// only leaves the members of a document that are named.
func only(v document.Value, names string) document.Value {
	out := document.Value{Kind: document.Object}
	for _, m := range v.Members {
		if contains(names, m.Name) {
			out.Members = append(out.Members, m)
		}
	}
	return out
}

func tags(given []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range given {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}

package shape

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// ECSTags are an ECS resource's tags as ours.
func ECSTags(tags []types.Tag) model.Tags {
	out := make([]model.Tag, len(tags))
	for i, t := range tags {
		out[i] = model.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
	}
	return model.NewTags(out...)
}

// ExecLogs tells whether ECS Exec sessions are logged by the cluster's own choice rather than by each task's log driver.
func ExecLogs(c *types.ClusterConfiguration) bool {
	return c != nil && c.ExecuteCommandConfiguration != nil &&
		c.ExecuteCommandConfiguration.Logging == types.ExecuteCommandLoggingOverride
}

// ClusterStatus takes FAILED for ready: not the cluster but the attachment of a capacity provider failed then, which
// the list of providers tells (ECS API reference, Cluster).
func ClusterStatus(s string) model.Status {
	switch s {
	case "PROVISIONING":
		return model.Pending
	case "DEPROVISIONING":
		return model.Leaving
	}
	return model.Ready
}

// Attachments says how far ECS is with what it puts onto the groups: scaling policies and lifecycle hooks.
func Attachments(status string) (model.Status, string) {
	switch status {
	case "UPDATE_IN_PROGRESS":
		return model.Pending, "capacity providers are being attached or detached"
	case "UPDATE_FAILED":
		return model.Failed, "the capacity providers could not be attached"
	}
	return model.Ready, ""
}

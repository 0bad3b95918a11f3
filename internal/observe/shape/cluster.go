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

// execLogs tells whether ECS Exec sessions are logged by the cluster's own choice rather than by each task's log driver.
func execLogs(c *types.ClusterConfiguration) bool {
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

// Cluster is an ECS cluster in our words.
func Cluster(c types.Cluster) model.Cluster {
	r := model.Cluster{Name: aws.ToString(c.ClusterName), ExecLogs: execLogs(c.Configuration), Tags: ECSTags(c.Tags).Own()}
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			r.Insights = aws.ToString(s.Value)
		}
	}
	return r
}

// ClusterProviders are a cluster's capacity providers; provider tells a provider's key by its name.
func ClusterProviders(provider Keys, c types.Cluster) model.ClusterProviders {
	var r model.ClusterProviders
	for _, name := range c.CapacityProviders {
		r.Providers = append(r.Providers, provider(name))
	}
	for _, s := range c.DefaultCapacityProviderStrategy {
		r.Strategy = append(r.Strategy, model.StrategyItem{
			Provider: provider(aws.ToString(s.CapacityProvider)), Weight: int(s.Weight), Base: int(s.Base),
		})
	}
	return r
}

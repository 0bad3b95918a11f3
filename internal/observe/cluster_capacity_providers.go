package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/model"
)

// clusterProvidersRow reads the list of providers out of the cluster.
func clusterProvidersRow() row {
	return row{model.KindClusterProviders, []func(*look) []call{clusterCalls}, foldClusterProviders}
}

func foldClusterProviders(l *look) {
	c := l.ecsCluster
	if c == nil || len(c.CapacityProviders) == 0 && len(c.DefaultCapacityProviderStrategy) == 0 && attachments(c.AttachmentsStatus) == model.Ready {
		return
	}
	if _, ok := l.mine(ecsTags(c.Tags), model.KindCluster); !ok {
		return
	}
	var r model.ClusterProviders
	for _, name := range c.CapacityProviders {
		r.Providers = append(r.Providers, l.providerKey(name))
	}
	for _, s := range c.DefaultCapacityProviderStrategy {
		r.Strategy = append(r.Strategy, model.StrategyItem{
			Provider: l.providerKey(aws.ToString(s.CapacityProvider)), Weight: int(s.Weight), Base: int(s.Base),
		})
	}
	h := model.Handle{ID: aws.ToString(c.ClusterArn), Status: attachments(c.AttachmentsStatus)}
	switch h.Status {
	case model.Pending:
		h.Reason = "the capacity providers are being attached or detached"
	case model.Failed:
		h.Reason = "attaching the capacity providers failed"
	}
	l.inv.Add(r, h) // not add: its id is the cluster's
}

func attachments(status *string) model.Status {
	switch aws.ToString(status) {
	case "UPDATE_IN_PROGRESS":
		return model.Pending
	case "UPDATE_FAILED":
		return model.Failed
	}
	return model.Ready
}

// providerKey is the key of the provider of ours that has this name; others keep their name.
func (l *look) providerKey(name string) model.Key {
	for p := range model.Every[model.Provider](&l.inv.Set) {
		if p.Name == name {
			return p.Key()
		}
	}
	return model.Foreign(name)
}

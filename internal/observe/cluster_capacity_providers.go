package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/model"
	"berth/internal/observe/shape"
)

// clusterProvidersRow reads the list of providers out of the cluster.
func clusterProvidersRow() row {
	return row{model.KindClusterProviders, []func(*look) []call{clusterCalls}, foldClusterProviders}
}

func foldClusterProviders(l *look) {
	c := l.ecsCluster
	if c == nil {
		return
	}
	h := model.Handle{ID: aws.ToString(c.ClusterName)}
	h.Status, h.Reason = shape.Attachments(aws.ToString(c.AttachmentsStatus))
	if len(c.CapacityProviders) == 0 && h.Status != model.Pending {
		return
	}
	if _, ok := l.mine(shape.ECSTags(c.Tags), model.KindCluster); !ok {
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
	l.inv.Add(r, h) // without a binding: the id is the cluster's
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

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
	if !l.ownsCluster(*c) {
		return
	}
	l.inv.Add(shape.ClusterProviders(l.providerKey, *c), h) // without a binding: the id is the cluster's
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

package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func clusterProvidersEntry() entry {
	return typed(putClusterProviders, putClusterProviders, dropClusterProviders)
}

// putClusterProviders sets the whole list at once, which is the only way there is.
func putClusterProviders(ctx context.Context, j *job, c model.ClusterProviders) (model.Handle, error) {
	cluster := j.have.ID(model.ClusterKey())
	in := &ecs.PutClusterCapacityProvidersInput{
		Cluster: aws.String(cluster), CapacityProviders: j.ids(c.Providers), DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{},
	}
	for _, s := range c.Strategy {
		in.DefaultCapacityProviderStrategy = append(in.DefaultCapacityProviderStrategy, types.CapacityProviderStrategyItem{
			CapacityProvider: aws.String(j.have.ID(s.Provider)), Weight: int32(s.Weight), Base: int32(s.Base),
		})
	}
	_, err := cloud.Repeat(ctx, j.c, j.c.ECS.PutClusterCapacityProviders, in)
	return model.Handle{ID: cluster, Status: model.Pending}, err
}

// dropClusterProviders empties the list. A list that could not be attached is only put again, and not taken away
// before: nothing hangs on it, and services may still name its providers.
func dropClusterProviders(ctx context.Context, j *job, _ model.ClusterProviders) (model.Handle, error) {
	if j.change.Replaces && j.handle().Status == model.Failed {
		return model.Handle{}, nil
	}
	h, err := putClusterProviders(ctx, j, model.ClusterProviders{Providers: []model.Key{}})
	if err != nil {
		return j.handle(), gone(err)
	}
	h.Status = model.Leaving
	return h, nil
}

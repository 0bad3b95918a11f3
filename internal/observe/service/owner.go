package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/shape"
)

// Ownership is whether there is a cluster of the file's name, and whose it is.
type Ownership struct {
	Stands bool // it is there, and ACTIVE
	Others bool // it is there, and by its tags it is not the file's
}

// Whose tells whether the cluster stands and whose it is, with one call.
func Whose(ctx context.Context, c *cloud.Cloud, scope model.Scope) (Ownership, error) {
	out, err := cloud.Read(ctx, c, c.ECS.DescribeClusters, whoseInput(scope))
	if err != nil {
		return Ownership{}, err
	}
	return ownership(scope, out), nil
}

func whoseInput(scope model.Scope) *ecs.DescribeClustersInput {
	return &ecs.DescribeClustersInput{Clusters: []string{scope.ClusterName()}, Include: []types.ClusterField{types.ClusterFieldTags}}
}

// ownership leaves out a cluster that is deleted: AWS shows it for a while.
func ownership(scope model.Scope, out *ecs.DescribeClustersOutput) Ownership {
	for _, c := range out.Clusters {
		if status := aws.ToString(c.Status); status != "INACTIVE" {
			_, ours := scope.Owns(model.KindCluster, shape.ECSTags(c.Tags))
			return Ownership{Stands: status == "ACTIVE", Others: !ours}
		}
	}
	return Ownership{}
}

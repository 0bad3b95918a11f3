package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type clusterAnswers struct {
	ecsCluster   *types.Cluster
	clusterAsked bool // the cluster, its providers and its count of instances come in one answer, asked for once
}

func clusterRow() row {
	return row{model.KindCluster, []func(*look) []call{clusterCalls}, foldCluster}
}

func clusterCalls(l *look) []call {
	if l.clusterAsked {
		return nil
	}
	l.clusterAsked = true
	in := &ecs.DescribeClustersInput{Clusters: []string{l.scope.ClusterName()}, Include: types.ClusterField("").Values()}
	return []call{fetch.Get(l, l.c.ECS.DescribeClusters, in, l.storeCluster)}
}

// storeCluster leaves out a cluster that is deleted: AWS shows it for a while.
func (l *look) storeCluster(out *ecs.DescribeClustersOutput) {
	for _, c := range out.Clusters {
		if aws.ToString(c.Status) != "INACTIVE" {
			l.ecsCluster = &c
		}
	}
}

func foldCluster(l *look) {
	c := l.ecsCluster
	if c == nil {
		return
	}
	name := aws.ToString(c.ClusterName)
	if !l.ownsCluster(*c) {
		l.stray(model.ClusterKey(), name, "ECS cluster "+name)
		return
	}
	l.add(shape.Cluster(*c), model.Handle{ID: name, ARN: aws.ToString(c.ClusterArn), Status: shape.ClusterStatus(aws.ToString(c.Status))})
}

// ownsCluster tells whether the cluster of our name is ours. What belongs to another one is nobody's business here.
func (l *look) ownsCluster(c types.Cluster) bool {
	_, ours := l.mine(shape.ECSTags(c.Tags), model.KindCluster)
	return ours
}

package observe

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

// Agents is a closer look at the instances of the groups: whether each one's ECS agent is connected, and which image it
// runs, both by instance id. An instance that has not joined the cluster is not among the agents.
func Agents(ctx context.Context, c *cloud.Cloud, scope model.Scope, have model.Inventory) (agents map[string]bool, images map[string]string, err error) {
	l := newLook(c, Question{})
	l.scope, l.inv = scope, have
	agents, images = map[string]bool{}, map[string]string{}
	if have.Has(model.ClusterKey()) {
		if err := l.agents(ctx, agents); err != nil {
			return nil, nil, err
		}
	}
	for ids := range slices.Chunk(l.ownInstances(), 500) {
		in := &ec2.DescribeInstancesInput{InstanceIds: ids}
		call := pages(l, c.EC2.DescribeInstances, in, func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) bool {
			for _, r := range out.Reservations {
				for _, i := range r.Instances {
					images[aws.ToString(i.InstanceId)] = aws.ToString(i.ImageId)
				}
			}
			return more(out.NextToken, &in.NextToken)
		})
		if err := call(ctx); err != nil && !cloud.Missing(err) { // one may have gone since the look
			return nil, nil, err
		}
	}
	return agents, images, nil
}

// agents reads the cluster's container instances: their names first, then a hundred at a time.
func (l *look) agents(ctx context.Context, found map[string]bool) error {
	cluster := l.inv.Handle(model.ClusterKey()).ID
	var arns []string
	in := &ecs.ListContainerInstancesInput{Cluster: aws.String(cluster)}
	list := pages(l, l.c.ECS.ListContainerInstances, in, func(in *ecs.ListContainerInstancesInput, out *ecs.ListContainerInstancesOutput) bool {
		arns = append(arns, out.ContainerInstanceArns...)
		return more(out.NextToken, &in.NextToken)
	})
	if err := list(ctx); err != nil {
		return err
	}
	for batch := range slices.Chunk(arns, 100) {
		in := &ecs.DescribeContainerInstancesInput{Cluster: aws.String(cluster), ContainerInstances: batch}
		read := get(l, l.c.ECS.DescribeContainerInstances, in, func(out *ecs.DescribeContainerInstancesOutput) {
			for _, i := range out.ContainerInstances {
				note(found, i)
			}
		})
		if err := read(ctx); err != nil {
			return err
		}
	}
	return nil
}

func note(found map[string]bool, i ecstypes.ContainerInstance) {
	found[aws.ToString(i.Ec2InstanceId)] = i.AgentConnected
}

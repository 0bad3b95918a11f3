package observe

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Machines is what a closer look at the instances of the groups tells, all by instance id.
type Machines struct {
	Connected map[string]bool   // whether the ECS agent is connected; an instance that has not joined the cluster is not in it
	Images    map[string]string // the image that it runs
	Spot      map[string]bool   // whether it is a Spot Instance
}

// Agents is a closer look at the instances of the groups.
func Agents(ctx context.Context, c *cloud.Cloud, scope model.Scope, have model.Inventory) (Machines, error) {
	l := newLook(c, Question{})
	l.scope, l.inv = scope, have
	m := Machines{map[string]bool{}, map[string]string{}, map[string]bool{}}
	if have.Has(model.ClusterKey()) {
		if err := l.agents(ctx, m.Connected); err != nil {
			return Machines{}, err
		}
	}
	for ids := range slices.Chunk(l.ownInstances(), 500) {
		in := &ec2.DescribeInstancesInput{InstanceIds: ids}
		call := fetch.Pages(l, c.EC2.DescribeInstances, in, func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) bool {
			for _, r := range out.Reservations {
				for _, i := range r.Instances {
					id := aws.ToString(i.InstanceId)
					m.Images[id], m.Spot[id] = aws.ToString(i.ImageId), i.InstanceLifecycle == types.InstanceLifecycleTypeSpot
				}
			}
			return fetch.More(out.NextToken, &in.NextToken)
		})
		if err := call(ctx); err != nil && !cloud.Missing(err) { // one may have gone since the look
			return Machines{}, err
		}
	}
	return m, nil
}

// agents reads the cluster's container instances: their names first, then a hundred at a time.
func (l *look) agents(ctx context.Context, found map[string]bool) error {
	cluster := l.inv.Handle(model.ClusterKey()).ID
	var arns []string
	in := &ecs.ListContainerInstancesInput{Cluster: aws.String(cluster)}
	list := fetch.Pages(l, l.c.ECS.ListContainerInstances, in, func(in *ecs.ListContainerInstancesInput, out *ecs.ListContainerInstancesOutput) bool {
		arns = append(arns, out.ContainerInstanceArns...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
	if err := list(ctx); err != nil {
		return err
	}
	for batch := range slices.Chunk(arns, 100) {
		in := &ecs.DescribeContainerInstancesInput{Cluster: aws.String(cluster), ContainerInstances: batch}
		read := fetch.Get(l, l.c.ECS.DescribeContainerInstances, in, func(out *ecs.DescribeContainerInstancesOutput) {
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

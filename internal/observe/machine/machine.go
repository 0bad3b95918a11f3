// Package machine takes a closer look at the instances of a cluster's groups.
//
// In: a cloud.Cloud, and the inventory with the groups. Out: what the inventory does not tell of their instances, by
// instance id. An instance that has gone since the look is left out; it writes nothing and decides nothing.
package machine

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Report is what a closer look tells, all by instance id.
type Report struct {
	Connected map[string]bool           // whether the ECS agent is connected; an instance that has not joined the cluster is not in it
	Images    map[string]string         // the image that it runs
	Spot      map[string]bool           // whether it is a Spot Instance
	Software  map[string]model.Software // what its agent says that it runs; an instance that has not joined the cluster is not in it
}

// look is a closer look under way.
type look struct {
	c   *cloud.Cloud
	inv model.Inventory

	sync.Mutex // guards the report while calls are under way
}

// Cloud is the cloud that is asked.
func (l *look) Cloud() *cloud.Cloud { return l.c }

// Look takes the closer look.
func Look(ctx context.Context, c *cloud.Cloud, have model.Inventory) (Report, error) {
	l := &look{c: c, inv: have}
	m := Report{map[string]bool{}, map[string]string{}, map[string]bool{}, map[string]model.Software{}}
	if have.Has(model.ClusterKey()) {
		if err := l.agents(ctx, m); err != nil {
			return Report{}, err
		}
	}
	for ids := range slices.Chunk(l.instances(), 500) {
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
			return Report{}, err
		}
	}
	return m, nil
}

// instances are those of the groups.
func (l *look) instances() []string {
	var out []string
	for g := range model.Every[model.Group](&l.inv.Set) {
		for _, i := range g.Instances {
			out = append(out, i.ID)
		}
	}
	return out
}

// agents reads the cluster's container instances: their names first, then a hundred at a time.
func (l *look) agents(ctx context.Context, found Report) error {
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

func note(found Report, i ecstypes.ContainerInstance) {
	id := aws.ToString(i.Ec2InstanceId)
	found.Connected[id] = i.AgentConnected
	if v := i.VersionInfo; v != nil { // "DockerVersion: 25.0.8"
		docker := strings.TrimPrefix(aws.ToString(v.DockerVersion), "DockerVersion: ")
		found.Software[id] = model.Software{Agent: aws.ToString(v.AgentVersion), Docker: docker}
	}
}

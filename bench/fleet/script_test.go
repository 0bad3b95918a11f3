package fleet

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
)

// How long scripts wait.
const (
	glance   = 15 * time.Second // between two looks
	patience = 10 * time.Minute // for an instance to be empty
	pause    = 5 * time.Minute  // between two instances, where nothing is looked at
	most     = 30 * time.Minute // for a new instance
)

// machine is an instance as scripts know it.
type machine struct{ arn, id string }

// machines are the container instances of the cluster that take tasks.
func (r *run) machines(c *cloud.Cloud) []machine {
	r.tb.Helper()
	var out []machine
	in := &ecs.ListContainerInstancesInput{Cluster: new(cluster), Status: types.ContainerInstanceStatusActive}
	for {
		page, err := c.ECS.ListContainerInstances(r.tb.Context(), in)
		r.must(err)
		for some := range slices.Chunk(page.ContainerInstanceArns, 100) {
			found, err := c.ECS.DescribeContainerInstances(r.tb.Context(), &ecs.DescribeContainerInstancesInput{Cluster: new(cluster), ContainerInstances: some})
			r.must(err)
			for _, i := range found.ContainerInstances {
				out = append(out, machine{*i.ContainerInstanceArn, *i.Ec2InstanceId})
			}
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return out
		}
	}
}

// oneByOne is the script that most people have: it drains an instance, waits until ECS counts no task there any more but no longer
// than its patience, terminates it, and waits for the one that the group puts in its place.
func (r *run) oneByOne() {
	c := r.client(r.slow(), "script")
	ctx := r.tb.Context()
	for _, m := range r.machines(c) {
		_, err := c.ECS.UpdateContainerInstancesState(ctx, &ecs.UpdateContainerInstancesStateInput{
			Cluster: new(cluster), ContainerInstances: []string{m.arn}, Status: types.ContainerInstanceStatusDraining,
		})
		r.must(err)
		for waited := time.Duration(0); waited < patience; waited += glance {
			r.pass(glance)
			out, err := c.ECS.DescribeContainerInstances(ctx, &ecs.DescribeContainerInstancesInput{Cluster: new(cluster), ContainerInstances: []string{m.arn}})
			r.must(err)
			if len(out.ContainerInstances) == 0 || out.ContainerInstances[0].RunningTasksCount == 0 {
				break
			}
		}
		r.strike(c, m)
		r.whole(c)
	}
}

// whole waits until as many instances as are meant to be there take tasks.
func (r *run) whole(c *cloud.Cloud) {
	r.tb.Helper()
	for waited := time.Duration(0); waited < most; waited += glance {
		r.pass(glance)
		out, err := c.ECS.DescribeClusters(r.tb.Context(), &ecs.DescribeClustersInput{Clusters: []string{cluster}})
		r.must(err)
		active := 0
		in := &ecs.ListContainerInstancesInput{Cluster: new(cluster), Status: types.ContainerInstanceStatusActive}
		if int(out.Clusters[0].RegisteredContainerInstancesCount) < r.instances {
			continue
		}
		for {
			page, err := c.ECS.ListContainerInstances(r.tb.Context(), in)
			r.must(err)
			active += len(page.ContainerInstanceArns)
			if in.NextToken = page.NextToken; in.NextToken == nil {
				break
			}
		}
		if active >= r.instances {
			return
		}
	}
	r.tb.Fatal("the group does not come back to its size")
}

// terminate is the script of those who trust in their group: an instance, a while, the next one. EC2 asks nobody, so that no hook of
// the group, and with it no drain by ECS, comes in between.
func (r *run) terminate() {
	c := r.client(r.slow(), "script")
	for _, m := range r.machines(c) {
		_, err := c.EC2.TerminateInstances(r.tb.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{m.id}})
		r.must(err)
		r.pass(pause)
	}
}

func (r *run) strike(c *cloud.Cloud, m machine) {
	r.tb.Helper()
	_, err := c.Groups.TerminateInstanceInAutoScalingGroup(r.tb.Context(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: &m.id, ShouldDecrementDesiredCapacity: new(false),
	})
	r.must(err)
}

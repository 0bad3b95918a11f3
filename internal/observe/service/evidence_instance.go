package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	grouptypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service/seen"
)

// failuresEach is how many scaling activities of a group are looked at.
const failuresEach = 20

// crowded tells whether tasks find no instance: then every instance of the cluster is evidence. A service whose tasks run, but on an
// instance that drains, lacks none by its counts.
func (q *inquiry) crowded() bool {
	for _, s := range q.out.Services {
		if homeless(s) && (s.Lacking() || q.leaving(s)) {
			return true
		}
	}
	return slices.ContainsFunc(q.out.Tasks, func(t live.Task) bool { return t.Last == "PROVISIONING" && t.Instance == "" })
}

// leaving tells whether a task of a service is on an instance that drains, as far as instances have been read.
func (q *inquiry) leaving(s live.Service) bool {
	return slices.ContainsFunc(q.out.Tasks, func(t live.Task) bool {
		return t.Group == "service:"+s.Name && t.Last == "RUNNING" && slices.ContainsFunc(q.out.Instances, func(i live.Instance) bool {
			return i.ARN == t.Instance && i.Status == "DRAINING"
		})
	})
}

// homeless tells whether ECS said that a task found no instance, and not since then that all is well. Events are the newest first. Tasks are
// moved between zones only where all is well (ECS developer guide, "Balancing an Amazon ECS service across Availability Zones").
func homeless(s live.Service) bool {
	for _, e := range s.Events {
		switch {
		case strings.Contains(e.Text, "unable to place"):
			return true
		case strings.Contains(e.Text, "has reached a steady state"), strings.Contains(e.Text, "stopped AZ Rebalancing"):
			return false
		}
	}
	return false
}

// short tells whether something has too few tasks.
func (q *inquiry) short() bool {
	return q.crowded() || slices.ContainsFunc(q.out.Services, live.Service.Lacking)
}

// hosts reads the instances that the tasks are on, and where tasks find none the others of the cluster.
func (q *inquiry) hosts(ctx context.Context) error {
	var arns []string
	for _, t := range q.out.Tasks {
		if t.Instance != "" {
			arns = append(arns, t.Instance)
		}
	}
	slices.Sort(arns)
	arns = slices.Compact(arns)
	if err := q.describeInstances(ctx, arns); err != nil || !q.crowded() {
		return err
	}
	all, err := q.listInstances(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(arn string) bool { return slices.Contains(arns, arn) })
	if err := q.describeInstances(ctx, all); err != nil {
		return err
	}
	return q.wires(ctx, false)
}

func (q *inquiry) listInstances(ctx context.Context) (arns []string, err error) {
	in := &ecs.ListContainerInstancesInput{Cluster: &q.cluster}
	err = pages(ctx, q, q.c.ECS.ListContainerInstances, in, func(out *ecs.ListContainerInstancesOutput) bool {
		arns = append(arns, out.ContainerInstanceArns...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
	return arns, err
}

func (q *inquiry) describeInstances(ctx context.Context, arns []string) error {
	for some := range slices.Chunk(arns, tasksEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeContainerInstances, &ecs.DescribeContainerInstancesInput{Cluster: &q.cluster, ContainerInstances: some})
		if err != nil {
			return err
		}
		for _, i := range out.ContainerInstances {
			if aws.ToString(i.Status) != "INACTIVE" {
				q.out.Instances = append(q.out.Instances, seen.Instance(i))
			}
		}
	}
	return nil
}

// machine reads an instance by the id of the machine or of the container instance. One that is in a group of the cluster and has
// not joined it is an instance without an ARN.
func (q *inquiry) machine(ctx context.Context, id string) error {
	arns := []string{id}
	if strings.HasPrefix(id, "i-") {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.ListContainerInstances, &ecs.ListContainerInstancesInput{Cluster: &q.cluster, Filter: aws.String("ec2InstanceId == " + id)})
		if err != nil {
			return err
		}
		arns = out.ContainerInstanceArns
	}
	if err := q.describeInstances(ctx, arns); err != nil || len(q.out.Instances) > 0 {
		return err
	}
	in := &autoscaling.DescribeAutoScalingInstancesInput{InstanceIds: []string{id}}
	out, err := cloud.Read(ctx, q.c, q.c.Groups.DescribeAutoScalingInstances, in)
	if err != nil {
		return err
	}
	for _, i := range out.AutoScalingInstances {
		q.out.Instances = append(q.out.Instances, live.Instance{
			ID: id, Group: aws.ToString(i.AutoScalingGroupName), Zone: aws.ToString(i.AvailabilityZone), Type: aws.ToString(i.InstanceType), Status: aws.ToString(i.LifecycleState),
		})
	}
	if len(q.out.Instances) == 0 {
		return &Unknown{Name: id, Cluster: q.cluster, Kind: "instance"}
	}
	return nil
}

// groups reads the Auto Scaling groups behind the cluster's capacity providers, where tasks are missing or an instance is asked
// about.
func (q *inquiry) groups(ctx context.Context) error {
	if !q.short() && q.out.Subject.Kind != "instance" {
		return nil
	}
	if err := q.everyGroup(ctx); err != nil {
		return err
	}
	return q.activities(ctx)
}

// everyGroup reads the Auto Scaling groups behind the cluster's capacity providers, and the strategy that is the cluster's own.
func (q *inquiry) everyGroup(ctx context.Context) error {
	clusters, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{q.cluster}})
	if err != nil {
		return err
	}
	var names []string
	for _, c := range clusters.Clusters {
		names = append(names, c.CapacityProviders...)
		q.strategy = c.DefaultCapacityProviderStrategy
	}
	if len(names) == 0 {
		return nil
	}
	providers := map[string]*types.CapacityProvider{} // by the group's name
	in := &ecs.DescribeCapacityProvidersInput{CapacityProviders: names}
	err = pages(ctx, q, q.c.ECS.DescribeCapacityProviders, in, func(out *ecs.DescribeCapacityProvidersOutput) bool {
		for _, p := range out.CapacityProviders {
			if p.AutoScalingGroupProvider != nil {
				providers[last(aws.ToString(p.AutoScalingGroupProvider.AutoScalingGroupArn))] = &p
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	if err != nil || len(providers) == 0 {
		return err
	}
	return q.scaling(ctx, providers)
}

// scaling reads Auto Scaling groups and who belongs to them.
func (q *inquiry) scaling(ctx context.Context, providers map[string]*types.CapacityProvider) error {
	var names []string
	for name := range providers { // unordered: sorted below
		names = append(names, name)
	}
	slices.Sort(names)
	member := map[string]string{}
	in := &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names}
	err := pages(ctx, q, q.c.Groups.DescribeAutoScalingGroups, in, func(out *autoscaling.DescribeAutoScalingGroupsOutput) bool {
		for _, g := range out.AutoScalingGroups {
			q.out.Groups = append(q.out.Groups, seen.Group(g, providers[aws.ToString(g.AutoScalingGroupName)]))
			for _, i := range g.Instances {
				member[aws.ToString(i.InstanceId)] = aws.ToString(g.AutoScalingGroupName)
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	if err != nil {
		return err
	}
	for n := range q.out.Instances {
		q.out.Instances[n].Group = orElse(member[q.out.Instances[n].ID], q.out.Instances[n].Group)
	}
	return nil
}

// activities reads what the groups failed in lately.
func (q *inquiry) activities(ctx context.Context) error {
	for n := range q.out.Groups {
		g := &q.out.Groups[n]
		out, err := cloud.Read(ctx, q.c, q.c.Groups.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{
			AutoScalingGroupName: &g.Name, MaxRecords: aws.Int32(failuresEach),
		})
		if err != nil {
			return err
		}
		g.Failures = failures(out.Activities)
	}
	return nil
}

func failures(activities []grouptypes.Activity) []live.Event {
	var out []live.Event
	for _, a := range activities {
		if e, failed := seen.Failure(a); failed {
			out = append(out, e)
		}
	}
	return out
}

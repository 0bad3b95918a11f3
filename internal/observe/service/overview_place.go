package service

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service/seen"
)

// groupsEach is how many target groups are described at once (ELB API reference, DescribeTargetGroups).
const groupsEach = 20

// everyHost reads all instances of the cluster.
func (q *inquiry) everyHost(ctx context.Context) error {
	var arns []string
	in := &ecs.ListContainerInstancesInput{Cluster: &q.cluster}
	err := pages(ctx, q, q.c.ECS.ListContainerInstances, in, func(out *ecs.ListContainerInstancesOutput) bool {
		arns = append(arns, out.ContainerInstanceArns...)
		return fetch.More(out.NextToken, &in.NextToken)
	})
	if err != nil {
		return err
	}
	return q.machines(ctx, arns)
}

// taskHosts reads the instances of the tasks whose targets have the names of instances; with no load balancer there are none.
func (q *inquiry) taskHosts(ctx context.Context) error {
	balanced := map[string]bool{}
	for _, s := range q.out.Services {
		balanced["service:"+s.Name] = len(s.Spec.Get("loadBalancers").Items) > 0
	}
	var arns []string
	for _, t := range q.out.Tasks {
		if t.Instance != "" && balanced[t.Group] && t.Address == "" {
			arns = append(arns, t.Instance)
		}
	}
	slices.Sort(arns)
	return q.machines(ctx, slices.Compact(arns))
}

func (q *inquiry) machines(ctx context.Context, arns []string) error {
	found, err := gather(ctx, q.c, slices.Collect(slices.Chunk(arns, tasksEach)), func(ctx context.Context, some []string) ([]live.Instance, error) {
		part := &inquiry{c: q.c, cluster: q.cluster}
		err := part.describeInstances(ctx, some)
		return part.out.Instances, err
	})
	q.out.Instances = found
	return err
}

// balanced are the target groups and the classic load balancers of the services.
func (q *inquiry) balanced() (groups, names []string) {
	for _, s := range q.out.Services {
		for _, lb := range s.Spec.Get("loadBalancers").Items {
			if arn := lb.Get("targetGroupArn").Text; arn != "" {
				groups = append(groups, arn)
			} else if name := lb.Get("loadBalancerName").Text; name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(groups)
	slices.Sort(names)
	return slices.Compact(groups), slices.Compact(names)
}

// health reads what load balancers think of their targets. What is gone has none.
func (q *inquiry) health(ctx context.Context) error {
	groups, names := q.balanced()
	found, err := gather(ctx, q.c, groups, func(ctx context.Context, arn string) ([]live.Target, error) {
		out, err := cloud.Read(ctx, q.c, q.c.Balance.DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &arn})
		if err != nil {
			return nil, unlessMissing(err)
		}
		var targets []live.Target
		for _, t := range out.TargetHealthDescriptions {
			targets = append(targets, seen.Target(arn, t))
		}
		return targets, nil
	})
	if err != nil {
		return err
	}
	old, err := gather(ctx, q.c, names, func(ctx context.Context, name string) ([]live.Target, error) {
		out, err := cloud.Read(ctx, q.c, q.c.Classic.DescribeInstanceHealth, &classic.DescribeInstanceHealthInput{LoadBalancerName: &name})
		if err != nil {
			return nil, unlessMissing(err)
		}
		var targets []live.Target
		for _, s := range out.InstanceStates {
			targets = append(targets, seen.ClassicTarget(name, s))
		}
		return targets, nil
	})
	q.out.Targets = append(found, old...)
	return err
}

// checks reads how target groups check their targets, and which load balancers they are of. AWS refuses to tell of twenty when one
// of them is gone: then each is asked for by itself.
func (q *inquiry) checks(ctx context.Context) error {
	groups, _ := q.balanced()
	found, err := gather(ctx, q.c, slices.Collect(slices.Chunk(groups, groupsEach)), func(ctx context.Context, some []string) ([]live.Check, error) {
		all, err := q.checksOf(ctx, some)
		if !cloud.Missing(err) {
			return all, err
		}
		for _, arn := range some {
			one, err := q.checksOf(ctx, []string{arn})
			if err := unlessMissing(err); err != nil {
				return nil, err
			}
			all = append(all, one...)
		}
		return all, nil
	})
	q.out.Checks = found
	return err
}

func (q *inquiry) checksOf(ctx context.Context, arns []string) ([]live.Check, error) {
	out, err := cloud.Read(ctx, q.c, q.c.Balance.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: arns})
	if err != nil {
		return nil, err
	}
	var checks []live.Check
	for _, g := range out.TargetGroups {
		one := seen.Check(g)
		if len(g.LoadBalancerArns) > 0 {
			one.Balancer = balancerName(g.LoadBalancerArns[0])
		}
		checks = append(checks, one)
	}
	return checks, nil
}

// balancerName is the name in an ARN that ends in loadbalancer/app/NAME/ID.
func balancerName(arn string) string {
	return last(arn[:max(0, len(arn)-len(last(arn))-1)])
}

func unlessMissing(err error) error {
	if cloud.Missing(err) {
		return nil
	}
	return err
}

// arrange puts every list into one order, whatever order AWS answered in.
func (q *inquiry) arrange() {
	slices.SortFunc(q.out.Services, func(a, b live.Service) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(q.out.Tasks, func(a, b live.Task) int { return cmp.Compare(a.ARN, b.ARN) })
	slices.SortFunc(q.out.Instances, func(a, b live.Instance) int { return cmp.Compare(a.ARN, b.ARN) })
	slices.SortFunc(q.out.Targets, func(a, b live.Target) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Port, b.Port))
	})
}

package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/live"
	"berth/internal/observe/fetch"
)

// trunked is how many tasks with network interfaces of their own an instance with a trunk may have: as many as the largest type
// (ECS developer guide, "Increasing Amazon ECS Linux container instance network interfaces"). The API does not tell a type's own.
const trunked = 120

// mostWired is among how many tasks of a cluster the holders of network interfaces are looked for, when one service is asked about.
const mostWired = 1000

// wires reads how many network interfaces are free where a service is read that wants one for each task and every instance was read;
// all: so was every task that runs. Else they stay unknown.
func (q *inquiry) wires(ctx context.Context, all bool) error {
	wired := func(d live.Definition) bool { return d.Spec.Get("networkMode").Text == "awsvpc" }
	if !slices.ContainsFunc(q.out.Definitions, wired) {
		return nil
	}
	part := &inquiry{c: q.c, cluster: q.cluster, out: live.Capture{Instances: q.out.Instances, Tasks: q.out.Tasks}}
	if !all {
		count := 0
		for _, i := range q.out.Instances {
			count += i.Running + i.Pending
		}
		if part.out.Tasks = nil; count > mostWired {
			return nil
		}
		arns, err := part.listTasks(ctx, ecsRunning())
		if err != nil {
			return err
		}
		if err := part.describeTasks(ctx, arns); err != nil {
			return err
		}
	}
	return q.missing("free network interfaces", part.interfaces(ctx))
}

// interfaces reads how many network interfaces the instances have for tasks: all of their type but the first.
func (q *inquiry) interfaces(ctx context.Context) error {
	most, names := map[string]int{}, []string{}
	for _, i := range q.out.Instances {
		if i.Type != "" {
			names = append(names, i.Type)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return nil
	}
	in := &ec2.DescribeInstanceTypesInput{Filters: []ec2types.Filter{{Name: aws.String("instance-type"), Values: names}}}
	err := pages(ctx, q, q.c.EC2.DescribeInstanceTypes, in, func(out *ec2.DescribeInstanceTypesOutput) bool {
		for _, t := range out.InstanceTypes {
			if t.NetworkInfo != nil {
				most[string(t.InstanceType)] = int(aws.ToInt32(t.NetworkInfo.MaximumNetworkInterfaces)) - 1
			}
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	used := map[string]int{}
	for _, t := range q.out.Tasks {
		if t.Address != "" && t.Last != "STOPPED" {
			used[t.Instance]++
		}
	}
	for n := range q.out.Instances {
		i := &q.out.Instances[n]
		total, known := most[i.Type]
		if _, trunk := i.Attributes["ecs.awsvpc-trunk-id"]; trunk || !known {
			total = trunked
		}
		i.Total.ENIs, i.Free.ENIs = total, total-used[i.ARN]
	}
	return err
}

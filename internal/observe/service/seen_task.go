package service

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"berth/internal/deploy"
	"berth/internal/live"
)

// tasks looks at the service's tasks, those that have stopped lately too, and at the instances that they are on.
func (r *Reader) tasks(ctx context.Context, s *deploy.Snapshot) error {
	var arns []string
	for _, status := range []types.DesiredStatus{types.DesiredStatusRunning, types.DesiredStatusStopped} {
		some, err := r.list(ctx, &ecs.ListTasksInput{ServiceName: aws.String(r.Order.Service), DesiredStatus: status})
		if err != nil {
			return err
		}
		arns = append(arns, some...)
	}
	var err error
	if s.Found.Tasks, err = r.describe(ctx, arns); err != nil {
		return err
	}
	var unknown []string
	for _, t := range s.Found.Tasks {
		if _, known := r.machines[t.Instance]; t.Instance != "" && !known && !slices.Contains(unknown, t.Instance) {
			unknown = append(unknown, t.Instance)
		}
	}
	if err := r.hosts(ctx, unknown); err != nil {
		return err
	}
	for _, t := range s.Found.Tasks {
		i, known := r.machines[t.Instance]
		if known && !slices.ContainsFunc(s.Found.Instances, func(o live.Instance) bool { return o.ARN == i.ARN }) {
			s.Found.Instances = append(s.Found.Instances, i)
		}
	}
	return nil
}

func (r *Reader) list(ctx context.Context, in *ecs.ListTasksInput) ([]string, error) {
	in.Cluster = aws.String(r.Order.Cluster)
	var arns []string
	for {
		out, err := read(ctx, r, r.Cloud.ECS.ListTasks, in)
		if err != nil {
			return nil, err
		}
		arns = append(arns, out.TaskArns...)
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return arns, nil
		}
	}
}

// describe looks at tasks, the newest first.
func (r *Reader) describe(ctx context.Context, arns []string) ([]live.Task, error) {
	var tasks []live.Task
	for some := range slices.Chunk(arns, mostTasks) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String(r.Order.Cluster), Tasks: some})
		if err != nil {
			return nil, err
		}
		for _, t := range out.Tasks {
			tasks = append(tasks, Task(t))
		}
	}
	slices.SortStableFunc(tasks, func(a, b live.Task) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID)) })
	return tasks, nil
}

// hosts finds out which EC2 instances container instances are.
func (r *Reader) hosts(ctx context.Context, arns []string) error {
	for some := range slices.Chunk(arns, mostTasks) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeContainerInstances, &ecs.DescribeContainerInstancesInput{
			Cluster: aws.String(r.Order.Cluster), ContainerInstances: some,
		})
		if err != nil {
			return err
		}
		for _, i := range out.ContainerInstances {
			arn := aws.ToString(i.ContainerInstanceArn)
			r.machines[arn] = live.Instance{ID: aws.ToString(i.Ec2InstanceId), ARN: arn, Status: aws.ToString(i.Status), Connected: i.AgentConnected}
		}
	}
	return nil
}

// targets looks at how the targets of the service's load balancers are.
func (r *Reader) targets(ctx context.Context, sv live.Service) ([]live.Target, error) {
	var found []live.Target
	for _, b := range sv.Spec.Get("loadBalancers").Items {
		ask := r.groupTargets
		name := b.Get("targetGroupArn").Text
		if name == "" {
			ask, name = r.classicTargets, b.Get("loadBalancerName").Text
		}
		some, err := ask(ctx, name)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

func (r *Reader) groupTargets(ctx context.Context, arn string) ([]live.Target, error) {
	out, err := read(ctx, r, r.Cloud.Balance.DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{TargetGroupArn: aws.String(arn)})
	if err != nil {
		return nil, err
	}
	var found []live.Target
	for _, t := range out.TargetHealthDescriptions {
		one := live.Target{Group: arn}
		if t.Target != nil {
			one.ID, one.Port = aws.ToString(t.Target.Id), int(aws.ToInt32(t.Target.Port))
		}
		if h := t.TargetHealth; h != nil {
			one.State, one.Reason, one.Details = string(h.State), string(h.Reason), aws.ToString(h.Description)
		}
		found = append(found, one)
	}
	return found, nil
}

// classicTargets are the instances of a classic load balancer, in the words of target groups.
func (r *Reader) classicTargets(ctx context.Context, name string) ([]live.Target, error) {
	out, err := read(ctx, r, r.Cloud.Classic.DescribeInstanceHealth, &elb.DescribeInstanceHealthInput{LoadBalancerName: aws.String(name)})
	if err != nil {
		return nil, err
	}
	var found []live.Target
	for _, i := range out.InstanceStates {
		one := live.Target{Group: name, ID: aws.ToString(i.InstanceId), State: "unhealthy", Reason: aws.ToString(i.ReasonCode), Details: aws.ToString(i.Description)}
		if aws.ToString(i.State) == "InService" {
			one.State = "healthy"
		}
		found = append(found, one)
	}
	return found, nil
}

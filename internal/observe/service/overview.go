package service

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Breadth is how much of the services of a cluster is read.
type Breadth struct {
	Name   string             // of one service, with all of its history; empty: every service
	Guards bool               // until when tasks are protected that shall go, and instances also where there are no services
	Glance bool               // how they are and how their last deployments ended, and nothing that only tells why
	Tell   func(services int) // told how many there are, before they are read; may be nil
}

// Bounds of what is read of services that are not asked for by name: one call each.
const (
	mostDefinitions = 100 // task definitions, without which nobody knows what would fit where
	mostTroubled    = 50  // services whose deployments are looked at because something is wrong with them
)

// Overview reads how the services of a cluster are, with their tasks, instances and targets, each list in one order. It takes a call
// for every ten services, hundred tasks, hundred instances and one target group, at half of the rate that AWS allows. A name that no
// service has is a *Unknown; a cluster without services is a capture without any.
func Overview(ctx context.Context, c *cloud.Cloud, scope model.Scope, b Breadth) (live.Capture, error) {
	q := &inquiry{c: c, cluster: scope.ClusterName(), out: live.Capture{
		Version: live.Version, Account: scope.Account, Region: c.Region, Cluster: scope.ClusterName(), Subject: live.Subject{Kind: "service", Name: b.Name},
	}}
	err := q.overview(ctx, b)
	q.arrange()
	q.out.At = c.Clock.Now()
	return q.out, err
}

func (q *inquiry) overview(ctx context.Context, b Breadth) error {
	names, err := []string{b.Name}, error(nil)
	if b.Name == "" {
		names, err = q.names(ctx)
	}
	if err != nil || len(names) == 0 && !b.Guards {
		return err
	}
	if b.Tell != nil {
		b.Tell(len(names))
	}
	if err := q.everyService(ctx, names); err != nil {
		return err
	}
	if len(q.out.Services) == 0 && b.Name != "" {
		return q.unknown(ctx, b.Name, "service")
	}
	if b.Glance {
		return run(ctx, q.running(b), q.taskHosts, q.health, q.checks, q.history(b))
	}
	wires := func(ctx context.Context) error { return q.wires(ctx, b.Name == "") }
	steps := []func(context.Context) error{q.running(b), q.stopped(b), q.everyHost, q.everyGroup, q.activities, q.health, q.checks, q.history(b), q.programs, wires}
	if b.Guards {
		steps = append(steps, q.protections)
	}
	return run(ctx, steps...)
}

// names lists the services of the cluster.
func (q *inquiry) names(ctx context.Context) ([]string, error) {
	var names []string
	in := &ecs.ListServicesInput{Cluster: &q.cluster, MaxResults: aws.Int32(tasksEach)}
	err := pages(ctx, q, q.c.ECS.ListServices, in, func(out *ecs.ListServicesOutput) bool {
		for _, arn := range out.ServiceArns {
			names = append(names, last(arn))
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	slices.Sort(names)
	return names, err
}

// everyService reads services by name, ten at a time; those that are gone are left out.
func (q *inquiry) everyService(ctx context.Context, names []string) error {
	found, err := gather(ctx, q.c, slices.Collect(slices.Chunk(names, servicesEach)), func(ctx context.Context, some []string) ([]live.Service, error) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeServices, &ecs.DescribeServicesInput{Cluster: &q.cluster, Services: some})
		if err != nil {
			return nil, err
		}
		var services []live.Service
		for _, s := range out.Services {
			if aws.ToString(s.Status) != "INACTIVE" {
				services = append(services, Service(s))
			}
		}
		return services, nil
	})
	q.out.Services = found
	return err
}

// running reads the tasks that run or shall run.
func (q *inquiry) running(b Breadth) func(context.Context) error {
	return func(ctx context.Context) error { return q.everyTask(ctx, b, types.DesiredStatusRunning) }
}

// stopped reads the tasks that have stopped within the last hour, up to a number that tells enough.
func (q *inquiry) stopped(b Breadth) func(context.Context) error {
	return func(ctx context.Context) error { return q.everyTask(ctx, b, types.DesiredStatusStopped) }
}

// everyTask reads the tasks of the cluster, or of the one service, that are to be in a state. Tasks that belong to no service stay:
// expressions may ask for them.
func (q *inquiry) everyTask(ctx context.Context, b Breadth, state types.DesiredStatus) error {
	in := &ecs.ListTasksInput{DesiredStatus: state}
	if b.Name != "" {
		in.ServiceName = &b.Name
	}
	arns, err := q.listTasks(ctx, in)
	if err != nil {
		return err
	}
	found, err := gather(ctx, q.c, slices.Collect(slices.Chunk(arns, tasksEach)), func(ctx context.Context, some []string) ([]live.Task, error) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: &q.cluster, Tasks: some})
		if err != nil {
			return nil, err
		}
		var tasks []live.Task
		for _, t := range out.Tasks {
			tasks = append(tasks, Task(t))
		}
		return tasks, nil
	})
	q.out.Tasks = append(q.out.Tasks, found...)
	return err
}

// history reads the deployments of a service that was asked for, and of those that something is wrong with.
func (q *inquiry) history(b Breadth) func(context.Context) error {
	return func(ctx context.Context) error {
		part := &inquiry{c: q.c, cluster: q.cluster, out: live.Capture{Services: slices.Clone(q.out.Services)}}
		if b.Name == "" {
			part.out.Services = slices.DeleteFunc(part.out.Services, quietly)
		}
		if len(part.out.Services) > mostTroubled {
			q.out.Missing = append(q.out.Missing, "deployments: more services are in trouble than were looked at")
			part.out.Services = part.out.Services[:mostTroubled]
		}
		err := part.deployments(ctx)
		q.out.Deployments = part.out.Deployments
		return err
	}
}

// quietly tells that a service's last deployment ended well, as far as the service itself tells.
func quietly(s live.Service) bool {
	failed := func(e live.Event) bool {
		return strings.Contains(e.Text, "deployment failed") || strings.Contains(e.Text, "rolling back")
	}
	return len(s.Revisions) == 1 && s.Revisions[0].Rollout == "COMPLETED" && s.Running >= s.Desired && !slices.ContainsFunc(s.Events, failed)
}

// programs reads what the services run.
func (q *inquiry) programs(ctx context.Context) error {
	var arns []string
	for _, s := range q.out.Services {
		for _, r := range s.Revisions {
			arns = append(arns, r.Definition)
		}
		arns = append(arns, s.Definition)
	}
	slices.Sort(arns)
	arns = slices.DeleteFunc(slices.Compact(arns), func(arn string) bool { return arn == "" })
	if len(arns) > mostDefinitions {
		q.out.Missing = append(q.out.Missing, "task definitions: there are too many to be read at once, so nobody knows what would fit elsewhere; berth services NAME tells it of one service")
		return nil
	}
	found, err := gather(ctx, q.c, arns, func(ctx context.Context, arn string) ([]live.Definition, error) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
		if cloud.Missing(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return []live.Definition{Definition(out.TaskDefinition, nil)}, nil
	})
	q.out.Definitions = found
	return err
}

// gather asks about every item, some at a time and no faster than half of what AWS allows, and joins the answers in the order of
// the items.
func gather[T, R any](ctx context.Context, c *cloud.Cloud, items []T, ask func(context.Context, T) ([]R, error)) ([]R, error) {
	answers, numbers := make([][]R, len(items)), make([]int, len(items))
	for n := range items {
		numbers[n] = n
	}
	errs := cloud.Paced(ctx, c, numbers, func(ctx context.Context, n int) (err error) {
		answers[n], err = ask(ctx, items[n])
		return err
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(answers...), nil
}

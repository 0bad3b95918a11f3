package observe

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type tenantAnswers struct {
	serviceARNs   []string
	taskARNs      []string
	servicesFound []types.Service
	tasksFound    []types.Task
}

// How many ECS describes at once (ECS API reference, DescribeServices and DescribeTasks).
const (
	servicesAtOnce = 10
	tasksAtOnce    = 100
)

// Rest adds to an inventory what only a destroy looks for: what runs in its cluster, whoever started it (services, and tasks
// without a service), and second keys.
func (o Observer) Rest(ctx context.Context, have model.Inventory) (model.Inventory, error) {
	l, rows := o.look(have), []row{secondKeyRow()}
	if have.Has(model.ClusterKey()) {
		rows = append(rows, row{rounds: []func(*look) []call{tenantListCalls, tenantCalls}, fold: foldTenants})
	}
	err := l.read(ctx, rows)
	return l.inv, err
}

func (l *look) clusterName() *string { return aws.String(l.scope.ClusterName()) }

func tenantListCalls(l *look) []call {
	services := &ecs.ListServicesInput{Cluster: l.clusterName(), MaxResults: aws.Int32(tasksAtOnce)}
	tasks := &ecs.ListTasksInput{Cluster: l.clusterName()}
	return []call{
		fetch.Pages(l, l.c.ECS.ListServices, services, func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) bool {
			l.serviceARNs = append(l.serviceARNs, out.ServiceArns...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
		fetch.Pages(l, l.c.ECS.ListTasks, tasks, func(in *ecs.ListTasksInput, out *ecs.ListTasksOutput) bool {
			l.taskARNs = append(l.taskARNs, out.TaskArns...)
			return fetch.More(out.NextToken, &in.NextToken)
		}),
	}
}

func tenantCalls(l *look) []call {
	return append(l.serviceCalls(l.serviceARNs), l.taskCalls(l.taskARNs)...)
}

func (l *look) serviceCalls(names []string) []call {
	var calls []call
	for some := range slices.Chunk(names, servicesAtOnce) {
		in := &ecs.DescribeServicesInput{Cluster: l.clusterName(), Services: some}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeServices, in, func(out *ecs.DescribeServicesOutput) {
			l.servicesFound = append(l.servicesFound, out.Services...)
		}))
	}
	return calls
}

func (l *look) taskCalls(ids []string) []call {
	var calls []call
	for some := range slices.Chunk(ids, tasksAtOnce) {
		in := &ecs.DescribeTasksInput{Cluster: l.clusterName(), Tasks: some}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeTasks, in, func(out *ecs.DescribeTasksOutput) {
			l.tasksFound = append(l.tasksFound, out.Tasks...)
		}))
	}
	return calls
}

// foldTenants leaves out the tasks of services: they go with their service.
func foldTenants(l *look) {
	var on []model.Key
	for c := range model.Every[model.Capacity](&l.inv.Set) {
		on = append(on, c.Key())
	}
	for _, s := range l.servicesFound {
		name := aws.ToString(s.ServiceName)
		if h := shape.ServiceHandle(s); aws.ToString(s.Status) != "INACTIVE" && !l.isDaemon(name) {
			l.inv.Add(model.Service{Name: name, Desired: int(s.DesiredCount), Running: int(s.RunningCount), On: on}, h)
		}
	}
	for _, t := range l.tasksFound {
		if aws.ToString(t.LastStatus) != "STOPPED" && !strings.HasPrefix(aws.ToString(t.Group), "service:") {
			l.inv.Add(model.Task{ID: shape.LastOf(t.TaskArn), Family: shape.FamilyOf(t), On: on}, shape.TaskHandle(t))
		}
	}
}

// isDaemon tells whether a service is one of ours, which no tenant is.
func (l *look) isDaemon(name string) bool {
	for d := range model.Every[model.DaemonService](&l.inv.Set) {
		if d.Name == name {
			return true
		}
	}
	return false
}

// glanceTenantCalls asks about the services and tasks that are leaving.
func glanceTenantCalls(l *look) []call {
	var services, tasks []string
	for _, s := range inState[model.Service](l, model.Leaving) {
		services = append(services, s.Name)
	}
	for _, t := range inState[model.Task](l, model.Leaving) {
		tasks = append(tasks, l.inv.Handle(t.Key()).ARN)
	}
	return append(l.serviceCalls(services), l.taskCalls(tasks)...)
}

// foldTenantGlance takes out what is gone: a service that AWS calls inactive and that has no task left, a task that is
// stopped, and either when AWS does not know it any more.
func foldTenantGlance(l *look) {
	for _, s := range inState[model.Service](l, model.Leaving) {
		lives := slices.ContainsFunc(l.servicesFound, func(f types.Service) bool {
			return aws.ToString(f.ServiceName) == s.Name && (aws.ToString(f.Status) != "INACTIVE" || f.RunningCount+f.PendingCount > 0)
		})
		if !lives {
			l.inv.Remove(s.Key())
		}
	}
	for _, t := range inState[model.Task](l, model.Leaving) {
		lives := slices.ContainsFunc(l.tasksFound, func(f types.Task) bool {
			return shape.LastOf(f.TaskArn) == t.ID && aws.ToString(f.LastStatus) != "STOPPED"
		})
		if !lives {
			l.inv.Remove(t.Key())
		}
	}
}

// Package tenant reads what runs in a cluster without being part of it, and what was made for that: services, tasks, and the
// target groups, listener rules, log groups and task definitions that carry the tag of a service.
//
// In: a cloud.Cloud, whose cluster it is, and the inventory of the cluster itself. Out: that inventory with the tenants in it.
// It writes nothing, and it takes for a tenant's only what carries the cluster's tags.
package tenant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// Look is one look at the tenants.
type Look struct {
	c      *cloud.Cloud
	scope  model.Scope
	prefix string // of the cluster's log groups
	have   model.Inventory

	sync.Mutex            // guards the answers while a round is under way
	serviceARNs, taskARNs []string
	services              []types.Service
	tasks                 []types.Task
	groups                []elbtypes.TargetGroup
	listeners             []elbtypes.Listener
	rules                 map[string][]elbtypes.Rule // by ARN of the listener
	tags                  map[string]model.Tags      // of target groups and rules, by ARN
	active, inactive      []string                   // task definition families
	owned                 []string                   // families with a revision of ours
	revisions             []string                   // ARNs
	definitions           map[string]definition      // by ARN
	logs                  []logtypes.LogGroup
	logTags               map[string]model.Tags // by ARN
}

// definition is a revision as AWS describes it: the tags come beside it.
type definition struct {
	types.TaskDefinition
	tags model.Tags
}

// New prepares a look. logPrefix is how the names of the cluster's log groups begin; have is what is known.
func New(c *cloud.Cloud, scope model.Scope, logPrefix string, have model.Inventory) *Look {
	return &Look{
		c: c, scope: scope, prefix: logPrefix, have: have.Clone(), rules: map[string][]elbtypes.Rule{}, tags: map[string]model.Tags{},
		definitions: map[string]definition{}, logTags: map[string]model.Tags{},
	}
}

// Cloud is the cloud that is looked at.
func (l *Look) Cloud() *cloud.Cloud { return l.c }

// All looks at everything. Task definitions are the account's, and AWS lists them without their tags: it asks about one
// revision of every family, and about every revision of those families that have one of ours.
func (l *Look) All(ctx context.Context) (model.Inventory, error) {
	for r := range slices.Values(slices.Collect(l.have.All())) {
		if r.Key().Kind.Tenant() {
			l.have.Remove(r.Key())
		}
	}
	l.have.Strays = slices.DeleteFunc(slices.Clone(l.have.Strays), func(s model.Stray) bool { return s.Key.Kind.Tenant() })
	rounds := []func() []fetch.Call{l.listCalls, l.describeCalls, l.detailCalls, l.revisionCalls, l.lastCalls}
	for _, calls := range rounds {
		if err := l.round(ctx, calls()); err != nil {
			return model.Inventory{}, err
		}
	}
	l.fold()
	return l.have, nil
}

func (l *Look) round(ctx context.Context, calls []fetch.Call) error {
	return errors.Join(cloud.Each(ctx, l.c, calls, func(ctx context.Context, f fetch.Call) error { return f(ctx) })...)
}

func (l *Look) listCalls() []fetch.Call {
	return slices.Concat(l.runningCalls(), l.familyCalls(), l.targetCalls(), l.logCalls())
}

func (l *Look) describeCalls() []fetch.Call {
	return slices.Concat(l.serviceCalls(l.serviceARNs), l.taskCalls(l.taskARNs), l.newestCalls(), l.targetTagCalls())
}

func (l *Look) detailCalls() []fetch.Call {
	return slices.Concat(l.revisionListCalls(), l.listenerCalls(), l.logTagCalls())
}

func (l *Look) revisionCalls() []fetch.Call { return append(l.definitionCalls(), l.ruleCalls()...) }

func (l *Look) lastCalls() []fetch.Call { return append(l.ruleTagCalls(), l.namedLogCalls()...) }

// How many ECS describes at once (ECS API reference, DescribeServices and DescribeTasks).
const (
	servicesAtOnce = 10
	tasksAtOnce    = 100
)

func (l *Look) clusterName() *string { return aws.String(l.scope.ClusterName()) }

func (l *Look) runningCalls() []fetch.Call {
	services := &ecs.ListServicesInput{Cluster: l.clusterName(), MaxResults: aws.Int32(tasksAtOnce)}
	tasks := &ecs.ListTasksInput{Cluster: l.clusterName()}
	return []fetch.Call{
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

func (l *Look) serviceCalls(names []string) []fetch.Call {
	var calls []fetch.Call
	for some := range slices.Chunk(names, servicesAtOnce) {
		in := &ecs.DescribeServicesInput{Cluster: l.clusterName(), Services: some}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeServices, in, func(out *ecs.DescribeServicesOutput) {
			l.services = append(l.services, out.Services...)
		}))
	}
	return calls
}

func (l *Look) taskCalls(ids []string) []fetch.Call {
	var calls []fetch.Call
	for some := range slices.Chunk(ids, tasksAtOnce) {
		in := &ecs.DescribeTasksInput{Cluster: l.clusterName(), Tasks: some}
		calls = append(calls, fetch.Maybe(l, l.c.ECS.DescribeTasks, in, func(out *ecs.DescribeTasksOutput) {
			l.tasks = append(l.tasks, out.Tasks...)
		}))
	}
	return calls
}

func (l *Look) fold() {
	var on []model.Key
	for c := range model.Every[model.Capacity](&l.have.Set) {
		on = append(on, c.Key())
	}
	l.foldTargets()
	l.foldFamilies()
	l.foldLogs()
	for r := range l.have.All() {
		if k := r.Key(); k.Kind == model.KindServiceTarget || k.Kind == model.KindServiceLogs || k.Kind == model.KindFamily {
			on = append(on, k)
		}
	}
	l.foldRunning(on)
}

// foldRunning leaves out the tasks of services: they go with their service.
func (l *Look) foldRunning(on []model.Key) {
	for _, s := range l.services {
		name := aws.ToString(s.ServiceName)
		if h := shape.ServiceHandle(s); aws.ToString(s.Status) != "INACTIVE" && !l.isDaemon(name) {
			l.have.Add(model.Service{Name: name, Desired: int(s.DesiredCount), Running: int(s.RunningCount), On: on}, h)
		}
	}
	for _, t := range l.tasks {
		if aws.ToString(t.LastStatus) != "STOPPED" && !strings.HasPrefix(aws.ToString(t.Group), "service:") {
			l.have.Add(model.Task{ID: shape.LastOf(t.TaskArn), Family: shape.FamilyOf(t), On: on}, shape.TaskHandle(t))
		}
	}
}

// isDaemon tells whether a service is one of ours, which no tenant is.
func (l *Look) isDaemon(name string) bool {
	for d := range model.Every[model.DaemonService](&l.have.Set) {
		if d.Name == name {
			return true
		}
	}
	return false
}

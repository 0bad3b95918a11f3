package rolling

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/observe/fetch"
	"berth/internal/observe/service"
)

// readTasks reads the tasks of the cluster, or of a large one those that are asked for, those of the nodes and services that are,
// those that are new, and those that the memory names.
func (r *Reader) readTasks(ctx context.Context) error {
	all := r.want.Full || r.few()
	listed, err := r.listTasks(ctx, r.lists(all))
	if err != nil {
		return err
	}
	var arns []string
	for _, arn := range listed {
		if _, known := r.seen.tasks[arn]; !known {
			arns = append(arns, arn)
		}
	}
	for arn, t := range r.seen.tasks { // unordered: sorted below
		service, _ := strings.CutPrefix(t.Group, "service:")
		if all || slices.Contains(r.want.Nodes, t.Instance) || slices.Contains(r.want.Services, service) {
			arns = append(arns, arn)
		}
	}
	named := r.named()
	for arn := range named { // unordered: sorted below
		if _, known := r.seen.tasks[arn]; !known {
			arns = append(arns, arn)
		}
	}
	arns = append(arns, r.want.Tasks...)
	slices.Sort(arns)
	arns = slices.DeleteFunc(slices.Compact(arns), func(arn string) bool { return arn == "" || r.seen.over[arn] })
	return r.describeTasks(ctx, arns, named)
}

// lists are the lists of tasks to be read: one of the whole cluster where that costs less than one for each node and service.
func (r *Reader) lists(all bool) []ecs.ListTasksInput {
	if all || !r.narrow && len(r.want.Nodes)+len(r.want.Services) > 1+len(r.seen.tasks)/each {
		return []ecs.ListTasksInput{{}}
	}
	var out []ecs.ListTasksInput
	for _, arn := range r.want.Nodes {
		if _, there := r.seen.instances[arn]; there {
			out = append(out, ecs.ListTasksInput{ContainerInstance: &arn})
		}
	}
	for _, name := range r.want.Services {
		out = append(out, ecs.ListTasksInput{ServiceName: &name})
	}
	return out
}

// named are the tasks that the memory names, by ARN.
func (r *Reader) named() map[string]bool {
	out := map[string]bool{}
	for _, o := range r.want.memory.Olds {
		for _, arn := range o.Tasks {
			out[arn] = true
		}
	}
	for _, n := range r.want.memory.News {
		for _, arn := range append(n.Tasks, n.Probe) {
			out[arn] = arn != ""
		}
	}
	delete(out, "")
	return out
}

// listTasks lists tasks that run, and tasks that are to stop or have stopped: one that is to stop is among the latter while it still
// runs (ECS API reference, ListTasks, desiredStatus).
func (r *Reader) listTasks(ctx context.Context, inputs []ecs.ListTasksInput) ([]string, error) {
	var both []ecs.ListTasksInput
	for _, in := range inputs {
		in.Cluster = aws.String(r.Scope.ClusterName())
		for _, state := range []types.DesiredStatus{types.DesiredStatusRunning, types.DesiredStatusStopped} {
			in.DesiredStatus = state
			both = append(both, in)
		}
	}
	var arns []string
	for len(both) > 0 { // a page of each list at a time
		pages, err := many(ctx, r, cloud.ResourceReads, both, func(ctx context.Context, in ecs.ListTasksInput) ([]page, error) {
			out, err := read(ctx, r, r.Cloud.ECS.ListTasks, &in)
			if err != nil {
				if cloud.Missing(err) { // the service or the instance is gone
					return nil, nil
				}
				return nil, err
			}
			more := fetch.More(out.NextToken, &in.NextToken)
			return []page{{out.TaskArns, in, more}}, nil
		})
		if err != nil {
			return nil, err
		}
		both = nil
		for _, p := range pages {
			if arns = append(arns, p.arns...); p.more {
				both = append(both, p.next)
			}
		}
	}
	return arns, nil
}

// page is a part of a list of tasks.
type page struct {
	arns []string
	next ecs.ListTasksInput // for the part after it
	more bool
}

// describeTasks reads tasks. Of those that have stopped only the named ones are kept.
func (r *Reader) describeTasks(ctx context.Context, arns []string, named map[string]bool) error {
	found, err := many(ctx, r, cloud.ResourceReads, slices.Collect(slices.Chunk(arns, each)), func(ctx context.Context, some []string) ([]live.Task, error) {
		out, err := read(ctx, r, r.Cloud.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String(r.Scope.ClusterName()), Tasks: some})
		if err != nil {
			return nil, err
		}
		var all []live.Task
		for _, t := range out.Tasks {
			all = append(all, service.Task(t))
		}
		return all, nil
	})
	if err != nil {
		return err
	}
	for _, arn := range arns {
		delete(r.seen.tasks, arn)
	}
	for _, t := range found {
		delete(r.seen.lost, t.ARN)
		if t.Last == "STOPPED" {
			r.seen.over[t.ARN] = true
		}
		if t.Last != "STOPPED" || named[t.ARN] {
			r.seen.tasks[t.ARN] = t
		}
	}
	r.forget(arns)
	return nil
}

// unknown is how long AWS may not yet know a task that it has just started.
const unknown = time.Minute

// forget asks no more for tasks that AWS has not known for a while: it forgets those that stopped more than an hour ago.
func (r *Reader) forget(asked []string) {
	now := r.Cloud.Clock.Now()
	for _, arn := range asked {
		if _, found := r.seen.tasks[arn]; found || r.seen.over[arn] {
			continue
		}
		if since, lost := r.seen.lost[arn]; !lost {
			r.seen.lost[arn] = now
		} else if now.Sub(since) > unknown {
			r.seen.over[arn] = true
			delete(r.seen.lost, arn)
		}
	}
}

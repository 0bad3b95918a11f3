package service

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/fetch"
)

// Find finds out what a name names: by its shape where that tells, else by asking. A service wins over a family of tasks of the same
// name, of which the task is taken that ended or began last. What nothing has is a *Unknown.
func Find(ctx context.Context, c *cloud.Cloud, scope model.Scope, name string) (live.Subject, error) {
	q := &inquiry{c: c, cluster: scope.ClusterName()}
	if s, ok := byShape(name); ok {
		return s, nil
	}
	if hexadecimal.MatchString(name) {
		return q.hexadecimal(ctx, name)
	}
	if err := q.services(ctx, []string{name}); err != nil {
		return live.Subject{}, err
	}
	if len(q.out.Services) > 0 {
		return live.Subject{Kind: "service", Name: name}, nil
	}
	return q.family(ctx, name)
}

// The shapes of names: ids of machines, and of tasks and container instances.
var (
	machine     = regexp.MustCompile(`^i-[0-9a-f]{8,17}$`)
	hexadecimal = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// byShape is what a name is by its shape.
func byShape(name string) (live.Subject, bool) {
	for _, one := range []struct{ mark, kind string }{
		{":service-deployment/", "deployment"}, {":service/", "service"}, {":task/", "task"}, {":container-instance/", "instance"},
	} {
		if strings.HasPrefix(name, "arn:") && strings.Contains(name, one.mark) {
			id := last(name)
			if one.kind == "deployment" {
				id = name
			}
			return live.Subject{Kind: one.kind, Name: id}, true
		}
	}
	switch {
	case machine.MatchString(name):
		return live.Subject{Kind: "instance", Name: name}, true
	case strings.Count(name, "/") == 1:
		return live.Subject{Kind: "deployment", Name: name}, true
	}
	return live.Subject{}, false
}

// hexadecimal tells an id of a task from one of a container instance.
func (q *inquiry) hexadecimal(ctx context.Context, id string) (live.Subject, error) {
	if err := q.describeTasks(ctx, []string{id}); err != nil {
		return live.Subject{}, err
	}
	if len(q.out.Tasks) > 0 {
		return live.Subject{Kind: "task", Name: id}, nil
	}
	if err := q.describeInstances(ctx, []string{id}); err != nil {
		return live.Subject{}, err
	}
	if len(q.out.Instances) > 0 {
		return live.Subject{Kind: "instance", Name: id}, nil
	}
	return live.Subject{}, q.unknown(ctx, id, "")
}

// family is the newest task of a family that runs once.
func (q *inquiry) family(ctx context.Context, name string) (live.Subject, error) {
	var arns []string
	for _, state := range []types.DesiredStatus{types.DesiredStatusStopped, types.DesiredStatusRunning} {
		some, err := q.listTasks(ctx, &ecs.ListTasksInput{Family: &name, DesiredStatus: state})
		if err != nil {
			return live.Subject{}, err
		}
		arns = append(arns, some...)
	}
	if err := q.describeTasks(ctx, arns); err != nil {
		return live.Subject{}, err
	}
	if len(q.out.Tasks) == 0 {
		return live.Subject{}, q.unknown(ctx, name, "")
	}
	newest := slices.MaxFunc(q.out.Tasks, func(a, b live.Task) int { return a.Created.Compare(b.Created) })
	return live.Subject{Kind: "task", Name: newest.ID}, nil
}

// unknown is the error about a name that nothing has, with the services whose names are like it.
func (q *inquiry) unknown(ctx context.Context, name, kind string) error {
	u := &Unknown{Name: name, Cluster: q.cluster, Kind: kind}
	in := &ecs.ListServicesInput{Cluster: &q.cluster}
	err := pages(ctx, q, q.c.ECS.ListServices, in, func(out *ecs.ListServicesOutput) bool {
		for _, arn := range out.ServiceArns {
			u.Near = append(u.Near, last(arn))
		}
		return fetch.More(out.NextToken, &in.NextToken)
	})
	if err != nil {
		return err
	}
	slices.Sort(u.Near)
	return u
}

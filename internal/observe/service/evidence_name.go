package service

import (
	"context"
	"regexp"
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

// Find finds out what a name names: by its shape where that tells, else by asking. A service wins over a family of tasks of the same
// name, of which the task is taken that ended or began last. An id of ECS's events (ecs-svc/…) names the service that runs it. What
// nothing has is a *Unknown.
func Find(ctx context.Context, c *cloud.Cloud, scope model.Scope, name string) (live.Subject, error) {
	q := &inquiry{c: c, cluster: scope.ClusterName()}
	if s, ok := byShape(name); ok {
		return s, nil
	}
	if hexadecimal.MatchString(name) {
		return q.hexadecimal(ctx, name)
	}
	if strings.HasPrefix(name, running) {
		return q.runner(ctx, name)
	}
	if err := q.services(ctx, []string{name}); err != nil {
		return live.Subject{}, err
	}
	if len(q.out.Services) > 0 {
		return live.Subject{Kind: "service", Name: name}, nil
	}
	return q.family(ctx, name)
}

// The shapes of names: ids of machines, of tasks and container instances, and of service deployments.
var (
	machine     = regexp.MustCompile(`^i-[0-9a-f]{8,17}$`)
	hexadecimal = regexp.MustCompile(`^[0-9a-f]{32}$`)
	brief       = regexp.MustCompile(`^[0-9A-Za-z_-]{20,24}$`)
)

// running begins the ids that ECS's events and DescribeServices have for the revisions that a service runs.
const running = "ecs-svc/"

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
	case strings.Count(name, "/") == 1 && !strings.HasPrefix(name, running):
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

// family is the newest task of a family that runs once, or what else has such a name.
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
		return q.deploymentID(ctx, name)
	}
	newest := slices.MaxFunc(q.out.Tasks, func(a, b live.Task) int { return a.Created.Compare(b.Created) })
	return live.Subject{Kind: "task", Name: newest.ID}, nil
}

// deploymentID is the service deployment with an id. It does not tell whose it is, so that every service is asked for its newest
// ones.
func (q *inquiry) deploymentID(ctx context.Context, id string) (live.Subject, error) {
	if !brief.MatchString(id) {
		return live.Subject{}, q.unknown(ctx, id, "")
	}
	names, err := q.named(ctx)
	if err != nil {
		return live.Subject{}, err
	}
	for _, name := range names {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.ListServiceDeployments, &ecs.ListServiceDeploymentsInput{
			Cluster: &q.cluster, Service: &name, MaxResults: aws.Int32(deploymentsEach),
		})
		if err != nil {
			return live.Subject{}, err
		}
		for _, d := range out.ServiceDeployments {
			if arn := aws.ToString(d.ServiceDeploymentArn); last(arn) == id {
				return live.Subject{Kind: "deployment", Name: arn}, nil
			}
		}
	}
	return live.Subject{}, q.unknown(ctx, id, "")
}

// runner is the service that runs a revision under an id of ECS's events.
func (q *inquiry) runner(ctx context.Context, id string) (live.Subject, error) {
	names, err := q.named(ctx)
	if err != nil {
		return live.Subject{}, err
	}
	if err := q.services(ctx, names); err != nil {
		return live.Subject{}, err
	}
	for _, s := range q.out.Services {
		if slices.ContainsFunc(s.Revisions, func(r live.RevisionRunning) bool { return r.ID == id }) {
			return live.Subject{Kind: "service", Name: s.Name}, nil
		}
	}
	return live.Subject{}, q.unknown(ctx, id, "")
}

// named are the names of all services, sorted.
func (q *inquiry) named(ctx context.Context) ([]string, error) {
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

// unknown is the error about a name that nothing has, with the services whose names are like it.
func (q *inquiry) unknown(ctx context.Context, name, kind string) error {
	names, err := q.named(ctx)
	if err != nil {
		return err
	}
	return &Unknown{Name: name, Cluster: q.cluster, Kind: kind, Near: names}
}

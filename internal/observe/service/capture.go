package service

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/live"
	"berth/internal/model"
)

// Why reads what tells why a subject is as it is: what belongs to it, and where tasks find no instance the whole cluster. What may
// not be read is noted in the capture. A subject that is not there is a *Unknown.
func Why(ctx context.Context, c *cloud.Cloud, scope model.Scope, subject live.Subject) (live.Capture, error) {
	q := &inquiry{c: c, cluster: scope.ClusterName(), out: live.Capture{
		Version: live.Version, At: c.Clock.Now(), Account: scope.Account, Region: c.Region, Cluster: scope.ClusterName(), Subject: subject,
	}}
	var err error
	switch subject.Kind {
	case "service":
		err = q.service(ctx, subject.Name)
	case "deployment":
		err = q.deployment(ctx, subject.Name)
	case "task":
		err = q.task(ctx, subject.Name)
	case "instance":
		err = q.instance(ctx, subject.Name)
	default:
		err = fmt.Errorf("there is no kind of subject %q", subject.Kind)
	}
	q.out.At = c.Clock.Now()
	return q.out, err
}

// Unknown is a name that nothing in the cluster has.
type Unknown struct {
	Name    string
	Cluster string
	Kind    string   // what it would be, by its shape; empty: anything
	Near    []string // names that are like it, the nearest first
}

func (u *Unknown) Error() string {
	return fmt.Sprintf("there is no %s %s in the cluster %s", orElse(u.Kind, "service, task, instance or deployment"), u.Name, u.Cluster)
}

// inquiry is one question under way.
type inquiry struct {
	c       *cloud.Cloud
	cluster string
	out     live.Capture

	strategy []types.CapacityProviderStrategyItem // the cluster's own
}

// service reads a service with all that belongs to it.
func (q *inquiry) service(ctx context.Context, name string) error {
	if err := q.services(ctx, []string{name}); err != nil {
		return err
	}
	if len(q.out.Services) == 0 {
		return q.unknown(ctx, name, "service")
	}
	return run(ctx, q.deployments, q.tasks, q.definitions, q.balancers, q.hosts, q.groups, q.protections, q.references, q.holders)
}

// deployment reads the service of a deployment, by its ARN or by the service's name and the deployment's id.
func (q *inquiry) deployment(ctx context.Context, name string) error {
	parts := strings.Split(name, "/")
	if len(parts) < 2 {
		return q.unknown(ctx, name, "deployment")
	}
	if err := q.service(ctx, parts[len(parts)-2]); err != nil {
		return err
	}
	if !slices.ContainsFunc(q.out.Deployments, func(d live.Deployment) bool { return last(d.ARN) == last(name) }) {
		return q.unknown(ctx, name, "deployment")
	}
	return nil
}

// task reads a task with its service and its instance.
func (q *inquiry) task(ctx context.Context, id string) error {
	if err := q.describeTasks(ctx, []string{id}); err != nil {
		return err
	}
	if len(q.out.Tasks) == 0 {
		return q.unknown(ctx, id, "task")
	}
	if err := q.services(ctx, q.owners()); err != nil {
		return err
	}
	return run(ctx, q.deployments, q.definitions, q.balancers, q.hosts, q.groups, q.protections, q.references, q.holders)
}

// instance reads an instance with what runs on it, and its group.
func (q *inquiry) instance(ctx context.Context, id string) error {
	if err := q.machine(ctx, id); err != nil {
		return err
	}
	return run(ctx, q.tasksOn, func(ctx context.Context) error { return q.services(ctx, q.owners()) }, q.definitions, q.groups, q.protections)
}

// run takes steps until one fails.
func run(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// owners are the services that the tasks belong to, sorted.
func (q *inquiry) owners() []string {
	var out []string
	for _, t := range q.out.Tasks {
		if name, ok := strings.CutPrefix(t.Group, "service:"); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// missing notes what could not be read for want of a permission; other errors stay errors.
func (q *inquiry) missing(what string, err error) error {
	if cloud.Denied(err) {
		q.out.Missing = append(q.out.Missing, what+": "+cloud.Message(err))
		return nil
	}
	return err
}

// pages makes a call again and again as long as its answer names a further page.
func pages[I, O, P any](ctx context.Context, q *inquiry, f func(context.Context, *I, ...func(*P)) (*O, error), in *I, turn func(*O) (more bool)) error {
	for {
		out, err := cloud.Read(ctx, q.c, f, in)
		if err != nil {
			return err
		}
		if !turn(out) {
			return nil
		}
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

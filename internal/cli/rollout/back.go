package rollout

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/deploy"
	"berth/internal/observe/service"
)

// Rollback is berth rollback.
func (t Tool) Rollback() *cobra.Command {
	order := deploy.Order{Goal: deploy.Back}
	c := &cobra.Command{
		Use:   "rollback SERVICE",
		Short: "Take a service back to what it ran before",
		Long: `Take a service back. A deployment under way is stopped, and AWS goes back to what ran before it; else the last revision
before the current one that was deployed successfully is deployed again. Exit 0 means that every task of it is healthy. The
folder stays as it is: deploying it again brings the newer revision back.

A deployment that is stopped takes its load balancers and network settings back with it. Where an earlier revision is deployed
again, only the task definition goes back: load balancers, network and the other settings of the service stay as they are now.`,
		Example: `  berth rollback web --sim
  berth rollback web -f prod.tfvars --yes`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return problem.Usage("berth rollback takes one argument, the service's name", "for example: berth rollback web")
			}
			order.Service = args[0]
			return t.With(c.Context(), func(open Cluster) error { return t.back(c.Context(), open, order) })
		},
	}
	c.Flags().DurationVar(&order.Policy.Timeout, "timeout", usualTimeout, "give up waiting after `TIME`; the rollback goes on")
	c.Flags().BoolVar(&order.Policy.NoWait, "no-wait", false, "do not wait for the end; exit 0 means that it has begun")
	return c
}

// back takes a service back, or cancels its deployment.
func (t Tool) back(ctx context.Context, c Cluster, order deploy.Order) error {
	j, err := t.start(ctx, c, func(ctx context.Context, j job) (deploy.Order, error) {
		order.Cluster = j.run.Scope.ClusterName()
		of, err := service.Whose(ctx, c.Cloud, j.run.Scope)
		if err != nil {
			return order, err
		}
		return order, problem.Standing(of, j.run.Scope, t.Flags())
	})
	if err != nil {
		return err
	}
	s, err := j.run.Look(ctx)
	if err != nil {
		return err
	}
	d := deploy.Decide(s)
	if len(d.Actions) == 0 && d.Outcome != deploy.Running {
		return j.finish(s, d, 0)
	}
	for _, why := range d.Why {
		j.Say("%s: %s\n", order.Service, why)
	}
	if len(d.Actions) > 0 {
		if err := j.Confirm(ctx, j.Place().Command); err != nil {
			return err
		}
	}
	return j.carryOut(ctx)
}

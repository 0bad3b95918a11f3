package rollout

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/folder"
	"berth/internal/cli/problem"
	"berth/internal/deploy"
	shown "berth/internal/render/rollout"
)

// deployFlags are the flags of deploy.
type deployFlags struct {
	files  folder.Files
	policy deploy.Policy
	dryRun bool
	cancel bool
	verify bool
}

// usualTimeout is how long a deployment is waited for unless the command line says otherwise.
const usualTimeout = 15 * time.Minute

// Deploy is berth deploy.
func (t Tool) Deploy() *cobra.Command {
	var f deployFlags
	c := &cobra.Command{
		Use:   "deploy DIR",
		Short: "Deploy a service, and tell the truth about it",
		Long: `Deploy the service of a folder: taskdef.json and service.json in the shapes that aws ecs register-task-definition and
create-service take with --cli-input-json. What would change is shown first, and asked about where something that runs is
changed; then berth follows the deployment to its end. It is done (exit 0) only when AWS calls the deployment successful and every task is healthy in each of its
load balancers; 6: it failed and was rolled back; 7: it failed and was not; 8: not done in time, it goes on; 1: another
deployment took its place. A folder without service.json is a task that runs once: berth waits for its end.

It can be interrupted and run again at any time: a deployment under way towards what the folder says is followed.`,
		Example: `  berth deploy web --sim
  berth deploy web -f prod.tfvars --set TAG=v42 --yes
  berth deploy web --verify --sim
  berth deploy --task-definition taskdef.json --service service.json --dry-run`,
		RunE: func(c *cobra.Command, args []string) error { return t.deploy(c.Context(), f, args) },
	}
	fl := c.Flags()
	fl.StringVar(&f.files.Definition, "task-definition", "", "the task definition's `FILE`, instead of DIR")
	fl.StringVar(&f.files.Service, "service", "", "the service's `FILE`, with --task-definition; with --cancel its name")
	fl.StringArrayVar(&f.files.Set, "set", nil, "a variable of the files, `NAME=VALUE`; wins over the environment (may be repeated)")
	fl.BoolVar(&f.dryRun, "dry-run", false, "show what would change, where the tasks would land and what a lost zone would leave; change nothing")
	fl.BoolVar(&f.verify, "verify", false, "look whether it can come to a good end, images included, and change nothing")
	fl.BoolVar(&f.policy.Force, "force", false, "deploy also when nothing differs")
	fl.BoolVar(&f.policy.NoWait, "no-wait", false, "do not wait for the end; exit 0 means that it has begun")
	fl.DurationVar(&f.policy.Timeout, "timeout", usualTimeout, "give up waiting after `TIME`; the deployment goes on")
	fl.BoolVar(&f.policy.RollbackOnInterrupt, "rollback-on-interrupt", false, "on Ctrl-C roll back, and wait for that")
	fl.BoolVar(&f.cancel, "cancel", false, "stop the deployment under way of DIR, or of the service of that name, and go back")
	return c
}

func (t Tool) deploy(ctx context.Context, f deployFlags, args []string) error {
	if err := f.check(args); err != nil {
		return err
	}
	f.files.Environ, f.files.Flags = t.Getenv, t.Flags()
	if f.cancel && f.files.Service == "" {
		name, err := folder.Service(f.files)
		if err != nil {
			return err
		}
		f.files.Service = name
	}
	return t.With(ctx, func(c Cluster) error {
		if f.cancel {
			return t.back(ctx, c, deploy.Order{Goal: deploy.Cancel, Service: f.files.Service, Policy: f.policy})
		}
		var order folder.Order
		j, err := t.start(ctx, c, func(ctx context.Context, j job) (o deploy.Order, err error) {
			order, err = folder.Read(ctx, c.Cloud, c.Config, j.run.Scope, f.files)
			order.Policy = f.policy
			return order.Order, err
		})
		if err != nil {
			return err
		}
		if f.verify {
			return j.verify(ctx, order)
		}
		if text := order.Warnings.String(); text != "" {
			t.Say("%s", text)
		}
		return j.forward(ctx, f, order)
	})
}

// check takes the arguments apart.
func (f *deployFlags) check(args []string) error {
	for _, a := range args {
		if f.files.Dir != "" {
			return problem.Usage("berth deploy takes one folder, not "+problem.Shell(args...), "berth deploy --help")
		}
		f.files.Dir = a
	}
	switch {
	case f.verify && (f.cancel || f.dryRun):
		return problem.Usage("--verify goes with neither --cancel nor --dry-run", "berth deploy --help")
	case f.cancel:
		if err := f.checkCancel(); err != nil {
			return err
		}
	case f.files.Dir == "" && f.files.Definition == "":
		return problem.Usage("berth deploy takes a folder with taskdef.json and service.json", "for example: berth deploy web")
	case f.files.Dir != "" && f.files.Definition+f.files.Service != "":
		return problem.Usage("a folder and --task-definition or --service exclude each other", "berth deploy --help")
	}
	if f.policy.Timeout <= 0 {
		return problem.Usage("--timeout is a time greater than 0, such as 20m", "berth deploy --help")
	}
	return nil
}

// checkCancel is check for what --cancel needs, and what it does not go with.
func (f *deployFlags) checkCancel() error {
	if f.dryRun || f.policy.Force || f.policy.RollbackOnInterrupt {
		return problem.Usage("--cancel goes with none of --dry-run, --force and --rollback-on-interrupt", "berth deploy --help")
	}
	if f.files.Dir == "" && f.files.Service == "" {
		return problem.Usage("--cancel wants the folder, or the service's name", "berth deploy --cancel web")
	}
	return nil
}

// forward shows what would change, asks, and does it.
func (j job) forward(ctx context.Context, f deployFlags, order folder.Order) error {
	s, err := j.run.Look(ctx)
	if err != nil {
		return err
	}
	changes := deploy.Compare(s)
	d := shown.Diff{Snapshot: s, Changes: changes, Added: order.Added}
	if f.dryRun {
		if now := deploy.Decide(s); now.Outcome == deploy.Refused {
			return j.finish(s, now, 0)
		}
		return j.rehearse(ctx, d, order.Warnings)
	}
	if !j.JSON() {
		if err := j.Print(d.Text(j.Style(true), j.Verbose())); err != nil {
			return err
		}
	}
	if err := j.foresee(ctx, s); err != nil {
		return err
	}
	if now := deploy.Decide(s); now.Outcome == deploy.Refused || now.Outcome == deploy.Unchanged {
		return j.finish(s, now, 0)
	}
	if changes.Touches() {
		if err := j.Confirm(ctx, j.Place().Command); err != nil {
			return err
		}
	}
	return j.carryOut(ctx)
}

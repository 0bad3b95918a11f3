package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) applyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "apply [PLAN]",
		Short: "Make the cluster what the file says",
		Long: `Show the plan, ask, and carry it out. It can be interrupted and run again at any time: there is no state file, every
run starts from what AWS shows. With a PLAN kept by "berth plan --out", exactly that plan is carried out or none; it has
been looked at, so nothing is asked but about outages.`,
		Example: `  berth apply --sim
  berth apply -f prod.tfvars --yes
  berth apply -f prod.tfvars prod.plan`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return none(c, args[1:])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(s *session) error { return a.apply(c.Context(), s, args) })
		},
	}
}

func (a *app) apply(ctx context.Context, s *session, args []string) error {
	if err := s.readSecrets(); err != nil {
		return err
	}
	j := job{session: s, verb: "apply", look: s.Survey}
	var kept planFile
	if len(args) == 1 {
		var err error
		if kept, err = a.readPlan(args[0]); err != nil {
			return err
		}
		j.kept = args[0]
	}
	v, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	if j.kept != "" {
		if err := kept.fits(v, a.place()); err != nil {
			return err
		}
	}
	return j.carryOut(ctx, v)
}

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/drive"
	"berth/internal/render"
)

type planFlags struct {
	out      string
	summary  bool
	detailed bool
}

func (a *app) planCommand() *cobra.Command {
	var f planFlags
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what would change, why, and what it does to traffic",
		Long: `Show what apply would change, why, its impact (none, rolling, brief, outage), and how long it usually takes.
Nothing is changed. With --out the plan is kept, and apply carries out that plan or nothing.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return a.plan(c.Context(), s, f) })
		},
	}
	c.Flags().StringVar(&f.out, "out", "", "keep the plan in `FILE` for apply")
	c.Flags().BoolVar(&f.summary, "summary", false, "one line for each group")
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit 2 when something would change")
	return c
}

func (a *app) plan(ctx context.Context, s *session, f planFlags) error {
	seen, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	if err := a.showPlan(seen, f.summary); err != nil {
		return err
	}
	if f.out != "" {
		if err := savePlan(f.out, seen); err != nil {
			return err
		}
		a.say("kept in %s; carry it out with: berth apply%s %s\n", f.out, a.suffix(), problem.Shell(f.out))
	}
	if err := s.Quotas(ctx, seen.Plan); err != nil {
		return err
	}
	if f.detailed && !seen.Plan.Empty() {
		return problem.Quiet(problem.Changes)
	}
	return nil
}

// showPlan writes the plan to stdout and the findings beside it.
func (a *app) showPlan(s drive.Survey, summary bool) error {
	v := view(s)
	switch {
	case a.json():
		return a.printJSON(render.PlanJSON(v))
	case summary:
		a.say("%s", render.Findings(v.Findings, a.style(false)))
		return a.print(render.PlanSummary(v, a.style(true)))
	}
	a.say("%s", render.Findings(v.Findings, a.style(false)))
	return a.print(render.Plan(v, a.style(true), a.flags.verbose))
}

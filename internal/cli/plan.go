package cli

import (
	"context"

	"github.com/spf13/cobra"

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
		RunE: only(func(c *cobra.Command) error { return a.plan(c.Context(), f) }),
	}
	c.Flags().StringVar(&f.out, "out", "", "keep the plan in `FILE` for apply")
	c.Flags().BoolVar(&f.summary, "summary", false, "one line for each group")
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit 2 when something would change")
	return c
}

func (a *app) plan(ctx context.Context, f planFlags) (err error) {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = s.close(err) }()
	seen, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	v := view(seen)
	if err := a.showPlan(v, f.summary); err != nil {
		return err
	}
	if f.out != "" {
		if err := savePlan(f.out, seen); err != nil {
			return err
		}
		a.say("kept in %s; carry it out with: berth apply %s\n", f.out, f.out)
	}
	if err := s.Quotas(ctx, seen.Plan); err != nil {
		return err
	}
	if a.flags.verbose {
		a.say("%d calls to AWS\n", s.calls)
	}
	if f.detailed && !v.Plan.Empty() {
		return exit(exitChanges)
	}
	return nil
}

// showPlan writes the plan to stdout and the findings beside it.
func (a *app) showPlan(v render.View, summary bool) error {
	if a.json() {
		b, err := render.PlanJSON(v)
		if err != nil {
			return err
		}
		return a.print(string(b) + "\n")
	}
	text := render.Plan(v, a.style(true), a.flags.verbose)
	if summary {
		text = render.PlanSummary(v, a.style(true))
	}
	a.say("%s", render.Findings(v.Findings, a.style(false)))
	return a.print(text)
}

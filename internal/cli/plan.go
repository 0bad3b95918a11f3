package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/cli/problem"
	"berth/internal/drive"
	"berth/internal/render"
	"berth/internal/render/finding"
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
		Example: `  berth plan --sim
  berth plan -f prod.tfvars --out prod.plan
  berth plan --sim --detailed-exitcode --output json`,
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
	if err := s.readSecrets(); err != nil {
		return err
	}
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
		a.showFindings(v.Findings)
		return a.print(render.PlanSummary(v, a.style(true)))
	}
	a.showFindings(v.Findings)
	return a.print(render.Plan(v, a.style(true), a.flags.verbose))
}

// showFindings writes what was found, beside the data.
func (a *app) showFindings(all []check.Finding) {
	if len(all) > 0 {
		a.say("%s\n", finding.Text(a.short(all), a.style(false)))
	}
}

// short leaves what is only worth knowing to one sentence each, and notes to one for all, unless more is to be said:
// what acts on a cluster stands out.
func (a *app) short(all []check.Finding) []check.Finding {
	if a.flags.verbose {
		return all
	}
	out := slices.Clone(check.Fold(all))
	for i := range out {
		if out[i].Severity == check.Info {
			out[i].Fix, out[i].Snippet = "", ""
		}
	}
	return out
}

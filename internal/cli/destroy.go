package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/plan"
)

func (a *app) destroyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "destroy",
		Short: "Delete the cluster and everything that berth made for it",
		Long: `Delete the cluster, every service and task in it, and everything that berth made for it. It asks for the name of the
environment; --yes answers. Nothing else is touched; something foreign that is in the way is named before anything is deleted.`,
		Example: "  berth destroy --sim --yes",
		Args:    none,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return a.destroy(c.Context(), s) })
		},
	}
}

func (a *app) destroy(ctx context.Context, s *session) error {
	if s.Config.Protect {
		text := "the cluster is protected: protect = true"
		if at := s.Config.Where("protect"); at.File != "" {
			text += " in " + at.String()
		}
		return &problem.Problem{Code: "IMP002", Text: text, Exit: problem.Refused, Hints: []string{"set protect = false first"}}
	}
	v, err := s.Farewell(ctx)
	if err != nil {
		return err
	}
	if err := foreign(v); err != nil {
		return err
	}
	j := job{session: s, verb: "destroy", look: s.Farewell}
	return j.carryOut(ctx, v)
}

// confirmDestroy asks for the environment's name; --yes answers it.
func (j job) confirmDestroy(ctx context.Context) error {
	switch {
	case j.flags.yes:
		return nil
	case !j.interactive():
		return nobody("berth destroy" + j.suffix() + " --yes")
	}
	return j.expect(ctx, j.Config.Environment, "Type the environment's name ("+j.Config.Environment+") to destroy it: ")
}

// foreign refuses when something that is not berth's would keep something of berth's from going: what lies in the cluster's
// own VPC, or in a VPC of others what uses the cluster's security groups.
func foreign(v drive.Survey) error {
	var found []string
	for _, stray := range v.Have.Strays {
		if stray.Key.IsZero() {
			found = append(found, stray.What)
		}
	}
	if len(found) == 0 || v.Plan.Empty() {
		return nil
	}
	text := "berth did not make this, and AWS keeps the cluster's security groups as long as it is there: "
	if _, ok := v.Plan.Find(plan.Step{Verb: plan.Delete, Key: model.VPCKey()}); ok {
		text = "in the cluster's VPC lies what berth did not make: "
	}
	return &problem.Problem{
		Code: "OWN002", Text: text + strings.Join(found, ", "), Exit: problem.Failed,
		Hints: []string{"nothing was deleted; delete it or move it away, and run destroy again"},
	}
}

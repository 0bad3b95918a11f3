package cli

import (
	"context"

	"github.com/spf13/cobra"

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
		RunE: only(func(c *cobra.Command) error { return a.destroy(c.Context()) }),
	}
}

func (a *app) destroy(ctx context.Context) (err error) {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = s.close(err) }()
	if s.Config.Protect {
		return &problem{
			code: "IMP002", text: "the file says protect = true", exit: exitRefused, hints: []string{"set protect = false in the file first"},
		}
	}
	v, err := s.Farewell(ctx)
	if err != nil {
		return err
	}
	if err := foreign(v); err != nil {
		return err
	}
	j := job{app: a, session: s, verb: "destroy", look: s.Farewell}
	return j.carryOut(ctx, v)
}

// confirmDestroy asks for the environment's name; --yes answers it.
func (j job) confirmDestroy(drive.Survey) error {
	switch {
	case j.flags.yes:
		return nil
	case !j.interactive():
		return &problem{code: "USE002", text: "nobody can be asked here", hints: []string{"berth destroy" + j.suffix() + " --yes"}, exit: exitUsage}
	}
	return j.expect(j.Config.Environment, "Type the environment's name ("+j.Config.Environment+") to destroy it: ")
}

// foreign refuses when something that is not berth's lies in the VPC and would block its deletion.
func foreign(v drive.Survey) error {
	if _, ok := v.Plan.Find(plan.Step{Verb: plan.Delete, Key: model.VPCKey()}); !ok {
		return nil
	}
	text := ""
	for _, stray := range v.Have.Strays {
		if !stray.Key.IsZero() {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += stray.What
	}
	if text == "" {
		return nil
	}
	return &problem{
		code: "OWN002", text: "in the cluster's VPC lies what berth did not make: " + text, exit: exitFailed,
		hints: []string{"delete it or move it away first; nothing was deleted yet"},
	}
}

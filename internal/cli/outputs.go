package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/render"
)

func (a *app) outputsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "outputs",
		Short: "Print ids, ARNs and names for scripts",
		RunE:  only(func(c *cobra.Command) error { return a.outputs(c.Context()) }),
	}
}

func (a *app) outputs(ctx context.Context) (err error) {
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
	out := render.Outputs(v)
	if !a.json() {
		return a.print(render.OutputsText(out))
	}
	b, err := render.OutputsJSON(out)
	if err != nil {
		return err
	}
	return a.print(string(b) + "\n")
}

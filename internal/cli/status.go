package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/observe"
	"berth/internal/render"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show the cluster on one screen",
		Long:  "Show zones, capacity, instances, load balancers, age of the images, and what differs from the file.",
		RunE:  only(func(c *cobra.Command) error { return a.status(c.Context()) }),
	}
}

func (a *app) status(ctx context.Context) (err error) {
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
	if v.Agents, v.AMIs, err = observe.Agents(ctx, s.Cloud, v.Scope, v.Have); err != nil {
		return err
	}
	if a.json() {
		b, err := render.StatusJSON(v)
		if err != nil {
			return err
		}
		return a.print(string(b) + "\n")
	}
	return a.print(render.Status(v, a.style(true)))
}

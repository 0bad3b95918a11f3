package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/roster"
	"berth/internal/cli/watching"
	"berth/internal/render"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "Show the cluster on one screen",
		Long:    "Show zones, capacity, instances, load balancers, services, age of the images, and open incidents, and what differs from the file.",
		Example: "  berth status --sim --output json",
		Args:    none,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error { return a.status(c.Context(), s) })
		},
	}
}

func (a *app) status(ctx context.Context, s *session) error {
	seen, err := s.Survey(ctx)
	if err != nil {
		return err
	}
	v, err := s.closeView(ctx, seen)
	if err != nil {
		return err
	}
	if v.Services, err = roster.Glance(ctx, s.Cluster, seen); err != nil {
		return err
	}
	if v.Incidents, err = watching.Recall(ctx, s.Cloud, seen, a.suffix(), a.say); err != nil {
		return err
	}
	for _, alert := range s.Config.Alerts {
		if alert.Watched() {
			v.Watched = append(v.Watched, alert)
		}
	}
	v.Findings, v.Flags = roster.Judged(v.Findings, v.Services), a.suffix()
	if a.json() {
		return a.printJSON(render.StatusJSON(v))
	}
	v.Findings = a.short(v.Findings)
	return a.print(render.Status(v, a.style(true)))
}

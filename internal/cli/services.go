package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/roster"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/render/ink"
)

func (a *app) servicesCommand() *cobra.Command {
	return roster.Tool{
		With: func(ctx context.Context, f func(*cloud.Cloud, *config.Config) error) error {
			return a.with(ctx, func(s *session) error { return f(s.Cloud, s.Config) })
		},
		Show: func(data func() ([]byte, error), text func(ink.Style) string) error {
			if a.json() {
				return a.printJSON(data())
			}
			return a.print(text(a.style(true)))
		},
		Say: a.say, Flags: a.suffix, Absent: a.whyNot, Args: optional,
	}.Command()
}

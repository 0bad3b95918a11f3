package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/roster"
	"berth/internal/cloud"
	"berth/internal/config"
)

func (a *app) servicesCommand() *cobra.Command {
	return roster.Tool{
		With: func(ctx context.Context, f func(*cloud.Cloud, *config.Config) error) error {
			return a.with(ctx, func(s *session) error { return f(s.Cloud, s.Config) })
		},
		Show: a.show, Say: a.say, Flags: a.suffix, Absent: a.whyNot, Args: optional,
	}.Command()
}

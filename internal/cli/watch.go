package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"berth/internal/cli/watching"
)

func (a *app) watchCommand() *cobra.Command {
	return watching.Tool{
		With: func(ctx context.Context, f func(watching.Cluster) error) error {
			return a.with(ctx, func(s *session) error {
				return f(watching.Cluster{Cloud: s.Cloud, Config: s.Config, Who: s.holder(s.verb), Secrets: s.alertSecrets})
			})
		},
		Print: a.print, Say: a.say, JSON: a.json, Flags: a.suffix, Args: none, Sim: func() bool { return a.flags.sim != "" },
		Folder: func() string { return filepath.Dir(a.simDir()) },
	}.Command()
}

package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"berth/internal/cli/alerting"
	"berth/internal/cli/watching"
)

func (a *app) watchCommand() *cobra.Command { return a.watcher().Command() }

func (a *app) watcher() watching.Tool {
	return watching.Tool{
		With: func(ctx context.Context, f func(watching.Cluster) error) error {
			return a.with(ctx, func(s *session) error {
				return f(watching.Cluster{Cloud: s.Cloud, Config: s.Config, Who: s.holder(s.verb), Secrets: s.alertSecrets})
			})
		},
		Print: a.print, Say: a.say, JSON: a.json, Flags: a.suffix, Args: none, Sim: func() bool { return a.flags.sim != "" },
		Folder: func() string { return filepath.Dir(a.simDir()) },
	}
}

func (a *app) alertsCommand() *cobra.Command {
	return alerting.Tool{Tool: a.watcher(), Load: a.load, Show: a.show, Stdin: a.Stdin, Verbs: verbOf, One: one("the file with events", "events.json"), Draw: newRun}.Command()
}

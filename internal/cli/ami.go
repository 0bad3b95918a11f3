package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/pinning"
	"berth/internal/plan"
)

func (a *app) amiCommand() *cobra.Command {
	return pinning.Tool{
		With: func(ctx context.Context, f func(pinning.Cluster) error) error {
			return a.with(ctx, func(s *session) error { return f(pinning.Cluster{Cluster: s.Cluster, Who: s.holder(s.verb)}) })
		},
		Show: a.show, Confirm: func(ctx context.Context, command string) error { return a.confirm(ctx, command, plan.None) },
		JSON: a.json, Flags: a.suffix, Files: a.files, Verbs: verbOf, None: none,
	}.Command()
}

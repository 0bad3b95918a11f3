package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/endpoint"
	"berth/internal/cli/rolling"
	"berth/internal/sim"
)

// rollCommand is the verb that replaces instances, with those below it.
func (a *app) rollCommand() *cobra.Command {
	return rolling.Tool{
		With: func(ctx context.Context, f func(rolling.Cluster) error) error {
			return a.with(ctx, func(s *session) error { return f(s.rolling()) })
		},
		Confirm: a.confirm, Print: a.print, Data: a.printJSON, Say: a.say, Style: a.style, JSON: a.json, Mode: a.mode, Asks: a.interactive,
		Verbose: func() bool { return a.flags.verbose }, Flags: a.suffix, Place: a.place, Args: none, Verbs: verbOf,
		Yes: func() bool { return a.flags.yes }, AllowOutage: func() bool { return a.flags.allowOutage },
	}.Command()
}

// rolling is the session as the verb sees it.
func (s *session) rolling() rolling.Cluster {
	return rolling.Cluster{
		Cluster: s.Cluster, Who: s.holder(s.verb), Screen: &s.screen, Talk: func() io.Writer { return s.Stderr },
		Pace:  func(usual time.Duration) { s.heart.PaceTo(time.Duration(s.flags.pace), usual) },
		Calls: func() int { return int(s.calls.Load()) },
		Count: func(ctx context.Context) (sim.Count, bool) {
			if s.sim != nil {
				return s.sim.Figures().Count(), true
			}
			return endpoint.Requests(ctx, s.flags.endpoint)
		},
	}
}

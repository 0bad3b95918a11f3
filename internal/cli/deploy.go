package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/rollout"
	"berth/internal/cli/source"
	"berth/internal/plan"
	"berth/internal/secret"
)

// rollouts are the verbs that change what a service runs.
func (a *app) rollouts() []*cobra.Command {
	t := rollout.Tool{
		With: func(ctx context.Context, f func(rollout.Cluster) error) error {
			return a.with(ctx, func(s *session) error { return f(s.rollout()) })
		},
		Confirm: func(ctx context.Context, command string) error { return a.confirm(ctx, command, plan.Brief) },
		Print:   a.print, Data: a.printJSON, Say: a.say, Style: a.style, JSON: a.json, Mode: a.mode,
		Verbose: func() bool { return a.flags.verbose }, Flags: a.suffix, Place: a.place, Getenv: a.Environ,
		AllowOutage: func() bool { return a.flags.allowOutage },
	}
	return []*cobra.Command{t.Deploy(), t.Rollback()}
}

// rollout is the session as the verbs about services see it.
func (s *session) rollout() rollout.Cluster {
	return rollout.Cluster{
		Cloud: s.Cloud, Config: s.Config, Who: s.holder(s.verb), Screen: &s.screen, Talk: func() io.Writer { return s.Stderr },
		Pace:  func(usual time.Duration) { s.heart.PaceTo(time.Duration(s.flags.pace), usual) },
		Calls: func() int { return int(s.calls.Load()) },
		Logins: func() (map[string]secret.Login, error) {
			err := s.readSecrets()
			return source.Logins(s.Config, s.Secrets), err
		},
	}
}

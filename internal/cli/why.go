package cli

import (
	"context"

	"github.com/spf13/cobra"

	"berth/internal/cli/inquiry"
	"berth/internal/cloud"
	"berth/internal/config"
)

func (a *app) whyCommand() *cobra.Command {
	return inquiry.Tool{With: a.withFile, Show: a.show, Say: a.say, Flags: a.suffix, One: one}.Command()
}

// withFile opens a session for what needs only its AWS and its file.
func (a *app) withFile(ctx context.Context, f func(*cloud.Cloud, *config.Config) error) error {
	return a.with(ctx, func(s *session) error { return f(s.Cloud, s.Config) })
}

// whyNot says what is not there.
func (a *app) whyNot(err error, name, cluster string) error {
	return inquiry.Absent(err, name, cluster, a.suffix())
}

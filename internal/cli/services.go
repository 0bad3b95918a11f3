package cli

import (
	"github.com/spf13/cobra"

	"berth/internal/cli/roster"
)

func (a *app) servicesCommand() *cobra.Command {
	return roster.Tool{With: a.withFile, Show: a.show, Say: a.say, Flags: a.suffix, Absent: a.whyNot, Args: optional}.Command()
}

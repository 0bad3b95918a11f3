package cli

import (
	"github.com/spf13/cobra"

	"berth/internal/cli/privilege"
	"berth/internal/permit"
)

func (a *app) iamCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "iam", Short: "Say what AWS must allow to the one who runs berth",
		Args: verbOf, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }, SuggestionsMinimumDistance: 2,
	}
	policy := privilege.Command(privilege.Tool{Load: a.load, Flags: a.suffix, Say: a.say, Print: a.print})
	policy.Args = none
	c.AddCommand(policy)
	complete(policy, "for", permit.Verbs()...)
	return c
}

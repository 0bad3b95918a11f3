package flag

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Terraform accepts Terraform's single dashes, for fingers and scripts that know them.
func Terraform(root *cobra.Command, args []string) []string {
	var out []string
	for i, arg := range args {
		if arg == "--" {
			return append(out, args[i:]...)
		}
		name, value, has := strings.Cut(arg, "=")
		bare := strings.TrimPrefix(name, "-")
		switch {
		case name == "-input":
			continue // berth asks only where somebody can answer
		case name == "-auto-approve":
			arg = "--yes"
			if has {
				arg += "=" + value
			}
		case name == "-"+bare && len(bare) > 1 && knows(root, bare):
			arg = "-" + arg
		}
		out = append(out, arg)
	}
	return out
}

// knows tells whether a command or one below it has a flag.
func knows(c *cobra.Command, flag string) bool {
	return flag == "help" || flag == "version" || c.Flags().Lookup(flag) != nil || c.PersistentFlags().Lookup(flag) != nil ||
		slices.ContainsFunc(c.Commands(), func(sub *cobra.Command) bool { return knows(sub, flag) })
}

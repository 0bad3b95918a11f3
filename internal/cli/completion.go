package cli

import (
	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
)

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for a shell",
		Long:      "Print a completion script for a shell, to be read by it at its start.",
		Example:   "  berth completion bash > ~/.local/share/bash-completion/completions/berth",
		Args:      one("the shell", "bash"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(c *cobra.Command, args []string) error {
			switch root := c.Root(); args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.Stdout)
			case "fish":
				return root.GenFishCompletion(a.Stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.Stdout)
			}
			return problem.Usage("there is no completion for the shell "+problem.Shell(args[0]), c.CommandPath()+" --help")
		},
	}
}

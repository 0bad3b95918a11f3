package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/config"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain CODE",
		Short: "Explain an error or finding code, offline",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{errors.New("explain takes one code, such as HA101"), "berth explain HA101"}
			}
			return a.explain(strings.ToUpper(args[0]))
		},
	}
}

// explain prints the page of a code, whoever it belongs to.
func (a *app) explain(code string) error {
	for _, pages := range []func(string) (string, bool){config.Explain, check.Explain, explain} {
		if text, ok := pages(code); ok {
			return a.print(strings.TrimRight(text, "\n") + "\n")
		}
	}
	all := slices.Sorted(slices.Values(slices.Concat(config.Codes(), check.Codes(), codes())))
	return &problem{code: "USE004", text: "there is no code " + code, hints: []string{"the codes are " + strings.Join(all, " ")}, exit: exitUsage}
}

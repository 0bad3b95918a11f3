package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/code"
	"berth/internal/cli/problem"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Explain an error or finding code, offline",
		Long: `Explain a code that stands in brackets behind an error or a finding: what it means, and what to do. Without a code
all of them are listed.`,
		Example:   "  berth explain HA101\n  berth explain",
		Args:      optional("the code", "HA101"),
		ValidArgs: code.All(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.print(code.Titles(code.All()))
			}
			return a.explain(strings.Trim(strings.ToUpper(args[0]), "[]"))
		},
	}
}

// explain prints the page of a code, whoever it belongs to.
func (a *app) explain(name string) error {
	if text, ok := code.Page(name); ok {
		return a.print(text)
	}
	p := problem.Problem{Code: "USE004", Text: fmt.Sprintf("there is no code %q", name), Exit: problem.Misused}
	if near := code.Kin(name); len(near) > 0 {
		p.Hints = []string{"there are " + strings.Join(near, " ")}
	}
	p.Hints = append(p.Hints, "all codes: berth explain")
	return &p
}

package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/page"
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
		ValidArgs: page.Codes(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.print(page.Titles())
			}
			return a.explain(strings.Trim(strings.ToUpper(args[0]), "[]"))
		},
	}
}

// explain prints the page of a code, whoever it belongs to.
func (a *app) explain(code string) error {
	if text, ok := page.Of(code); ok {
		return a.print(text)
	}
	p := problem.Problem{Code: "USE004", Text: fmt.Sprintf("there is no code %q", code), Exit: problem.Misused}
	if near := page.Kin(code); len(near) > 0 {
		p.Hints = []string{"there are " + strings.Join(near, " ")}
	}
	p.Hints = append(p.Hints, "all codes: berth explain")
	return &p
}

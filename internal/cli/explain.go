package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/diagnose"
	"berth/internal/manifest"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "explain CODE",
		Short:     "Explain an error or finding code, offline",
		Long:      "Explain a code that stands in brackets behind an error or a finding: what it means, and what to do.",
		Example:   "  berth explain HA101",
		Args:      one("the code", "HA101"),
		ValidArgs: allCodes(),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.explain(strings.Trim(strings.ToUpper(args[0]), "[]"))
		},
	}
}

// explain prints the page of a code, whoever it belongs to.
func (a *app) explain(code string) error {
	for _, page := range []func(string) (string, bool){configPage, folderPage, check.Explain, diagnose.Explain, problem.Explain} {
		if text, ok := page(code); ok {
			return a.print(strings.TrimRight(text, "\n") + "\n")
		}
	}
	return &problem.Problem{
		Code: "USE004", Text: fmt.Sprintf("there is no code %q", code), Exit: problem.Misused,
		Hints: []string{"the codes are " + strings.Join(allCodes(), " ")},
	}
}

// configPage is the page of a fault in the file.
func configPage(code string) (string, bool) {
	e, ok := config.Explain(code)
	return e.Code + ": " + e.Title + "\n\nWhat it means   " + indent(e.Text) + "\n\nThe settings and all faults: docs/config.md", ok
}

// folderPage is the page of a fault in the folder of a service.
func folderPage(code string) (string, bool) {
	e, ok := manifest.Explain(code)
	return e.Code + ": " + e.Title + "\n\nWhat it means   " + indent(e.Text) + "\n\nFolders that are right: examples/", ok
}

// indent breaks a text into lines that stand under each other, as on the pages of the other codes.
func indent(text string) string {
	var b strings.Builder
	column := 16
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && column+1+len(word) > 118:
			b.WriteString("\n" + strings.Repeat(" ", 16))
			column = 16
		case i > 0:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

func allCodes() []string {
	out := slices.Concat(check.Codes(), diagnose.Codes(), problem.Codes())
	for _, e := range config.Codes() {
		out = append(out, e.Code)
	}
	for _, e := range manifest.Codes() {
		out = append(out, e.Code)
	}
	slices.Sort(out)
	return out
}

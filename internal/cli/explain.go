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
		Use:   "explain [CODE]",
		Short: "Explain an error or finding code, offline",
		Long: `Explain a code that stands in brackets behind an error or a finding: what it means, and what to do. Without a code
all of them are listed.`,
		Example:   "  berth explain HA101\n  berth explain",
		Args:      optional("the code", "HA101"),
		ValidArgs: allCodes(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.print(titles(allCodes()))
			}
			return a.explain(strings.Trim(strings.ToUpper(args[0]), "[]"))
		},
	}
}

// explain prints the page of a code, whoever it belongs to.
func (a *app) explain(code string) error {
	if text, ok := pageOf(code); ok {
		return a.print(text)
	}
	p := problem.Problem{Code: "USE004", Text: fmt.Sprintf("there is no code %q", code), Exit: problem.Misused}
	if near := kin(code); len(near) > 0 {
		p.Hints = []string{"there are " + strings.Join(near, " ")}
	}
	p.Hints = append(p.Hints, "all codes: berth explain")
	return &p
}

// pageOf is the page of a code, whoever it belongs to.
func pageOf(code string) (string, bool) {
	for _, page := range []func(string) (string, bool){configPage, folderPage, check.Explain, diagnose.Explain, problem.Explain} {
		if text, ok := page(code); ok {
			return strings.TrimRight(text, "\n") + "\n", true
		}
	}
	return "", false
}

// titles are the first lines of the codes' pages.
func titles(codes []string) string {
	var b strings.Builder
	for _, code := range codes {
		text, _ := pageOf(code)
		title, _, _ := strings.Cut(text, "\n")
		b.WriteString(title + "\n")
	}
	return b.String()
}

// kin are the codes that begin with the same letters.
func kin(code string) []string {
	letters := func(code string) string { return strings.TrimRight(code, "0123456789") }
	return slices.DeleteFunc(allCodes(), func(c string) bool { return letters(c) != letters(code) })
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

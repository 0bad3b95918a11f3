// Package code finds what berth explains about a code that stands behind an error or a finding.
//
// In: a code. Out: its page, and which codes there are. The pages belong to those who give the codes; it writes none itself.
package code

import (
	"slices"
	"strings"

	"berth/internal/check"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/deploy/verify"
	"berth/internal/diagnose"
	"berth/internal/manifest"
)

// Page is the page of a code, whoever it belongs to.
func Page(code string) (string, bool) {
	for _, page := range []func(string) (string, bool){configPage, folderPage, check.Explain, diagnose.Explain, verify.Explain, problem.Explain} {
		if text, ok := page(code); ok {
			return strings.TrimRight(text, "\n") + "\n", true
		}
	}
	return "", false
}

// Titles are the first lines of the codes' pages.
func Titles(codes []string) string {
	var b strings.Builder
	for _, code := range codes {
		text, _ := Page(code)
		title, _, _ := strings.Cut(text, "\n")
		b.WriteString(title + "\n")
	}
	return b.String()
}

// Kin are the codes that begin with the same letters.
func Kin(code string) []string {
	letters := func(code string) string { return strings.TrimRight(code, "0123456789") }
	return slices.DeleteFunc(All(), func(c string) bool { return letters(c) != letters(code) })
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

// All are all codes, sorted.
func All() []string {
	out := slices.Concat(check.Codes(), diagnose.Codes(), verify.Codes(), problem.Codes())
	for _, e := range config.Codes() {
		out = append(out, e.Code)
	}
	for _, e := range manifest.Codes() {
		out = append(out, e.Code)
	}
	slices.Sort(out)
	return out
}

// Package page has the pages of all codes: of faults, findings, diagnoses and problems, whoever they belong to.
//
// In: a code. Out: its page for a person, or the codes that are like it. It looks nothing up outside the binary.
package page

import (
	"slices"
	"strings"

	"berth/internal/check"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/deploy/verify"
	"berth/internal/diagnose/reason"
	"berth/internal/manifest"
	"berth/internal/roll/forecast"
)

// Of is the page of a code; false when there is none.
func Of(code string) (string, bool) {
	for _, page := range []func(string) (string, bool){setting, folder, check.Explain, reason.Explain, verify.Explain, forecast.Explain, problem.Explain} {
		if text, ok := page(code); ok {
			return strings.TrimRight(text, "\n") + "\n", true
		}
	}
	return "", false
}

// Titles are the first lines of all pages.
func Titles() string {
	var b strings.Builder
	for _, code := range Codes() {
		text, _ := Of(code)
		title, _, _ := strings.Cut(text, "\n")
		b.WriteString(title + "\n")
	}
	return b.String()
}

// Kin are the codes that begin with the same letters as a text.
func Kin(code string) []string {
	letters := func(code string) string { return strings.TrimRight(code, "0123456789") }
	return slices.DeleteFunc(Codes(), func(c string) bool { return letters(c) != letters(code) })
}

// setting is the page of a fault in the file.
func setting(code string) (string, bool) {
	e, ok := config.Explain(code)
	return e.Code + ": " + e.Title + "\n\nWhat it means   " + indent(e.Text) + "\n\nThe settings and all faults: docs/config.md", ok
}

// folder is the page of a fault in the folder of a service.
func folder(code string) (string, bool) {
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

// Codes are all codes, sorted.
func Codes() []string {
	out := slices.Concat(check.Codes(), reason.Codes(), verify.Codes(), forecast.Codes(), problem.Codes())
	for _, e := range config.Codes() {
		out = append(out, e.Code)
	}
	for _, e := range manifest.Codes() {
		out = append(out, e.Code)
	}
	slices.Sort(out)
	return out
}

package check

import (
	"slices"
	"strings"
)

// Fold puts several notes into one sentence of their titles, for readers who have more urgent things to read.
func Fold(all []Finding) []Finding {
	var titles []string
	rest := slices.Clone(all)
	rest = slices.DeleteFunc(rest, func(f Finding) bool {
		if f.Severity != Note {
			return false
		}
		titles = append(titles, title(f.Code)+" ["+f.Code+"]")
		return true
	})
	if len(titles) < 2 {
		return all
	}
	return append(rest, Finding{Severity: Note, Text: strings.Join(titles, "; "), Fix: "more with -v, or one by one with berth explain CODE"})
}

// title is the first line of a code's page.
func title(code string) string {
	page, _ := Explain(code)
	first, _, _ := strings.Cut(page, "\n")
	return strings.TrimPrefix(first, code+": ")
}

package reason

import (
	_ "embed"
	"strings"
)

//go:embed pages.txt
var pagesText string // pages that begin with "CODE: title", with a line "---" between two

// Explain is the offline page of a code of package diagnose: what it means, what speaks for it, what to do. It is false for codes of
// others.
func Explain(code string) (string, bool) {
	for page := range strings.SplitSeq(pagesText, "\n---\n") {
		if codeOf(page) == code {
			return strings.TrimSpace(page), true
		}
	}
	return "", false
}

// Codes lists every code that has a page, in the order of the pages.
func Codes() []string {
	var out []string
	for page := range strings.SplitSeq(pagesText, "\n---\n") {
		out = append(out, codeOf(page))
	}
	return out
}

func codeOf(page string) string {
	code, _, _ := strings.Cut(page, ":")
	return code
}

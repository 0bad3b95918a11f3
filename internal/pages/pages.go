// Package pages finds the offline page of a code in a text that holds many.
//
// In: a text of pages, and a code. Out: its page, or which codes there are. The texts belong to those who give the codes.
package pages

import "strings"

// Text is pages that begin with "CODE: title", with a line "---" between two.
type Text string

// Explain is the page of a code; false where there is none.
func (t Text) Explain(code string) (string, bool) {
	for page := range strings.SplitSeq(string(t), "\n---\n") {
		if codeOf(page) == code {
			return strings.TrimSpace(page), true
		}
	}
	return "", false
}

// Codes are those that have a page, in the order of the pages.
func (t Text) Codes() []string {
	var out []string
	for page := range strings.SplitSeq(string(t), "\n---\n") {
		out = append(out, codeOf(page))
	}
	return out
}

func codeOf(page string) string {
	code, _, _ := strings.Cut(page, ":")
	return code
}

// Package pages finds the offline page of a code in a text that holds many.
//
// In: a text of pages, long or of one line each, and a code. Out: its page, or which codes there are. The texts belong to those who
// give the codes.
package pages

import (
	"slices"
	"strings"
)

// Explanation is the page of a fault.
type Explanation struct {
	Code, Title, Text string
}

// Lines is pages of one line: "CODE title: text".
type Lines string

// All are the pages, in the order of the text.
func (l Lines) All() []Explanation {
	var out []Explanation
	for line := range strings.Lines(string(l)) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		title, text, _ := strings.Cut(rest, ": ")
		out = append(out, Explanation{Code: code, Title: title, Text: text})
	}
	return out
}

// Explain is the page of a code; false where there is none.
func (l Lines) Explain(code string) (Explanation, bool) {
	all := l.All()
	if i := slices.IndexFunc(all, func(e Explanation) bool { return e.Code == code }); i >= 0 {
		return all[i], true
	}
	return Explanation{}, false
}

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

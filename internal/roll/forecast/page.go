package forecast

import (
	_ "embed"

	"berth/internal/pages"
)

//go:embed pages.txt
var pagesText string // pages that begin with "CODE: title", with a line "---" between two

// Explain is the offline page of a code of this package: what it means, and what to do. It is false for codes of others.
func Explain(code string) (string, bool) { return pages.Text(pagesText).Explain(code) }

// Codes lists every code that has a page, in the order of the pages.
func Codes() []string { return pages.Text(pagesText).Codes() }

package rolling

import (
	"fmt"

	"berth/internal/render/ink"
)

// cut is as much of a list as is shown, all of it with -v, and how many that leaves out.
func cut[T any](all []T, most int, whole bool) (shown []T, more int) {
	if whole || len(all) <= most {
		return all, 0
	}
	return all[:most], len(all) - most
}

// andMore says how many were left out; without a word for them they are what the heading says.
func andMore(p *ink.Page, n int, what string) {
	text := fmt.Sprint(n)
	if what != "" {
		text = ink.Several(n, what)
	}
	if n > 0 {
		p.Line("  ", p.Paint(ink.Faint, "and "+text+" more: -v"))
	}
}

// Package finding shows what was found wrong or unwise, in the file and in what stands.
//
// In: findings with their places and next steps. Out: text for people, and values for JSON. It judges nothing, and leaves none
// out.
package finding

import (
	"strings"

	"berth/internal/check"
	"berth/internal/render/ink"
)

// Text is what was found, for people, each with its place in the file and its next step; nothing when there is none.
func Text(f []check.Finding, s ink.Style) string {
	p := ink.NewPage(s)
	for i, one := range f {
		if i > 0 {
			p.Gap()
		}
		write(p, one, true)
	}
	return p.String()
}

func write(p *ink.Page, f check.Finding, snippet bool) {
	lead := p.Paint(severity(f.Severity), string(f.Severity)+":") + " "
	text := ink.Clean(f.Text)
	if f.Code != "" {
		text += " [" + f.Code + "]"
	}
	if place := f.Where.String(); place != "" {
		text = place + ": " + text
	}
	p.Item(lead, ink.Plain, text)
	if snippet && f.Snippet != "" {
		for line := range strings.SplitSeq(f.Snippet, "\n") {
			p.Line(p.Paint(ink.Faint, ink.Clean(line)))
		}
	}
	for fix := range strings.Lines(f.Fix) {
		p.Item(p.Paint(ink.Note, "hint:")+" ", ink.Plain, ink.Clean(strings.TrimSuffix(fix, "\n")))
	}
}

func severity(s check.Severity) ink.Tone {
	switch s {
	case check.Error:
		return ink.Bad
	case check.Warning:
		return ink.Warn
	case check.Info, check.Note:
		return ink.Note
	}
	return ink.Plain
}

// Part puts findings on a page under a heading of their own, without the lines of the file: they were shown by
// plan, and this is about what stands.
func Part(p *ink.Page, all []check.Finding) {
	if len(all) == 0 {
		return
	}
	p.Heading("Findings")
	for _, f := range all {
		write(p, f, false)
	}
}

// Package plain makes texts of strangers harmless to show.
//
// In: text that AWS, a program in a container or a file of somebody else has written. Out: the same text without what could steer a
// terminal, hide other text or be endless. It knows no medium: what HTML, Slack or a header of a mail want besides is theirs to do.
package plain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapes are the terminal's sequences as a whole: CSI, strings (OSC, DCS, APC, PM, SOS) up to their end, and the short
// ones (ECMA-48, "Control functions"). What is left of a broken one loses its escape character below.
var escapes = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\x1b[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)|\x1b[ -/]*[0-Z\\\\`-~]")

// Text takes out of a line what could steer a terminal or hide other text: escape sequences, control characters,
// marks that turn the writing direction, and what has no width. Every text that berth did not write itself passes
// through it. Line ends and tabs become a space.
func Text(text string) string {
	if strings.IndexFunc(text, steers) < 0 && text == strings.ToValidUTF8(text, "") {
		return text
	}
	text = escapes.ReplaceAllString(text, "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case steers(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

func steers(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// Cut is a text of at most some bytes, of whole characters, with an ellipsis where something is missing.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := max(most-len("…"), 0)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

package hear

import (
	"strings"

	"berth/internal/watch"
)

// Bounds of what is handed on, in bytes and lines. Names on AWS have at most 255 letters, and a kind before them.
const (
	mostText     = 2000
	mostLine     = 500
	mostLines    = 10
	mostID       = 300
	mostParts    = 100 // containers of a task, resources of an event
	mostQuotable = 100 // bytes of what is quoted in a refusal
)

// bounded is a signal that is not longer than anybody wants to read.
func bounded(s watch.Signal) watch.Signal {
	s.ID, s.Member, s.Cause.Scope = cut(s.ID, mostID), cut(s.Member, mostID), cut(s.Cause.Scope, mostID)
	s.Text, s.Fix = cut(s.Text, mostText), cut(s.Fix, mostText)
	lines := s.Evidence[:min(len(s.Evidence), mostLines)]
	s.Evidence = nil
	for _, line := range lines {
		s.Evidence = append(s.Evidence, cut(line, mostLine))
	}
	return s
}

// cut is a text of at most so many bytes, without half a letter at its end.
func cut(text string, most int) string {
	const dots = "…"
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most-len(dots)], "") + dots
}

// quotable is a part of an event in an error.
func quotable(text string) string { return cut(text, mostQuotable) }

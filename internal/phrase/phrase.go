// Package phrase is texts with fields: "{{title}}: {{fix}}".
//
// In: a text that somebody wrote. Out: the text with its fields filled, or what is wrong with it. Fields are names and nothing more:
// no conditions, no loops, no calls. It knows no field by itself: those who fill it say which there are.
package phrase

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/spell"
)

// Phrase is a text with fields. The zero Phrase is empty.
type Phrase struct {
	pieces []string // text, field, text, field, …
}

// Fields are the fields of a message, in the order in which they are explained.
func Fields() []string {
	return []string{
		"title", "kind", "severity", "code", "text", "fix", "evidence", "also", "members", "since", "count", "link", "cluster", "environment", "region",
		"account", "id",
	}
}

// Parse takes a text apart. Its error says what is wrong, and what was probably meant.
func Parse(text string) (Phrase, error) {
	var p Phrase
	for {
		before, rest, opened := strings.Cut(text, "{{")
		p.pieces = append(p.pieces, before)
		if !opened {
			return p, nil
		}
		inner, after, closed := strings.Cut(rest, "}}")
		name := strings.TrimSpace(inner)
		switch {
		case !closed:
			return Phrase{}, fmt.Errorf("a field is not closed: {{%s", first(rest))
		case !slices.Contains(Fields(), name):
			return Phrase{}, unknown(name)
		}
		p.pieces = append(p.pieces, name)
		text = after
	}
}

// first is the beginning of a text, to find it again by.
func first(text string) string {
	const most = 20
	for n := range text {
		if n >= most {
			return text[:n] + "…"
		}
	}
	return text
}

func unknown(name string) error {
	if near := spell.Nearest(strings.ToLower(strings.TrimPrefix(name, ".")), Fields()); near != "" {
		return fmt.Errorf("there is no field {{%s}}; did you mean {{%s}}?", first(name), near)
	}
	return fmt.Errorf("there is no field {{%s}}", first(name))
}

// Empty tells that there is no text at all.
func (p Phrase) Empty() bool { return len(strings.Join(p.pieces, "")) == 0 }

// Fill is the text with what each field stands for.
func (p Phrase) Fill(value func(field string) string) string {
	var b strings.Builder
	for n, piece := range p.pieces {
		if n%2 == 1 {
			piece = value(piece)
		}
		b.WriteString(piece)
	}
	return b.String()
}

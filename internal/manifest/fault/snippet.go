package fault

import (
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
)

// before and after bound how much of a very long line a snippet shows around the place.
const (
	before = 100
	after  = 80
)

// snippet is the line of a place, with carets under what begins there; "" when there is no such line.
func (b Book) snippet(at document.Position) string {
	line, ok := b.line(at)
	if !ok || at.Column < 1 || at.Column > len(line)+1 {
		return ""
	}
	from := at.Column - 1
	to := token(line, from)
	shown, carets := b.masked(line, at, from, to)
	number := strconv.Itoa(at.Line)
	return "  " + number + " | " + shown + "\n  " + strings.Repeat(" ", len(number)) + " | " + carets
}

// line is a line of a file, in characters.
func (b Book) line(at document.Position) ([]rune, bool) {
	i := slices.IndexFunc(b.files, func(f File) bool { return f.Name == at.File })
	if i < 0 || at.Line < 1 {
		return nil, false
	}
	lines := strings.Split(strings.TrimPrefix(b.files[i].Text, "\ufeff"), "\n")
	if at.Line > len(lines) {
		return nil, false
	}
	return []rune(strings.TrimSuffix(lines[at.Line-1], "\r")), true
}

// Written is how a value stands in its file, quotes and all; "" when it comes from none.
func (b Book) Written(v document.Value) string {
	line, ok := b.line(v.At)
	if !ok || v.At.Column < 1 || v.At.Column > len(line) {
		return ""
	}
	return string(line[v.At.Column-1 : token(line, v.At.Column-1)])
}

// Inside is the place of a piece of a value's text as it stands in the file, or the value's own.
func (b Book) Inside(v document.Value, piece string) document.Position {
	at := v.At
	if head, _, ok := strings.Cut(b.Written(v), piece); ok && !b.Masked(v) {
		at.Column += len([]rune(head))
	}
	return at
}

// token is where what begins at a column ends: a text at its closing quote, a bracket at once, a word or a number where it ends.
func token(line []rune, from int) int {
	if from >= len(line) {
		return from
	}
	to := from + 1
	switch line[from] {
	case '"':
		for ; to < len(line); to++ {
			switch line[to] {
			case '\\':
				to++
			case '"':
				return to + 1
			}
		}
	case '{', '[', '}', ']', ',', ':':
	case '$':
		for to < len(line) && line[to-1] != '}' && line[to] != '"' {
			to++
		}
	default:
		for to < len(line) && !strings.ContainsRune(" \t,:]}", line[to]) {
			to++
		}
	}
	return min(to, len(line))
}

// masked is a line with an ellipsis for each hidden value, cut around the token, and carets under the token.
func (b Book) masked(line []rune, at document.Position, from, to int) (shown, carets string) {
	var left, middle, right []rune
	for i := 0; i < len(line); {
		piece, next := line[i:i+1], i+1
		if b.masks[document.Position{File: at.File, Line: at.Line, Column: i + 1}] {
			piece, next = []rune(`"…"`), token(line, i)
		}
		switch {
		case i < from:
			left = append(left, piece...)
		case i < to:
			middle = append(middle, piece...)
		default:
			right = append(right, piece...)
		}
		i = next
	}
	if len(left) > before {
		left = append([]rune("…"), left[len(left)-before:]...)
	}
	l, m, r := Printable(string(left)), Printable(head(middle)), Printable(head(right))
	return l + m + r, blank(l) + strings.Repeat("^", max(1, len([]rune(m))))
}

// head keeps the beginning of a long text.
func head(text []rune) string {
	if len(text) > after {
		return string(text[:after]) + "…"
	}
	return string(text)
}

// blank is white space as wide as the text: tabs stay tabs, so that carets stand where they should.
func blank(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, text)
}

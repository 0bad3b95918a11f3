package toml

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	decimal = regexp.MustCompile(`^[+-]?(0|[1-9](_?[0-9])*)$`)
	based   = regexp.MustCompile(`^0(x[0-9A-Fa-f](_?[0-9A-Fa-f])*|o[0-7](_?[0-7])*|b[01](_?[01])*)$`)
	float   = regexp.MustCompile(`^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?$`)
)

// value reads what stands behind an equals sign.
func (r *reader) value() any {
	switch c := r.peek(); {
	case r.take(`"""`):
		return r.longQuoted()
	case r.take("'''"):
		return r.longLiteral()
	case c == '"':
		return r.quoted()
	case c == '\'':
		return r.literal()
	case c == '[':
		return r.array()
	case c == '{':
		return r.inline()
	default:
		return r.scalar()
	}
}

// scalar reads a truth or a number.
func (r *reader) scalar() any {
	start := r.pos
	for c := r.peek(); isBare(c) || c == '+' || c == '.' || c == ':'; c = r.peek() {
		r.pos++
	}
	word := r.text[start:r.pos]
	digits := strings.ReplaceAll(word, "_", "")
	switch {
	case word == "true", word == "false":
		return word == "true"
	case decimal.MatchString(word):
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return n
		}
		r.fail(start, "the number "+word+" is too large")
	case based.MatchString(word):
		if n, err := strconv.ParseInt(digits, 0, 64); err == nil {
			return n
		}
		r.fail(start, "the number "+word+" is too large")
	case float.MatchString(word):
		if f, err := strconv.ParseFloat(digits, 64); err == nil {
			return f
		}
		r.fail(start, "the number "+word+" is too large")
	case word == "":
		r.fail(start, "a value is missing; text stands in quotes")
	default:
		r.fail(start, word+" is no number and neither true nor false; text stands in quotes")
	}
	return nil
}

func (r *reader) array() any {
	out := []any{}
	r.take("[")
	for r.space(); !r.take("]"); r.space() {
		if r.done() {
			r.fail(r.pos, "a list does not end")
			return out
		}
		out = append(out, r.value())
		r.space()
		if !r.take(",") && r.peek() != ']' {
			r.fail(r.pos, "a comma or ] is missing in a list")
			return out
		}
	}
	return out
}

// inline reads { key = value, … }, which stands on one line and ends without a comma.
func (r *reader) inline() any {
	n := newNode(opened)
	r.take("{")
	r.blanks()
	for !r.take("}") {
		r.pair(n)
		r.blanks()
		comma := r.take(",")
		r.blanks()
		if r.done() || comma == (r.peek() == '}') {
			r.fail(r.pos, "a comma or } is missing in a table of one line, or too many are there")
			return n
		}
	}
	n.close()
	return n
}

// close lets nobody add to an inline table or to what is in it.
func (n *node) close() {
	n.how = closed
	for _, v := range n.values { // unordered: each on its own
		if inner, is := v.(*node); is {
			inner.close()
		}
	}
}

func isControl(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

// quoted reads a text in quotes, with escapes, on one line.
func (r *reader) quoted() string {
	start := r.pos
	r.take(`"`)
	var b strings.Builder
	for !r.take(`"`) {
		if r.done() || isControl(rune(r.peek())) {
			r.fail(start, "a text in quotes does not end on its line, or holds a control character")
			return ""
		}
		r.character(&b)
	}
	return b.String()
}

// literal reads a text in single quotes, which means just what stands there.
func (r *reader) literal() string {
	start := r.pos
	end := strings.IndexAny(r.text[start+1:], "'\n")
	if end < 0 || r.text[start+1+end] != '\'' || strings.ContainsFunc(r.text[start+1:start+1+end], isControl) {
		r.fail(start, "a text in quotes does not end on its line, or holds a control character")
		return ""
	}
	r.pos = start + end + 2
	return r.text[start+1 : start+1+end]
}

// longQuoted reads the rest of a text in three quotes, with escapes, over several lines.
func (r *reader) longQuoted() string {
	start := r.pos - len(`"""`)
	_ = r.take("\n") || r.take("\r\n")
	var b strings.Builder
	for !r.take(`"""`) {
		switch c := r.peek(); {
		case r.done():
			r.fail(start, "a text in three quotes does not end")
			return ""
		case c == '\\' && r.foldedLine():
		case isControl(rune(c)) && c != '\n' && !strings.HasPrefix(r.text[r.pos:], "\r\n"):
			r.fail(r.pos, "a text holds a control character")
		default:
			r.character(&b)
		}
	}
	return b.String() + r.spareQuotes('"')
}

// foldedLine passes over a backslash at the end of a line and the white space behind it.
func (r *reader) foldedLine() bool {
	rest := r.text[r.pos+1:]
	trimmed := strings.TrimLeft(rest, " \t")
	if !strings.HasPrefix(trimmed, "\n") && !strings.HasPrefix(trimmed, "\r\n") {
		return false
	}
	r.pos = len(r.text) - len(strings.TrimLeft(trimmed, " \t\r\n"))
	return true
}

// spareQuotes are the one or two quotes with which a text in three quotes may end.
func (r *reader) spareQuotes(quote byte) string {
	n := 0
	for n < 2 && r.peek() == quote {
		r.pos++
		n++
	}
	return strings.Repeat(string(quote), n)
}

func (r *reader) longLiteral() string {
	start := r.pos
	end := strings.Index(r.text[start:], "'''")
	if end < 0 {
		r.fail(start-len("'''"), "a text in three quotes does not end")
		return ""
	}
	body := r.text[start : start+end]
	r.pos = start + end + len("'''")
	unix := strings.ReplaceAll(body, "\r\n", "\n")
	if strings.ContainsFunc(unix, func(c rune) bool { return isControl(c) && c != '\n' }) {
		r.fail(start, "a text holds a control character")
	}
	if cut, ok := strings.CutPrefix(body, "\r\n"); ok {
		body = cut
	}
	return strings.TrimPrefix(body, "\n") + r.spareQuotes('\'')
}

// character copies one character, or what an escape stands for.
func (r *reader) character(to *strings.Builder) {
	if r.peek() != '\\' {
		_, size := utf8.DecodeRuneInString(r.text[r.pos:])
		to.WriteString(r.text[r.pos : r.pos+size])
		r.pos += size
		return
	}
	start := r.pos
	r.pos++
	escape := r.peek()
	r.pos = min(r.pos+1, len(r.text))
	if i := strings.IndexByte(`btnfr"\`, escape); i >= 0 && escape != 0 {
		to.WriteByte("\b\t\n\f\r\"\\"[i])
		return
	}
	size := map[byte]int{'u': 4, 'U': 8}[escape]
	if size == 0 || r.pos+size > len(r.text) {
		r.fail(start, "there is no such escape; a backslash is written \\\\")
		return
	}
	code, err := strconv.ParseUint(r.text[r.pos:r.pos+size], 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		r.fail(start, "the escape stands for no character")
		return
	}
	to.WriteRune(rune(code))
	r.pos += size
}

package query

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxLength is how many bytes an expression may have (ECS API reference, PlacementConstraint).
const MaxLength = 2000

// maxDepth is how deep parentheses and negations may be nested.
const maxDepth = 50

// SyntaxError is what is wrong with an expression, and where.
type SyntaxError struct {
	Position int // of the byte, from 0
	Text     string
}

// Error says what is wrong, and where: the first character is 1.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at position %d", e.Text, e.Position+1) }

// reader is a text and how far it has been read.
type reader struct {
	text  string
	at    int
	depth int
}

func (r *reader) fail(at int, format string, a ...any) error {
	return &SyntaxError{Position: at, Text: fmt.Sprintf(format, a...)}
}

func (r *reader) rest() string { return r.text[r.at:] }

func (r *reader) done() bool { return r.at == len(r.text) }

// blanks skips what separates words.
func (r *reader) blanks() {
	for !r.done() && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// next names what comes next, for messages.
func (r *reader) next() string {
	if r.done() {
		return "end of expression"
	}
	c, _ := utf8.DecodeRuneInString(r.rest())
	return fmt.Sprintf("%q", c)
}

// mark reads a sign if it comes next.
func (r *reader) mark(sign string) bool {
	r.blanks()
	if !strings.HasPrefix(r.rest(), sign) {
		return false
	}
	r.at += len(sign)
	return true
}

// keyword reads a word of the language if exactly it comes next.
func (r *reader) keyword(word string) bool {
	r.blanks()
	rest, ok := strings.CutPrefix(r.rest(), word)
	if !ok || rest != "" && nameByte(rest[0]) {
		return false
	}
	r.at += len(word)
	return true
}

// nameByte tells whether a byte can be in the name of a subject or an attribute, or in a word of the language (ECS
// developer guide, "Custom attributes").
func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(`_./\-:`, c) >= 0
}

// name reads the name of a subject.
func (r *reader) name() string {
	r.blanks()
	from := r.at
	for !r.done() && nameByte(r.text[r.at]) {
		r.at++
	}
	return r.text[from:r.at]
}

// literal reads an argument: a text in quotes or a word. In a word that is a pattern a class may be.
func (r *reader) literal(pattern bool) (string, error) {
	r.blanks()
	if !r.done() && (r.text[r.at] == '\'' || r.text[r.at] == '"') {
		return r.quoted()
	}
	from := r.at
	for !r.done() && !strings.HasPrefix(r.rest(), "&&") && !strings.HasPrefix(r.rest(), "||") {
		step := 1
		if class := bareClass.FindString(r.rest()); pattern && class != "" {
			step = len(class)
		} else if strings.IndexByte(" \t\r\n()[],'\"", r.text[r.at]) >= 0 {
			break
		}
		r.at += step
	}
	if r.at == from {
		return "", r.fail(from, "expected a value, found %s", r.next())
	}
	return r.text[from:r.at], nil
}

// bareClass is a class of a pattern that needs no quotes around it: in it are no blanks, quotes or brackets.
var bareClass = regexp.MustCompile(`^\[\^?(\]|\\.|[^\]\\[ \t\r\n'"])(\\.|[^\]\\[ \t\r\n'"])*\]`)

func (r *reader) quoted() (string, error) {
	from, quote := r.at, r.text[r.at]
	var out strings.Builder
	for r.at++; !r.done(); r.at++ {
		c := r.text[r.at]
		switch {
		case c == quote:
			r.at++
			return out.String(), nil
		case c == '\\' && r.at+1 < len(r.text):
			if r.at++; r.text[r.at] != quote {
				out.WriteByte(c)
			}
			out.WriteByte(r.text[r.at])
		default:
			out.WriteByte(c)
		}
	}
	return "", r.fail(from, "a quote is not closed")
}

// list reads the argument list of in and not_in.
func (r *reader) list() ([]string, error) {
	if !r.mark("[") {
		return nil, r.fail(r.at, "expected an argument list, found %s", r.next())
	}
	var out []string
	for {
		value, err := r.literal(false)
		if err != nil {
			return nil, err
		}
		if out = append(out, value); r.mark("]") {
			return out, nil
		}
		if !r.mark(",") {
			return nil, r.fail(r.at, `expected "," or "]", found %s`, r.next())
		}
	}
}

// operation is what a comparison does.
type operation int

const (
	equals operation = iota
	greater
	less
	exists
	in
	matches
)

// operator is how an operation is written; those that negate are the opposite of an operation.
type operator struct {
	word   string
	does   operation
	negate bool
}

// operators are all of them; one that another begins with comes after it.
//
//nolint:gochecknoglobals // a table
var operators = []operator{
	{"==", equals, false},
	{"!=", equals, true},
	{"=~", matches, false},
	{"!~", matches, true},
	{">=", less, true},
	{"<=", greater, true},
	{">", greater, false},
	{"<", less, false},
	{"!exists", exists, true},
	{"!in", in, true},
	{"exists", exists, false},
	{"in", in, false},
	{"equals", equals, false},
	{"not_equals", equals, true},
	{"matches", matches, false},
	{"not_matches", matches, true},
	{"greater_than_equal", less, true},
	{"less_than_equal", greater, true},
	{"greater_than", greater, false},
	{"less_than", less, false},
	{"not_exists", exists, true},
	{"not_in", in, true},
}

// operator reads an operator.
func (r *reader) operator() (operator, error) {
	r.blanks()
	n := slices.IndexFunc(operators, func(o operator) bool {
		if nameByte(o.word[len(o.word)-1]) {
			return r.keyword(o.word)
		}
		return r.mark(o.word)
	})
	if n < 0 {
		return operator{}, r.fail(r.at, "expected an operator, found %s", r.next())
	}
	return operators[n], nil
}

package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// deepest is how many levels a document may have. AWS's shapes need ten.
const deepest = 100

// Error is what is wrong with a text that should be JSON.
type Error struct {
	At   Position
	Text string // one line, no full stop
}

func (e *Error) Error() string { return e.At.String() + ": " + e.Text }

// Parse reads one JSON value, with a byte order mark before it or not. Errors are of type *Error: not JSON, a name twice in
// one object, something behind the value.
func Parse(file string, src []byte) (Value, error) {
	body := bytes.TrimPrefix(src, []byte("\ufeff"))
	p := &parser{file: file, src: body, dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	if !utf8.Valid(body) {
		return Value{}, p.fail(invalid(body), "the text is not UTF-8")
	}
	v, err := p.value(0)
	if err != nil {
		return Value{}, err
	}
	if at := p.next(); at < int64(len(body)) {
		return Value{}, p.fail(at, "something stands behind the end of the JSON value")
	}
	return v, nil
}

// invalid is the first byte that is no UTF-8.
func invalid(text []byte) int64 {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return int64(at)
		}
		at += size
	}
	return int64(len(text))
}

type parser struct {
	file string
	src  []byte
	dec  *json.Decoder

	// The last place that was asked for, from which the next one is counted: counting each from the file's beginning takes
	// minutes for a megabyte on one line.
	last   int64
	lastAt Position
}

// next is where the next token begins: behind white space, and the comma or colon before it.
func (p *parser) next() int64 {
	at := p.blank(p.dec.InputOffset())
	if at < int64(len(p.src)) && (p.src[at] == ',' || p.src[at] == ':') {
		at = p.blank(at + 1)
	}
	return at
}

// blank is where white space ends.
func (p *parser) blank(at int64) int64 {
	for at < int64(len(p.src)) && strings.IndexByte(" \t\r\n", p.src[at]) >= 0 {
		at++
	}
	return at
}

func (p *parser) value(depth int) (Value, error) {
	at := p.next()
	if depth > deepest {
		return Value{}, p.fail(at, fmt.Sprintf("the value is more than %d levels deep", deepest))
	}
	token, err := p.dec.Token()
	if err != nil {
		return Value{}, p.syntax(at, err)
	}
	v := Value{At: p.position(at)}
	switch t := token.(type) {
	case nil:
		v.Kind = Null
	case bool:
		v.Kind, v.Text = Bool, fmt.Sprint(t)
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case string:
		v.Kind, v.Text = Text, t
	case json.Delim:
		if t == '[' {
			return p.list(v, depth)
		}
		return p.object(v, depth)
	}
	return v, nil
}

func (p *parser) list(v Value, depth int) (Value, error) {
	v.Kind = List
	for p.dec.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.Items = append(v.Items, item)
	}
	return v, p.end()
}

func (p *parser) object(v Value, depth int) (Value, error) {
	v.Kind = Object
	first := map[string]int{} // line of each name
	for p.dec.More() {
		at := p.next()
		token, err := p.dec.Token()
		if err != nil {
			return Value{}, p.syntax(at, err)
		}
		name, _ := token.(string) // the decoder lets no other token be a name
		where := p.position(at)
		if line, twice := first[name]; twice {
			return Value{}, p.fail(at, fmt.Sprintf("%q stands here a second time; the first is in line %d", name, line))
		}
		first[name] = where.Line
		value, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.Members = append(v.Members, Member{Name: name, Value: value, At: where})
	}
	return v, p.end()
}

// end takes the bracket that closes a list or an object.
func (p *parser) end() error {
	at := p.next()
	if _, err := p.dec.Token(); err != nil {
		return p.syntax(at, err)
	}
	return nil
}

// syntax is the decoder's complaint about the token at a place. The decoder's own place is not to be relied on: it counts from
// where it last began to read.
func (p *parser) syntax(at int64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return p.fail(int64(len(p.src)), "the text ends before the JSON value does")
	}
	if text := slip(p.src[:at], p.src[at:]); text != "" {
		return p.fail(at, text)
	}
	return p.fail(at, strings.TrimPrefix(err.Error(), "json: "))
}

// slip is what people write that is no JSON, by what stands before and behind the place; "": something else.
func slip(before, behind []byte) string {
	before = bytes.TrimRight(before, " \t\r\n")
	begins := func(with ...string) bool {
		for _, w := range with {
			if bytes.HasPrefix(behind, []byte(w)) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("//", "/*", "#"):
		return "JSON has no comments"
	case begins("'"):
		return "texts and names stand between double quotes"
	case begins("${"):
		return `a placeholder stands between double quotes, also for a number: "${NAME}"`
	case begins("}", "]") && bytes.HasSuffix(before, []byte(",")):
		return "a comma stands before the closing bracket"
	}
	return ""
}

func (p *parser) fail(at int64, text string) error { return &Error{At: p.position(at), Text: text} }

// position is the place of a byte. It is cheap for one behind the last that was asked for.
func (p *parser) position(at int64) Position {
	at = min(at, int64(len(p.src)))
	if p.lastAt.Line == 0 || at < p.last {
		p.last, p.lastAt = 0, Position{File: p.file, Line: 1, Column: 1}
	}
	piece := p.src[p.last:at]
	if lines := bytes.Count(piece, []byte("\n")); lines > 0 {
		p.lastAt.Line, p.lastAt.Column = p.lastAt.Line+lines, 1
		piece = piece[bytes.LastIndexByte(piece, '\n')+1:]
	}
	p.lastAt.Column += utf8.RuneCount(piece)
	p.last = at
	return p.lastAt
}

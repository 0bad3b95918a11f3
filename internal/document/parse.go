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
		return Value{}, p.fail(int64(len(bytes.ToValidUTF8(body, nil))), "the text is not UTF-8")
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

type parser struct {
	file string
	src  []byte
	dec  *json.Decoder
}

// next is where the next token begins.
func (p *parser) next() int64 {
	at := p.dec.InputOffset()
	for at < int64(len(p.src)) && strings.IndexByte(" \t\r\n,:", p.src[at]) >= 0 {
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
		return Value{}, p.syntax(err)
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
	for p.dec.More() {
		at := p.next()
		token, err := p.dec.Token()
		if err != nil {
			return Value{}, p.syntax(err)
		}
		name, _ := token.(string) // the decoder lets no other token be a name
		if i := v.index(name); i >= 0 {
			return Value{}, p.fail(at, fmt.Sprintf("%q stands here a second time; the first is in line %d", name, v.Members[i].At.Line))
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return Value{}, err
		}
		v.Members = append(v.Members, Member{Name: name, Value: value, At: p.position(at)})
	}
	return v, p.end()
}

// end takes the bracket that closes a list or an object.
func (p *parser) end() error {
	if _, err := p.dec.Token(); err != nil {
		return p.syntax(err)
	}
	return nil
}

// syntax is the decoder's complaint with its place.
func (p *parser) syntax(err error) error {
	at := p.next()
	var bad *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return p.fail(int64(len(p.src)), "the text ends before the JSON value does")
	case errors.As(err, &bad):
		at = bad.Offset
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if rest := p.src[min(at, int64(len(p.src))):]; bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("/*")) || bytes.HasPrefix(rest, []byte("#")) {
		text = "JSON has no comments"
	}
	return p.fail(at, text)
}

func (p *parser) fail(at int64, text string) error { return &Error{At: p.position(at), Text: text} }

func (p *parser) position(at int64) Position {
	before := p.src[:min(at, int64(len(p.src)))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Position{File: p.file, Line: 1 + bytes.Count(before, []byte("\n")), Column: 1 + utf8.RuneCount(line)}
}

package toml

import (
	"strings"
	"unicode/utf8"
)

// how says what made a table, which decides who may still add to it (TOML 1.0, "Table", "Keys", "Inline Table").
type how int

const (
	passing how = iota // named on the way to another one: [a] of [a.b]
	opened             // its own header: [a]
	dotted             // a dotted key: a.b = 1
	closed             // an inline table
)

// node is a table while it is read.
type node struct {
	values map[string]any // those of Table, with *node and *list in the place of tables
	how    how
}

// list is an array of tables: [[name]].
type list struct{ nodes []*node }

func newNode(h how) *node { return &node{values: map[string]any{}, how: h} }

// reader is one reading under way. After a fault it stands at the end, so that every loop ends.
type reader struct {
	text  string
	pos   int
	fault *Fault
	root  *node
}

// Parse reads a text. The error is a *Fault.
func Parse(text string) (Table, error) {
	r := &reader{text: text, root: newNode(opened)}
	if !utf8.ValidString(text) {
		return nil, &Fault{1, 1, "it is not UTF-8"}
	}
	at := r.root
	for r.space(); !r.done(); r.space() {
		if r.peek() == '[' {
			at = r.header()
		} else {
			r.pair(at)
		}
		r.lineEnd()
	}
	if r.fault != nil {
		return nil, r.fault
	}
	return r.root.table(), nil
}

func (n *node) table() Table {
	out := Table{}
	for key, v := range n.values { // unordered: fills a map
		out[key] = plain(v)
	}
	return out
}

func plain(v any) any {
	switch v := v.(type) {
	case *node:
		return v.table()
	case *list:
		out := make([]any, len(v.nodes))
		for i, n := range v.nodes {
			out[i] = n.table()
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, one := range v {
			out[i] = plain(one)
		}
		return out
	default:
		return v
	}
}

// fail notes the first fault and goes to the end.
func (r *reader) fail(at int, text string) {
	if r.fault == nil {
		before := r.text[:min(at, len(r.text))]
		line := before[strings.LastIndexByte(before, '\n')+1:]
		r.fault = &Fault{1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(line), text}
	}
	r.pos = len(r.text)
}

func (r *reader) done() bool { return r.pos >= len(r.text) }

// peek is the next byte, 0 at the end.
func (r *reader) peek() byte {
	if r.done() {
		return 0
	}
	return r.text[r.pos]
}

func (r *reader) take(text string) bool {
	if !strings.HasPrefix(r.text[r.pos:], text) {
		return false
	}
	r.pos += len(text)
	return true
}

func (r *reader) blanks() {
	for r.peek() == ' ' || r.peek() == '\t' {
		r.pos++
	}
}

// comment passes over a comment, which has no control characters but tabs.
func (r *reader) comment() {
	if r.peek() != '#' {
		return
	}
	for !r.done() && r.peek() != '\n' {
		if c := r.peek(); isControl(rune(c)) && !strings.HasPrefix(r.text[r.pos:], "\r\n") {
			r.fail(r.pos, "a comment holds a control character")
			return
		}
		r.pos++
	}
}

// lineEnd passes over the rest of a line, on which nothing but a comment may stand.
func (r *reader) lineEnd() {
	r.blanks()
	r.comment()
	if !r.done() && !r.take("\n") && !r.take("\r\n") {
		r.fail(r.pos, "something stands where the line should end")
	}
}

// space passes over blanks, comments and empty lines.
func (r *reader) space() {
	for {
		r.blanks()
		r.comment()
		if r.done() || !r.take("\n") && !r.take("\r\n") {
			return
		}
	}
}

// path reads a key, which may be dotted.
func (r *reader) path() []string {
	var out []string
	for {
		r.blanks()
		out = append(out, r.key())
		r.blanks()
		if !r.take(".") {
			return out
		}
	}
}

func (r *reader) key() string {
	start := r.pos
	switch r.peek() {
	case '"':
		return r.quoted()
	case '\'':
		return r.literal()
	}
	for isBare(r.peek()) {
		r.pos++
	}
	if r.pos == start {
		r.fail(start, "a key is missing, or has characters that need quotes")
		return ""
	}
	return r.text[start:r.pos]
}

func isBare(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// header reads [path] or [[path]] and gives the table that follows.
func (r *reader) header() *node {
	start, end := r.pos, "]"
	many := r.take("[[")
	if many {
		end = "]]"
	} else {
		r.take("[")
	}
	path := r.path()
	if !r.take(end) {
		r.fail(r.pos, "the name of a table should end with "+end)
		return r.root
	}
	n := r.root
	for _, key := range path[:len(path)-1] {
		n = r.into(n, key, start)
	}
	return r.open(n, path, many, start)
}

// into goes on to a table on the way to another one.
func (r *reader) into(n *node, key string, start int) *node {
	switch v := n.values[key].(type) {
	case nil:
		next := newNode(passing)
		n.values[key] = next
		return next
	case *node:
		if v.how != closed {
			return v
		}
	case *list:
		return v.nodes[len(v.nodes)-1]
	}
	r.fail(start, key+" is no table that can be added to")
	return n
}

// open makes the table of a header.
func (r *reader) open(n *node, path []string, many bool, start int) *node {
	key := path[len(path)-1]
	fresh := newNode(opened)
	switch v := n.values[key].(type) {
	case nil:
		n.values[key] = fresh
		if many {
			n.values[key] = &list{[]*node{fresh}}
		}
		return fresh
	case *list:
		if many {
			v.nodes = append(v.nodes, fresh)
			return fresh
		}
	case *node:
		if !many && v.how == passing {
			v.how = opened
			return v
		}
	}
	r.fail(start, strings.Join(path, ".")+" is there already")
	return fresh
}

// pair reads one path = value into a table.
func (r *reader) pair(n *node) {
	start := r.pos
	path := r.path()
	if !r.take("=") {
		r.fail(r.pos, "an = is missing behind the key")
		return
	}
	r.blanks()
	value := r.value()
	for _, key := range path[:len(path)-1] {
		next, is := n.values[key].(*node)
		if n.values[key] == nil {
			next, is = newNode(dotted), true
			n.values[key] = next
		}
		if !is || next.how != dotted {
			r.fail(start, strings.Join(path, ".")+" would add to a table that stands elsewhere")
			return
		}
		n = next
	}
	last := path[len(path)-1]
	if n.values[last] != nil {
		r.fail(start, strings.Join(path, ".")+" is there already")
		return
	}
	n.values[last] = value
}

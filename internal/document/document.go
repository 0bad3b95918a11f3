// Package document holds values in AWS's own shapes: what stands in taskdef.json and service.json, what a call takes, and
// what a call answered.
//
// In: JSON text. Out: a Value, whose every part knows where it stood; and back to JSON. It knows JSON and nothing of what
// the names mean.
package document

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a value is. The zero Kind is a value that is not there.
type Kind int

// The kinds of JSON, after the absent value.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	Text
	List
	Object
)

// String is the kind in the words of JSON.
func (k Kind) String() string {
	return [...]string{"nothing", "null", "true or false", "a number", "a text", "a list", "an object"}[k]
}

// Position is where something stands in a file: lines and columns count from 1, columns in characters. The zero Position
// is nowhere: the value came from no file.
type Position struct {
	File         string
	Line, Column int
}

// String is file:line:column, or "" for the zero Position.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Value is a piece of JSON. The zero Value is absent. Values are plain data: treat them as immutable.
type Value struct {
	Kind    Kind
	Text    string   // a text, a number as it is written, "true" or "false"
	Items   []Value  // of a list
	Members []Member // of an object, in the order of the file; no name comes twice
	At      Position
}

// Member is one name of an object and what stands for it.
type Member struct {
	Name  string
	Value Value
	At    Position // of the name
}

// Of makes a text; it stands nowhere.
func Of(text string) Value { return Value{Kind: Text, Text: text} }

// Int makes a number.
func Int(n int) Value { return Value{Kind: Number, Text: strconv.Itoa(n)} }

// Flag makes true or false.
func Flag(on bool) Value { return Value{Kind: Bool, Text: strconv.FormatBool(on)} }

// Items makes a list.
func Items(items ...Value) Value { return Value{Kind: List, Items: items} }

// New makes an object of names and values in turn: New("name", Of("web"), "cpu", Int(256)). An absent value is left out.
func New(pairs ...any) Value {
	v := Value{Kind: Object}
	for i := 0; i+1 < len(pairs); i += 2 {
		if m := pairs[i+1].(Value); m.There() {
			v.Members = append(v.Members, Member{Name: pairs[i].(string), Value: m})
		}
	}
	return v
}

// There tells whether the value stands for something: it is neither absent nor null.
func (v Value) There() bool { return v.Kind != Absent && v.Kind != Null }

// Get is what stands under the names, one inside the other; absent where one of them is not there. A number as a name
// picks an item of a list.
func (v Value) Get(names ...string) Value {
	for _, name := range names {
		v = v.get(name)
	}
	return v
}

func (v Value) get(name string) Value {
	if v.Kind == List {
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(v.Items) {
			return v.Items[i]
		}
		return Value{}
	}
	if i := v.index(name); i >= 0 {
		return v.Members[i].Value
	}
	return Value{}
}

func (v Value) index(name string) int {
	return slices.IndexFunc(v.Members, func(m Member) bool { return m.Name == name })
}

// With is the object with a member set; it comes last when it is new. An absent value takes the member away.
func (v Value) With(name string, value Value) Value {
	v.Kind = Object
	v.Members = slices.Clone(v.Members)
	switch i := v.index(name); {
	case i >= 0 && value.Kind == Absent:
		v.Members = slices.Delete(v.Members, i, i+1)
	case i >= 0:
		v.Members[i].Value = value
	case value.Kind != Absent:
		v.Members = append(v.Members, Member{Name: name, Value: value})
	}
	return v
}

// Number is the whole number that the value is, also written as a text; false where it is none.
func (v Value) Number() (int, bool) {
	if v.Kind != Number && v.Kind != Text {
		return 0, false
	}
	n, err := strconv.Atoi(v.Text)
	return n, err == nil
}

// NumberOr is Number, or another one where there is none.
func (v Value) NumberOr(otherwise int) int {
	if n, ok := v.Number(); ok {
		return n
	}
	return otherwise
}

// True tells whether the value is true.
func (v Value) True() bool { return v.Kind == Bool && v.Text == "true" }

// Equal tells whether two values are the same, wherever they stand. The order of an object's members does not count;
// absent and null are one.
func (v Value) Equal(w Value) bool {
	switch {
	case !v.There() || !w.There():
		return v.There() == w.There()
	case v.Kind != w.Kind || v.Text != w.Text && !sameNumber(v, w):
		return false
	case v.Kind == List:
		return slices.EqualFunc(v.Items, w.Items, Value.Equal)
	}
	return v.covers(w) && w.covers(v)
}

func (v Value) covers(w Value) bool {
	for _, m := range v.Members {
		if !m.Value.Equal(w.get(m.Name)) {
			return false
		}
	}
	return true
}

// sameNumber knows that 1.0 is 1.
func sameNumber(v, w Value) bool {
	a, err := strconv.ParseFloat(v.Text, 64)
	b, err2 := strconv.ParseFloat(w.Text, 64)
	return v.Kind == Number && err == nil && err2 == nil && a == b
}

// Map is the value with f applied to every part, the inner ones first.
func (v Value) Map(f func(Value) Value) Value {
	v.Items, v.Members = slices.Clone(v.Items), slices.Clone(v.Members)
	for i := range v.Items {
		v.Items[i] = v.Items[i].Map(f)
	}
	for i := range v.Members {
		v.Members[i].Value = v.Members[i].Value.Map(f)
	}
	return f(v)
}

// JSON is the value on one line.
func (v Value) JSON() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

// MarshalJSON writes the value into a larger document.
func (v Value) MarshalJSON() ([]byte, error) { return []byte(v.JSON()), nil }

// UnmarshalJSON reads a value out of a larger document; it then stands nowhere.
func (v *Value) UnmarshalJSON(data []byte) error {
	parsed, err := Parse("", data)
	if err != nil {
		return err
	}
	*v = parsed.Map(func(part Value) Value {
		part.At = Position{}
		for i := range part.Members {
			part.Members[i].At = Position{}
		}
		return part
	})
	return nil
}

func (v Value) write(b *strings.Builder) {
	switch v.Kind {
	case Absent, Null:
		b.WriteString("null")
	case Bool, Number:
		b.WriteString(v.Text)
	case Text:
		b.WriteString(quote(v.Text))
	case List:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case Object:
		b.WriteByte('{')
		for i, m := range v.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quote(m.Name) + ":")
			m.Value.write(b)
		}
		b.WriteByte('}')
	}
}

func quote(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(fmt.Sprintf("a text does not become JSON: %v", err)) // every text does
	}
	return strings.TrimSuffix(b.String(), "\n")
}

package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// decoder reads what an encoder wrote, in one pass; in is valid JSON. What it does not know it passes over.
type decoder struct {
	in    []byte
	at    int
	plans map[reflect.Type]*reader
}

// reader is how values of one type are read into what is zero.
type reader struct {
	read func(*decoder, reflect.Value) error
}

// filled is a Table of any type.
type filled interface {
	decode(d *decoder) error
}

// decode reads what v points to.
func decode(b []byte, v any) error {
	if !json.Valid(b) {
		return json.Unmarshal(b, v) // which says why it is not
	}
	d, to := newDecoder(b), reflect.ValueOf(v).Elem()
	return d.value(d.reader(to.Type()), to)
}

func newDecoder(b []byte) *decoder {
	return &decoder{in: b, plans: map[reflect.Type]*reader{}}
}

// value reads a value; null leaves what is there.
func (d *decoder) value(r *reader, v reflect.Value) error {
	if d.next() == 'n' {
		d.raw()
		return nil
	}
	return r.read(d, v)
}

func (d *decoder) reader(t reflect.Type) *reader {
	r, ok := d.plans[t]
	if !ok {
		r = &reader{}
		d.plans[t] = r
		r.read = d.make(t)
	}
	return r
}

// make plans a type. What is rare is left to encoding/json.
func (d *decoder) make(t reflect.Type) func(*decoder, reflect.Value) error {
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[filled]()):
		return func(d *decoder, v reflect.Value) error { return v.Addr().Interface().(filled).decode(d) }
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return func(d *decoder, v reflect.Value) error {
			return v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(d.raw())
		}
	}
	switch t.Kind() {
	case reflect.String:
		return readText
	case reflect.Int, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Pointer:
		to := d.reader(t.Elem())
		return func(d *decoder, v reflect.Value) error {
			v.Set(reflect.New(t.Elem()))
			return to.read(d, v.Elem())
		}
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			of := d.reader(t.Elem())
			return func(d *decoder, v reflect.Value) error { return d.slice(of, v) }
		}
	case reflect.Struct:
		return d.makeStruct(t)
	default:
	}
	return func(d *decoder, v reflect.Value) error { return json.Unmarshal(d.raw(), v.Addr().Interface()) }
}

func (d *decoder) makeStruct(t reflect.Type) func(*decoder, reflect.Value) error {
	type field struct {
		index []int
		*reader
	}
	fields := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			fields[f.Name] = field{f.Index, d.reader(f.Type)}
		}
	}
	return func(d *decoder, v reflect.Value) error {
		return d.object(func(name []byte) error {
			f, ok := fields[string(name)]
			if !ok {
				d.raw()
				return nil
			}
			return d.value(f.reader, v.FieldByIndex(f.index))
		})
	}
}

func readText(d *decoder, v reflect.Value) error {
	s, err := d.text()
	v.SetString(s)
	return err
}

func readInt(d *decoder, v reflect.Value) error {
	raw := d.raw()
	n, err := strconv.ParseInt(string(raw), 10, v.Type().Bits())
	v.SetInt(n)
	return err
}

func (d *decoder) slice(of *reader, v reflect.Value) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	return d.list(func() error {
		n := v.Len()
		v.Grow(1)
		v.SetLen(n + 1)
		return d.value(of, v.Index(n))
	})
}

// list calls f at every element of a list.
func (d *decoder) list(f func() error) error {
	if d.next() != '[' {
		return fmt.Errorf("a list was expected, not %.40s", d.raw())
	}
	d.at++
	for d.next() != ']' {
		if err := f(); err != nil {
			return err
		}
		if d.next() == ',' {
			d.at++
		}
	}
	d.at++
	return nil
}

// object calls f at the value of every member of an object.
func (d *decoder) object(f func(name []byte) error) error {
	if d.next() != '{' {
		return fmt.Errorf("an object was expected, not %.40s", d.raw())
	}
	d.at++
	for d.next() != '}' {
		name := d.raw()
		d.next()
		d.at++ // the colon
		if err := f(name[1 : len(name)-1]); err != nil {
			return err
		}
		if d.next() == ',' {
			d.at++
		}
	}
	d.at++
	return nil
}

// next passes over blanks and gives the byte behind them.
func (d *decoder) next() byte {
	for c := d.in[d.at]; c == ' ' || c == '\n' || c == '\t' || c == '\r'; c = d.in[d.at] {
		d.at++
	}
	return d.in[d.at]
}

// text reads a text.
func (d *decoder) text() (string, error) {
	raw := d.raw()
	if raw[0] != '"' || bytes.IndexByte(raw, '\\') >= 0 {
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	}
	return string(raw[1 : len(raw)-1]), nil
}

// raw passes over a value and gives its bytes.
func (d *decoder) raw() []byte {
	d.next()
	from, depth := d.at, 0
	for {
		switch c := d.in[d.at]; {
		case c == '"':
			d.quoted()
		case c == '{' || c == '[':
			depth++
			d.at++
		case (c == '}' || c == ']') && depth > 0:
			depth--
			d.at++
		case depth == 0:
			d.word()
		default:
			d.at++
		}
		if depth == 0 {
			return d.in[from:d.at]
		}
	}
}

// quoted passes over a text.
func (d *decoder) quoted() {
	for d.at++; d.in[d.at] != '"'; d.at++ {
		if d.in[d.at] == '\\' {
			d.at++
		}
	}
	d.at++
}

// word passes over a number, true, false or null.
func (d *decoder) word() {
	for d.at < len(d.in) {
		switch d.in[d.at] {
		case ',', ']', '}', ':', ' ', '\n', '\t', '\r':
			return
		}
		d.at++
	}
}

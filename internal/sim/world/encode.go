package world

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// encoder writes a world as the JSON that encoding/json would write, in one pass and without what is empty: most fields of
// most rows are.
type encoder struct {
	out   []byte
	full  [][]byte // what was written before out
	plans map[reflect.Type]*plan
}

// plan is how values of one type are written, and which of them need not be.
type plan struct {
	write func(*encoder, reflect.Value)
	empty func(reflect.Value) bool
}

// rows is a Table of any type.
type rows interface {
	encode(e *encoder)
	Len() int
}

func newEncoder() *encoder { return &encoder{plans: map[reflect.Type]*plan{}} }

// encode writes what v points to.
func encode(v any) []byte {
	e, to := newEncoder(), reflect.ValueOf(v).Elem()
	e.plan(to.Type()).write(e, to)
	return e.all()
}

// all is everything that was written.
func (e *encoder) all() []byte { return slices.Concat(append(e.full, e.out)...) }

// page is how much is written in one piece: one that grew to the size of a large world would be copied over and over.
const page = 1 << 20

// turn begins another piece when one is full.
func (e *encoder) turn() {
	if len(e.out) >= page {
		e.full, e.out = append(e.full, e.out), make([]byte, 0, page+page/4)
	}
}

func (e *encoder) plan(t reflect.Type) *plan {
	p, ok := e.plans[t]
	if !ok {
		p = &plan{empty: reflect.Value.IsZero}
		e.plans[t] = p
		e.make(p, t)
	}
	return p
}

// make plans a type. What is rare is left to encoding/json.
func (e *encoder) make(p *plan, t reflect.Type) {
	p.write = other
	switch {
	case t == reflect.TypeFor[time.Time]():
		p.write, p.empty = moment, func(v reflect.Value) bool { return v.Addr().Interface().(*time.Time).IsZero() }
	case reflect.PointerTo(t).Implements(reflect.TypeFor[rows]()):
		p.write, p.empty = table, func(v reflect.Value) bool { return v.Addr().Interface().(rows).Len() == 0 }
	case t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
	default:
		e.makeKind(p, t)
	}
}

func (e *encoder) makeKind(p *plan, t reflect.Type) {
	switch t.Kind() {
	case reflect.String:
		p.write = func(e *encoder, v reflect.Value) { e.text(v.String()) }
	case reflect.Bool:
		p.write = func(e *encoder, v reflect.Value) { e.out = strconv.AppendBool(e.out, v.Bool()) }
	case reflect.Int, reflect.Int32, reflect.Int64:
		p.write = func(e *encoder, v reflect.Value) { e.out = strconv.AppendInt(e.out, v.Int(), 10) }
	case reflect.Uint64:
		p.write = func(e *encoder, v reflect.Value) { e.out = strconv.AppendUint(e.out, v.Uint(), 10) }
	case reflect.Pointer:
		to := e.plan(t.Elem())
		p.write = func(e *encoder, v reflect.Value) {
			if v.IsNil() {
				e.out = append(e.out, "null"...)
				return
			}
			to.write(e, v.Elem())
		}
	case reflect.Slice:
		of := e.plan(t.Elem())
		p.write = func(e *encoder, v reflect.Value) { e.slice(of, v) }
	case reflect.Struct:
		e.makeStruct(p, t)
	default:
	}
}

func (e *encoder) slice(of *plan, v reflect.Value) {
	if v.IsNil() {
		e.out = append(e.out, "null"...)
		return
	}
	e.out = append(e.out, '[')
	for i := range v.Len() {
		if i > 0 {
			e.out = append(e.out, ',')
		}
		of.write(e, v.Index(i))
	}
	e.out = append(e.out, ']')
}

// member is a field of a struct, or of a struct that is embedded in it.
type member struct {
	index []int
	name  string // with quotes and colon
	plan  *plan
}

func (e *encoder) makeStruct(p *plan, t reflect.Type) {
	var members []member
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			members = append(members, member{f.Index, strconv.Quote(f.Name) + ":", e.plan(f.Type)})
		}
	}
	p.empty = func(v reflect.Value) bool {
		for i := range members {
			if m := &members[i]; !m.plan.empty(v.FieldByIndex(m.index)) {
				return false
			}
		}
		return true
	}
	p.write = func(e *encoder, v reflect.Value) {
		before := byte('{')
		for i := range members {
			m := &members[i]
			f := v.FieldByIndex(m.index)
			if m.plan.empty(f) {
				continue
			}
			e.out = append(append(e.out, before), m.name...)
			m.plan.write(e, f)
			before = ','
		}
		if before == '{' {
			e.out = append(e.out, '{')
		}
		e.out = append(e.out, '}')
	}
}

func moment(e *encoder, v reflect.Value) {
	e.out = append(e.out, '"')
	e.out = v.Addr().Interface().(*time.Time).AppendFormat(e.out, time.RFC3339Nano)
	e.out = append(e.out, '"')
}

func table(e *encoder, v reflect.Value) { v.Addr().Interface().(rows).encode(e) }

// text writes what needs no escape itself.
func (e *encoder) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			e.json(s)
			return
		}
	}
	e.out = append(append(append(e.out, '"'), s...), '"')
}

func other(e *encoder, v reflect.Value) { e.json(v.Interface()) }

func (e *encoder) json(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic("world: a part of it has no JSON: " + err.Error()) // all of it is plain data
	}
	e.out = append(e.out, b...)
}

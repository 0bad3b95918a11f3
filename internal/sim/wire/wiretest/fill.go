package wiretest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"
)

// filler makes random values of the SDK's types.
type filler struct {
	rng    *rand.Rand
	sparse bool                                     // leave half of the optional fields out
	only   func(field string, v reflect.Value) bool // sets a field that can't be just anything, or says no
	tick   time.Duration                            // what times are rounded to; 0 means milliseconds
	path   []reflect.Type                           // structures around the value, so that types which contain themselves end
}

// value fills a value; false leaves it unset, because nothing below it can be set.
func (f *filler) value(v reflect.Value) bool {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1_600_000_000+f.rng.Int64N(300_000_000), f.rng.Int64N(1000)*1e6).UTC().Truncate(f.tick)))
		return true
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		v.SetBytes([]byte(f.text()))
		return true
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		if !f.value(p.Elem()) {
			return false
		}
		v.Set(p)
		return true
	case reflect.Struct:
		return f.structure(v)
	case reflect.Slice:
		return f.list(v)
	case reflect.Map:
		return f.mapping(v)
	case reflect.Interface:
		return f.stream(v)
	default:
		return f.scalar(v)
	}
}

// structure fills the fields of a structure, unless it is inside one of its own type.
func (f *filler) structure(v reflect.Value) bool {
	for _, t := range f.path {
		if t == v.Type() {
			return false
		}
	}
	f.path = append(f.path, v.Type())
	defer func() { f.path = f.path[:len(f.path)-1] }()
	if f.fields(v) || v.NumField() == 1 { // the one field is the SDK's marker
		return true
	}
	if !f.sparse {
		return false
	}
	f.sparse = false // forms can't carry an empty structure
	defer func() { f.sparse = true }()
	return f.fields(v)
}

// fields fills a structure's fields, and says whether it set any.
func (f *filler) fields(v reflect.Value) bool {
	some := false
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case !field.IsExported() || field.Name == "ResultMetadata":
		case f.sparse && f.rng.IntN(2) == 0:
		case f.only != nil && f.only(field.Name, v.Field(i)):
		default:
			some = f.value(v.Field(i)) || some
		}
	}
	return some
}

// list fills a list with one element, or two near the top.
func (f *filler) list(v reflect.Value) bool {
	n := 1
	if len(f.path) <= 3 {
		n += f.rng.IntN(2)
	}
	list := reflect.MakeSlice(v.Type(), n, n)
	for i := range n {
		if !f.value(list.Index(i)) {
			return false
		}
	}
	v.Set(list)
	return true
}

// mapping fills a map with two entries.
func (f *filler) mapping(v reflect.Value) bool {
	m := reflect.MakeMap(v.Type())
	for range 2 {
		value := reflect.New(v.Type().Elem()).Elem()
		if !f.value(value) {
			return false
		}
		key := fmt.Sprintf("key-%d", f.rng.IntN(1e6))
		m.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
	}
	v.Set(m)
	return true
}

// stream fills a body; unions and documents stay unset.
func (f *filler) stream(v reflect.Value) bool {
	body := object{bytes.NewReader([]byte(f.text()))}
	if !reflect.TypeOf(body).Implements(v.Type()) || v.NumMethod() == 0 {
		return false
	}
	v.Set(reflect.ValueOf(body))
	return true
}

func (f *filler) scalar(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.sparse == (f.rng.IntN(2) == 0) || !f.sparse)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.rng.Int32()) - 1<<30)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(f.rng.IntN(1e6)) / 8)
	default:
		return false
	}
	return true
}

// text is a string with what XML, JSON and URLs trip over.
func (f *filler) text() string {
	odd := []string{"<a>", "&amp;", "é", "\"q\"", "a b", "+%2B", "界", "]]>", "'", "\\n", "=;&"}
	return fmt.Sprintf("s%s%d", odd[f.rng.IntN(len(odd))], f.rng.IntN(1e6))
}

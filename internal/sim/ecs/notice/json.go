package notice

import (
	"reflect"
	"strings"
	"time"
)

// detail is a value of the API as events have it: names begin with a small letter, what is not set is left out, and times are
// in ISO 8601 with milliseconds.
func detail(v any) map[string]any {
	out, _ := small(reflect.ValueOf(v)).(map[string]any)
	return out
}

// small is a value as events have it; nil: it is not set.
func small(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return small(v.Elem())
	case reflect.Struct:
		if at, is := reflect.TypeAssert[time.Time](v); is {
			return stamp(at)
		}
		return fields(v)
	case reflect.Slice:
		if v.IsNil() {
			return nil
		}
		out := make([]any, v.Len())
		for i := range out {
			out[i] = small(v.Index(i))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		out := make(map[string]any, v.Len())
		for key, value := range v.Seq2() { // unordered: into a map
			set(out, key.String(), value)
		}
		return out
	case reflect.String:
		return v.String()
	default: // a number, a truth value
		return v.Interface()
	}
}

// fields are those of a struct that are set.
func fields(v reflect.Value) map[string]any {
	out := map[string]any{}
	for field, value := range v.Fields() {
		if field.IsExported() {
			set(out, field.Name, value)
		}
	}
	return out
}

// set puts a value under its name, unless it is not set.
func set(out map[string]any, name string, v reflect.Value) {
	if x := small(v); x != nil && x != "" {
		out[strings.ToLower(name[:1])+name[1:]] = x
	}
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

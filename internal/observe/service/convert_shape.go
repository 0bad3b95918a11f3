package service

import (
	"reflect"
	"strconv"
	"time"

	"berth/internal/document"
)

// Document is a value of the SDK in the JSON of the API that it came over: members begin with a small letter, and what is not
// set is not there. Names within maps stay as they are.
func Document(v any) document.Value { return reflected(reflect.ValueOf(v)) }

func reflected(v reflect.Value) document.Value {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return document.Value{}
		}
		return reflected(v.Elem())
	case reflect.String:
		if v.Type().Name() != "string" && v.Len() == 0 {
			return document.Value{} // an enumeration that says nothing
		}
		return document.Of(v.String())
	case reflect.Bool:
		return document.Flag(v.Bool())
	case reflect.Int32, reflect.Int64, reflect.Int:
		return document.Int(int(v.Int()))
	case reflect.Float32, reflect.Float64:
		return document.Value{Kind: document.Number, Text: strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	case reflect.Slice:
		return listed(v)
	case reflect.Map:
		return mapped(v)
	case reflect.Struct:
		return structured(v)
	default: // nothing that AWS answers with
		return document.Value{}
	}
}

func listed(v reflect.Value) document.Value {
	if v.IsNil() {
		return document.Value{}
	}
	out := document.Value{Kind: document.List}
	for i := range v.Len() {
		out.Items = append(out.Items, reflected(v.Index(i)))
	}
	return out
}

func mapped(v reflect.Value) document.Value {
	if v.IsNil() {
		return document.Value{}
	}
	out := document.Value{Kind: document.Object}
	for _, k := range sortedKeys(v) {
		out = out.With(k, reflected(v.MapIndex(reflect.ValueOf(k))))
	}
	return out
}

func structured(v reflect.Value) document.Value {
	if t, isTime := reflect.TypeAssert[time.Time](v); isTime {
		return document.Of(t.UTC().Format(time.RFC3339))
	}
	out := document.Value{Kind: document.Object}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		if part := reflected(v.Field(i)); part.Kind != document.Absent {
			out.Members = append(out.Members, document.Member{Name: small(f.Name), Value: part})
		}
	}
	return out
}
